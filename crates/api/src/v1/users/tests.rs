//! One person through HTTP: tags, conditions, what is shown to whom.

use actix_web::test::TestRequest;
use domain::sessions::Transport;
use domain::users::{Registration, User};
use secrecy::ExposeSecret;
use serde_json::json;

use crate::ApiSettings;
use crate::testing::{PASSWORD, Reply, World};

/// A world with Ada, and her access token.
async fn world(settings: ApiSettings) -> (World, User, String) {
    let world = World::new(settings);
    let ada = world.ada().await;
    let opened = world.sign_in(Transport::Refresh).await;
    let bearer = format!("Bearer {}", opened.access_token.expose_secret());
    (world, ada, bearer)
}

async fn call(world: &World, bearer: &str, request: TestRequest) -> Reply {
    world.call(request.insert_header(("authorization", bearer))).await
}

async fn rename(world: &World, bearer: &str, if_match: Option<&str>) -> Reply {
    let body = json!({ "display_name": "Countess" });
    let request = TestRequest::patch().uri("/v1/users/me").set_json(body);
    let request = match if_match {
        Some(tags) => request.insert_header(("if-match", tags)),
        None => request,
    };
    call(world, bearer, request).await
}

#[actix_web::test]
async fn a_person_that_is_known_already_is_not_sent_again() {
    let (world, _, bearer) = world(ApiSettings::default()).await;
    let first = call(&world, &bearer, TestRequest::get().uri("/v1/users/me")).await;
    let tag = first.field("etag");
    for condition in [tag.clone(), format!("W/{tag}"), format!("\"x\", {tag}"), "*".to_owned()] {
        let request = TestRequest::get().uri("/v1/users/me");
        let request = request.insert_header(("if-none-match", condition.clone()));
        let reply = call(&world, &bearer, request).await;
        assert_eq!((reply.status, reply.body.as_str()), (304, ""), "{condition}");
        assert_eq!(reply.field("etag"), tag);
    }
}

#[actix_web::test]
async fn a_change_is_made_only_to_the_version_that_was_read() {
    let (world, _, bearer) = world(ApiSettings::default()).await;
    let first = call(&world, &bearer, TestRequest::get().uri("/v1/users/me")).await;
    let tag = first.field("etag");
    for stale in ["\"x\"".to_owned(), format!("W/{tag}"), tag.replace("1-", "2-")] {
        let reply = rename(&world, &bearer, Some(&stale)).await;
        assert_eq!((reply.status, &reply.json()["code"]), (412, &json!("version_mismatch")));
    }
    assert_eq!(rename(&world, &bearer, Some("7")).await.status, 400);
    let several = format!("\"x\", {}, {tag}", tag.replace("1-", "9-"));
    let changed = rename(&world, &bearer, Some(&several)).await;
    assert_eq!((changed.status, &changed.json()["display_name"]), (200, &json!("Countess")));
    assert_ne!(changed.field("etag"), tag);
    assert_eq!(rename(&world, &bearer, Some("*")).await.status, 200);
}

#[actix_web::test]
async fn a_condition_is_required_only_where_the_operator_says_so() {
    let (open, _, bearer) = world(ApiSettings::default()).await;
    assert_eq!(rename(&open, &bearer, None).await.status, 200);
    let settings = ApiSettings { require_if_match: true, ..ApiSettings::default() };
    let (careful, _, bearer) = world(settings).await;
    let reply = rename(&careful, &bearer, None).await;
    assert_eq!((reply.status, &reply.json()["code"]), (428, &json!("precondition_required")));
    let delete = TestRequest::delete().uri("/v1/users/me");
    assert_eq!(call(&careful, &bearer, delete).await.status, 428);
}

#[actix_web::test]
async fn strangers_see_a_part_under_another_tag() {
    let (world, ada, bearer) = world(ApiSettings::default()).await;
    let registration = Registration {
        username: Some("eve".into()),
        display_name: Some("Eve".into()),
        password: Some(PASSWORD.into()),
        ..Registration::default()
    };
    let users = &world.state.services().users;
    let eve = users.register(None, registration, &world.state.settings().v1_rules).await.unwrap();
    let of = |user: &User| TestRequest::get().uri(&format!("/v1/users/{}", user.id));
    let stranger = call(&world, &bearer, of(&eve)).await;
    let expected = json!({
        "id": eve.id.to_string(), "username": "eve", "display_name": "Eve", "avatar_url": null,
    });
    assert_eq!(stranger.json(), expected);
    assert!(stranger.field("etag").ends_with("-public\""));
    let own = call(&world, &bearer, of(&ada)).await;
    assert_eq!(own.json()["email"], "ada@example.org");
}

#[actix_web::test]
async fn a_new_address_needs_the_password_and_waits() {
    let (world, _, bearer) = world(ApiSettings::default()).await;
    let patch = async |password: Option<&str>| {
        let body = json!({ "email": "new@example.org", "current_password": password });
        call(&world, &bearer, TestRequest::patch().uri("/v1/users/me").set_json(body)).await
    };
    assert_eq!(patch(None).await.json()["errors"][0]["pointer"], "/current_password");
    let wrong = patch(Some("wrong")).await;
    assert_eq!((wrong.status, &wrong.json()["code"]), (403, &json!("wrong_password")));
    let waiting = patch(Some(PASSWORD)).await.json();
    assert_eq!(waiting["email"], "ada@example.org");
    assert_eq!(waiting["pending_email"], "new@example.org");
}

#[actix_web::test]
async fn a_password_is_changed_only_under_its_own_condition() {
    let (world, _, bearer) = world(ApiSettings::default()).await;
    let put = async |if_match: &'static str| {
        let body = json!({ "current_password": PASSWORD, "new_password": "eleven quiet lanterns" });
        let request = TestRequest::put().uri("/v1/users/me/password").set_json(body);
        call(&world, &bearer, request.insert_header(("if-match", if_match))).await.status
    };
    assert_eq!(put("\"x\"").await, 412);
    assert_eq!(put("*").await, 204);
}
