//! Who may sign in, and what everybody else is told.

use actix_web::test::TestRequest;
use domain::post::Sequel;
use domain::users::{Registration, Status};
use serde_json::{Value, json};

use super::{documented, get, login, post, refused, refused_twice, said, token, world};
use crate::Mode;
use crate::testing::PASSWORD;

#[actix_web::test]
async fn sign_in_tells_unknown_from_wrong_as_documented() {
    let world = documented();
    world.ada().await;
    let unknown = world.call(login("eve@example.org", PASSWORD)).await;
    assert_eq!(said(&unknown), (404, refused("500", "User not found")));
    let wrong = world.call(login("ada@example.org", "wrong")).await;
    assert_eq!(said(&wrong), (401, refused("401", "Incorrect password")));
    for body in [json!({"email": "x", "password": "y"}), json!({"email": "ada@example.org"})] {
        let bad = world.call(post("/sessions/login", &body)).await;
        assert_eq!(said(&bad), (400, refused("401", "Bad Request")));
    }
}

#[actix_web::test]
async fn hardened_sign_in_does_not() {
    let world = world(Mode::Hardened);
    world.ada().await;
    for (email, password) in [("eve@example.org", PASSWORD), ("ada@example.org", "wrong")] {
        let reply = world.call(login(email, password)).await;
        assert_eq!(said(&reply), (401, refused("401", "Incorrect email or password")));
    }
}

#[actix_web::test]
async fn who_may_not_sign_in_is_told_what_a_wrong_password_is_told() {
    for (status, mode, message) in [
        (Status::Locked, Mode::Documented, "Incorrect password"),
        (Status::Inactive, Mode::Documented, "Incorrect password"),
        (Status::Locked, Mode::Hardened, "Incorrect email or password"),
    ] {
        let world = world(mode);
        let ada = world.ada().await;
        let token = token(&world).await;
        world
            .stores
            .users()
            .set_status(ada.id, status, ada.created_at, &Sequel::none())
            .await
            .unwrap();
        let reply = world.call(login("ada@example.org", PASSWORD)).await;
        assert_eq!(said(&reply), (401, refused("401", message)), "{status:?}");
        assert_eq!(world.call(get("/sessions/me", &token)).await.status, 401);
    }
}

#[actix_web::test]
async fn what_somebody_does_not_have_is_null() {
    let world = documented();
    let registration = Registration {
        email: Some("bare@example.org".into()),
        password: Some(PASSWORD.into()),
        ..Registration::default()
    };
    let rules = &world.state.settings().v1_rules;
    world.state.services().users.register(None, registration, rules).await.unwrap();
    let reply = world.call(login("bare@example.org", PASSWORD)).await;
    assert_eq!(reply.json()["user"]["firstname"], Value::Null);
    assert!(reply.body.contains(r#""lastname":null"#));
}

#[actix_web::test]
async fn limits_and_outages_keep_the_envelope() {
    let world = documented();
    let request = TestRequest::post().uri("/sessions/login").set_payload("x".repeat(70_000));
    let reply = world.call(request).await;
    assert_eq!(said(&reply), (413, refused_twice("413", "Payload Too Large")));

    world.ada().await;
    let token = token(&world).await;
    world.stores.set_available(false);
    for request in [get("/sessions/me", &token), login("ada@example.org", PASSWORD)] {
        let reply = world.call(request).await;
        assert_eq!(said(&reply), (503, refused_twice("503", "Service Unavailable")));
        assert_eq!(reply.field("retry-after"), "5");
    }
    world.stores.set_available(true);
    for _ in 0..3 {
        world.call(login("ada@example.org", "wrong")).await;
    }
    let reply = world.call(login("ada@example.org", PASSWORD)).await;
    assert_eq!(said(&reply), (429, refused_twice("429", "Too Many Requests")));
}
