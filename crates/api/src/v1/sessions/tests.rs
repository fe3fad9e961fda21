//! Sessions through HTTP: both ways to hold one, and how they end.

use actix_web::test::TestRequest;
use domain::sessions::Transport;
use secrecy::ExposeSecret;
use serde_json::json;

use crate::ApiSettings;
use crate::testing::{PASSWORD, Reply, World};

async fn world() -> World {
    let world = World::new(ApiSettings::default());
    world.ada().await;
    world
}

fn sign_in(transport: &str) -> TestRequest {
    TestRequest::post().uri("/v1/sessions").set_json(json!({
        "identifier": "ada@example.org", "password": PASSWORD, "transport": transport,
    }))
}

fn with_cookie(request: TestRequest, signed_in: &Reply) -> TestRequest {
    let cookie = signed_in.field("set-cookie");
    let (pair, _) = cookie.split_once(';').unwrap();
    request.insert_header(("cookie", pair.to_owned()))
}

#[actix_web::test]
async fn a_session_held_by_a_cookie_hands_out_no_token() {
    let world = world().await;
    let reply = world.call(sign_in("cookie")).await;
    assert_eq!(reply.status, 201);
    let body = reply.json();
    let names: Vec<&String> = body.as_object().unwrap().keys().collect();
    assert_eq!(names, ["session", "user"]);
    let location = format!("/v1/sessions/{}", body["session"]["id"].as_str().unwrap());
    assert_eq!(reply.field("location"), location);
    let cookie = reply.field("set-cookie");
    assert!(cookie.starts_with("doorward=dwc_"), "{cookie}");
    for part in ["; HttpOnly", "; SameSite=Lax", "; Path=/", "; Max-Age=2592000"] {
        assert!(cookie.contains(part), "{cookie} lacks {part}");
    }
}

#[actix_web::test]
async fn a_session_held_by_tokens_sets_no_cookie() {
    let world = world().await;
    let reply = world.call(sign_in("token")).await;
    assert_eq!((reply.status, reply.field("set-cookie").as_str()), (201, ""));
    let body = reply.json();
    assert_eq!((&body["token_type"], &body["expires_in"]), (&json!("Bearer"), &json!(900)));
    let again = TestRequest::post().uri("/v1/sessions/refresh");
    let again = again.set_json(json!({ "refresh_token": body["refresh_token"] }));
    let renewed = world.call(again).await;
    assert_eq!((renewed.status, renewed.field("cache-control").as_str()), (200, "no-store"));
    assert_ne!(renewed.json()["refresh_token"], body["refresh_token"]);
}

#[actix_web::test]
async fn a_page_of_another_site_cannot_sign_its_visitor_in() {
    let world = world().await;
    let foreign = |transport| sign_in(transport).insert_header(("sec-fetch-site", "cross-site"));
    assert_eq!(world.call(foreign("cookie")).await.json()["code"], "cross_site_request");
    assert_eq!(world.call(foreign("token")).await.status, 201);
}

#[actix_web::test]
async fn signing_out_takes_the_cookie_along() {
    let world = world().await;
    let signed_in = world.call(sign_in("cookie")).await;
    let out = with_cookie(TestRequest::delete().uri("/v1/sessions/current"), &signed_in);
    let reply = world.call(out).await;
    assert_eq!(reply.status, 204);
    assert!(reply.field("set-cookie").contains("Max-Age=0"));
    assert_eq!(reply.field("clear-site-data"), r#""cache", "storage""#);
    let me = with_cookie(TestRequest::get().uri("/v1/users/me"), &signed_in);
    assert_eq!(world.call(me).await.json()["code"], "session_revoked");
}

#[actix_web::test]
async fn sessions_are_listed_a_page_at_a_time_and_closed_but_this_one() {
    let world = world().await;
    world.sign_in(Transport::Refresh).await;
    world.sign_in(Transport::Bearer).await;
    let opened = world.sign_in(Transport::Refresh).await;
    let bearer = format!("Bearer {}", opened.access_token.expose_secret());
    let ask = async |request: TestRequest| {
        world.call(request.insert_header(("authorization", bearer.clone()))).await
    };
    let mut seen = 0;
    let mut next = "/v1/sessions?limit=2".to_owned();
    loop {
        let page = ask(TestRequest::get().uri(&next)).await;
        seen += page.json()["data"].as_array().unwrap().len();
        let Some(link) = page.field("link").strip_prefix('<').map(str::to_owned) else { break };
        let (url, relation) = link.split_once('>').unwrap();
        assert_eq!(relation, r#"; rel="next""#);
        next = url.strip_prefix("http://127.0.0.1:8080").unwrap().to_owned();
        assert!(next.contains("limit=2&cursor="), "{next}");
    }
    assert_eq!(seen, 3);
    let typo = ask(TestRequest::delete().uri("/v1/sessions?excpet=current")).await;
    assert_eq!(typo.status, 400);
    assert_eq!(ask(TestRequest::delete().uri("/v1/sessions?except=current")).await.status, 204);
    let left = ask(TestRequest::get().uri("/v1/sessions")).await.json();
    assert_eq!(left["data"].as_array().unwrap().len(), 1);
    assert_eq!(left["data"][0]["current"], true);
}

#[actix_web::test]
async fn somebody_elses_session_is_not_there() {
    let world = world().await;
    let signed_in = world.call(sign_in("cookie")).await;
    for id in ["0192f7a0-7c5e-7d3a-9b1c-2f4e6a8c0d1e", "nonsense"] {
        let close = TestRequest::delete().uri(&format!("/v1/sessions/{id}"));
        assert_eq!(world.call(with_cookie(close, &signed_in)).await.status, 404);
    }
}
