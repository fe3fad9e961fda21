//! Keys against the whole application on stores in memory.

use actix_web::test::TestRequest;
use domain::users::{UserKey, Username};
use serde_json::{Value, json};

use super::*;
use crate::ApiSettings;
use crate::testing::{PASSWORD, Reply, World};

async fn register(world: &World, key: &str, name: &str) -> Reply {
    let body = json!({ "username": name, "password": PASSWORD });
    let request = TestRequest::post().uri("/v1/users").insert_header(("idempotency-key", key));
    world.call(request.set_json(body)).await
}

#[actix_web::test]
async fn what_is_sent_twice_is_done_once_and_answered_alike() {
    let world = World::new(ApiSettings::default());
    let first = register(&world, "k1", "ada").await;
    let again = register(&world, "\"k1\"", "ada").await;
    assert_eq!((first.status, again.status), (201, 201));
    assert_eq!(first.json(), again.json());
    assert_eq!(first.field("idempotent-replayed"), "");
    assert_eq!(again.field("idempotent-replayed"), "true");
    for field in ["location", "etag", "content-type"] {
        assert_eq!(first.field(field), again.field(field), "{field}");
    }
    assert_ne!(first.field("x-request-id"), again.field("x-request-id"));
    assert_eq!(register(&world, "k2", "ada").await.status, 409);
}

#[actix_web::test]
async fn another_body_under_one_key_is_refused_and_does_nothing() {
    let world = World::new(ApiSettings::default());
    assert_eq!(register(&world, "k1", "ada").await.status, 201);
    let other = register(&world, "k1", "eve").await;
    assert_eq!((other.status, &other.json()["code"]), (422, &json!("idempotency_key_reused")));
    assert_eq!(register(&world, "k2", "eve").await.status, 201);
}

#[actix_web::test]
async fn what_did_not_fit_is_not_kept_but_a_judgement_is() {
    let world = World::new(ApiSettings::default());
    assert_eq!(register(&world, "k1", "not a name").await.status, 422);
    assert_eq!(register(&world, "k1", "ada").await.status, 201);
    assert_eq!(register(&world, "k2", "ada").await.status, 409);
    let kept = register(&world, "k2", "ada").await;
    assert_eq!((kept.status, kept.field("idempotent-replayed").as_str()), (409, "true"));
}

#[actix_web::test]
async fn a_key_is_one_persons_at_one_path() {
    let world = World::new(ApiSettings::default());
    let send = |path: &'static str, body: Value| {
        let request = TestRequest::post().uri(path).insert_header(("idempotency-key", "k"));
        world.call(request.set_json(body))
    };
    let ada = json!({ "username": "ada", "password": PASSWORD });
    assert_eq!(send("/v1/users", ada).await.status, 201);
    let login = json!({ "identifier": "ada", "password": PASSWORD });
    let opened = send("/v1/sessions", login.clone()).await;
    assert_eq!(opened.status, 201);
    let again = send("/v1/sessions", login).await;
    assert_eq!(again.json(), opened.json(), "the same tokens");
}

#[actix_web::test]
async fn what_is_no_key_is_refused() {
    let world = World::new(ApiSettings::default());
    let long = "x".repeat(MAX_KEY + 1);
    for key in ["", "\"\"", "\"a", "a\"b", long.as_str()] {
        let reply = register(&world, key, "ada").await;
        assert_eq!((reply.status, &reply.json()["code"]), (400, &json!("invalid_header")), "{key}");
    }
    assert_eq!(register(&world, &"x".repeat(MAX_KEY), "ada").await.status, 201);
}

#[actix_web::test]
async fn a_key_whose_first_request_is_under_way_is_told_so() {
    let world = World::new(ApiSettings::default());
    let body = json!({ "username": "ada", "password": PASSWORD });
    let bytes = serde_json::to_vec(&body).unwrap();
    let sent = Submission { key: "k", principal: None, route: "POST /v1/users", body: &bytes };
    let begun = world.state.services().idempotency.begin(&sent).await.unwrap();
    let running = register(&world, "k", "ada").await;
    assert_eq!((running.status, &running.json()["code"]), (409, &json!("idempotency_key_in_use")));
    assert_eq!(running.field("retry-after"), "1");
    let name = UserKey::Username(Username::parse("ada").unwrap());
    assert!(world.state.services().users.find(&name).await.is_err());
    let Begun::New(claim) = begun else { panic!("nobody came before") };
    world.state.services().idempotency.give_up(&claim).await.unwrap();
    assert_eq!(register(&world, "k", "ada").await.status, 201);
}

#[actix_web::test]
async fn who_is_not_signed_in_is_known_by_its_network() {
    let world = World::new(ApiSettings::default());
    let send = |address: &str, name: &str| {
        let body = json!({ "username": name, "password": PASSWORD });
        let peer = format!("{address}:4000").parse().unwrap();
        let request = TestRequest::post().uri("/v1/users").peer_addr(peer);
        world.call(request.insert_header(("idempotency-key", "k")).set_json(body))
    };
    assert_eq!(send("192.0.2.1", "ada").await.status, 201);
    let elsewhere = send("192.0.2.2", "ada").await;
    assert_eq!((elsewhere.status, elsewhere.field("idempotent-replayed").as_str()), (409, ""));
    assert_eq!(send("192.0.2.1", "ada").await.field("idempotent-replayed"), "true");
    // Another body is a guess at the one that was sent, and there is no end of guesses.
    for _ in 0..100 {
        assert_eq!(send("192.0.2.1", "eve").await.status, 422);
    }
    assert_eq!(send("192.0.2.1", "eve").await.status, 429);
    assert_eq!(send("192.0.2.3", "eve").await.status, 201);
}

#[actix_web::test]
async fn a_guess_is_a_guess_each_time() {
    let world = World::new(ApiSettings::default());
    world.ada().await;
    let opened = world.sign_in(domain::sessions::Transport::Refresh).await;
    let token = secrecy::ExposeSecret::expose_secret(&opened.access_token).to_owned();
    for _ in 0..2 {
        let body = json!({ "email": "new@example.org", "current_password": "a wrong guess" });
        let request = TestRequest::patch().uri("/v1/users/me").set_json(body);
        let request = request.insert_header(("authorization", format!("Bearer {token}")));
        let reply = world.call(request.insert_header(("idempotency-key", "k"))).await;
        assert_eq!((reply.status, reply.field("idempotent-replayed").as_str()), (403, ""));
    }
}

#[actix_web::test]
async fn a_token_beside_a_body_that_needs_none_makes_no_difference() {
    let world = World::new(ApiSettings::default());
    world.ada().await;
    let opened = world.sign_in(domain::sessions::Transport::Refresh).await;
    let body = json!({ "refresh_token": secrecy::ExposeSecret::expose_secret(&opened.secret) });
    let refresh = |authorization: Option<String>| {
        let request = TestRequest::post().uri("/v1/sessions/refresh").set_json(&body);
        let request = request.insert_header(("idempotency-key", "k"));
        world.call(match authorization {
            Some(value) => request.insert_header(("authorization", value)),
            None => request,
        })
    };
    let token = secrecy::ExposeSecret::expose_secret(&opened.access_token).to_owned();
    let first = refresh(Some(format!("Bearer {token}"))).await;
    world.clock.advance(std::time::Duration::from_secs(3_600));
    for authorization in [Some("Bearer dead".to_owned()), Some(format!("Bearer {token}")), None] {
        let again = refresh(authorization).await;
        assert_eq!((again.status, again.json()), (200, first.json()));
    }
}

#[actix_web::test]
async fn a_refusal_that_changed_something_is_final() {
    let world = World::new(ApiSettings::default());
    world.ada().await;
    let opened = world.sign_in(domain::sessions::Transport::Refresh).await;
    let spent = json!({ "refresh_token": secrecy::ExposeSecret::expose_secret(&opened.secret) });
    let refresh = |body: &Value, key: &'static str| {
        let request = TestRequest::post().uri("/v1/sessions/refresh").set_json(body);
        world.call(request.insert_header(("idempotency-key", key)))
    };
    let next = refresh(&spent, "k1").await.json();
    refresh(&json!({ "refresh_token": next["refresh_token"] }), "k2").await;
    for replayed in ["", "true"] {
        let reply = refresh(&spent, "k3").await;
        assert_eq!((reply.status, &reply.json()["code"]), (401, &json!("refresh_token_reused")));
        assert_eq!(reply.field("idempotent-replayed"), replayed);
    }
}

#[actix_web::test]
async fn a_cookie_is_not_set_again_for_a_page_of_another_site() {
    let world = World::new(ApiSettings::default());
    world.ada().await;
    let sign_in = |site: &'static str| {
        let body =
            json!({ "identifier": "ada@example.org", "password": PASSWORD, "transport": "cookie" });
        let request = TestRequest::post().uri("/v1/sessions").set_json(body);
        let request = request.insert_header(("idempotency-key", "k"));
        world.call(request.insert_header(("sec-fetch-site", site)))
    };
    assert_eq!(sign_in("same-origin").await.status, 201);
    assert_eq!(sign_in("cross-site").await.json()["code"], "cross_site_request");
    assert_eq!(sign_in("same-origin").await.field("idempotent-replayed"), "true");
}
