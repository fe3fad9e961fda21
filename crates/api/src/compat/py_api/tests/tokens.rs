//! What a token opens, and until when.

use std::time::Duration;

use actix_web::http::header::{AUTHORIZATION, COOKIE};
use actix_web::test::TestRequest;
use domain::sessions::{Intent, Transport};
use secrecy::ExposeSecret;
use serde_json::json;

use super::{documented, get, grace, login, post, refused_twice, said, token, world};
use crate::Mode;

#[actix_web::test]
async fn a_newcomer_registers_signs_in_looks_and_signs_out() {
    let world = documented();
    let created = world.call(post("/sessions/register", &grace())).await;
    assert_eq!(created.body, r#"{"status":"201","message":"User created successfully"}"#);
    assert_eq!((created.status, created.field("content-type")), (201, "application/json".into()));

    let signed_in = world.call(login("gRACE@EXAMPLE.org", "1")).await;
    let token = signed_in.json()["token"].as_str().unwrap().to_owned();
    let user = signed_in.json()["user"].clone();
    assert_eq!(said(&signed_in), (200, json!({"status": "200", "user": user, "token": token})));
    let id = user["uuid"].as_str().unwrap();
    let shown = json!({
        "uuid": id, "firstname": "Grace", "lastname": "Hopper", "email": "Grace@example.org"
    });
    assert_eq!(user, shown);

    let me = world.call(get("/sessions/me", &token)).await;
    assert_eq!(said(&me), (200, json!({"status": "200", "user": user})));
    let out = world.call(get("/sessions/logout", &token)).await;
    assert_eq!(out.body, r#"{"status":"200","message":"User logged out successfully"}"#);
    for path in ["/sessions/me", "/sessions/logout"] {
        let reply = world.call(get(path, &token)).await;
        assert_eq!(said(&reply), (401, refused_twice("401", "Token is invalid or expired")));
    }
}

#[actix_web::test]
async fn a_missing_token_is_told_from_a_bad_one() {
    let world = documented();
    for path in ["/sessions/me", "/sessions/logout"] {
        for value in [None, Some("Basic YTpi"), Some("Bearer"), Some("Bearer ")] {
            let request = TestRequest::get().uri(path);
            let request = match value {
                Some(value) => request.insert_header((AUTHORIZATION, value)),
                None => request,
            };
            let told = said(&world.call(request).await);
            assert_eq!(
                told,
                (401, refused_twice("401", "Token is missing or invalid")),
                "{value:?}"
            );
        }
        let told = said(&world.call(get(path, "abc")).await);
        assert_eq!(told, (401, refused_twice("401", "Token is invalid or expired")));
    }
}

#[actix_web::test]
async fn a_token_lives_as_long_as_its_session() {
    let world = documented();
    world.ada().await;
    let token = token(&world).await;
    let day = Duration::from_secs(24 * 60 * 60);
    for _ in 0..2 {
        world.clock.advance(day * 13);
        assert_eq!(world.call(get("/sessions/me", &token)).await.status, 200);
        world.state.services().sessions.write_last_uses().await.unwrap();
    }
    world.clock.advance(day * 4);
    let reply = world.call(get("/sessions/me", &token)).await;
    assert_eq!(said(&reply), (401, refused_twice("401", "Token is invalid or expired")));
}

#[actix_web::test]
async fn a_cookie_never_counts_here() {
    let world = documented();
    world.ada().await;
    let opened = world.sign_in(Transport::Cookie).await;
    let cookie = format!("doorward={}", opened.secret.expose_secret());
    for path in ["/sessions/logout", "/sessions/me"] {
        let request = TestRequest::get().uri(path).insert_header((COOKIE, cookie.clone()));
        assert_eq!(world.call(request).await.status, 401);
    }
    let value = opened.secret.expose_secret();
    assert!(world.state.services().sessions.authenticate_cookie(value, Intent::Read).await.is_ok());
}

#[actix_web::test]
async fn signing_out_takes_a_get_where_documented_and_a_post_everywhere() {
    for (mode, by_get, allow) in
        [(Mode::Documented, 200, "GET, POST"), (Mode::Hardened, 405, "POST")]
    {
        let world = world(mode);
        world.ada().await;
        let first = token(&world).await;
        let reply = world.call(TestRequest::delete().uri("/sessions/logout")).await;
        assert_eq!((reply.status, reply.field("allow")), (405, allow.to_owned()));
        assert_eq!(reply.json(), refused_twice("405", "Method Not Allowed"));
        assert_eq!(world.call(get("/sessions/logout", &first)).await.status, by_get);
        let bearer = (AUTHORIZATION, format!("Bearer {}", token(&world).await));
        let request = TestRequest::post().uri("/sessions/logout").insert_header(bearer);
        assert_eq!(world.call(request).await.status, 200);
    }
}
