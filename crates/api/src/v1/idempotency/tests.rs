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
