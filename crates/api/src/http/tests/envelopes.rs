//! Whatever goes wrong leaves a surface in its own words.

use std::time::Duration;

use actix_web::http::Method;
use actix_web::test::TestRequest;
use serde_json::json;

use crate::ApiSettings;
use crate::testing::{PASSWORD, World};

#[actix_web::test]
async fn a_refusal_of_the_surfaces_own_is_worded_with_what_is_known_of_the_request() {
    let reply = World::new(ApiSettings::default()).probe(TestRequest::get().uri("/own")).await;
    assert_eq!((reply.status, reply.body.as_str()), (418, "I am a teapot at /own"));
}

#[actix_web::test]
async fn a_panic_is_a_reply_like_any_other() {
    let request = TestRequest::get().uri("/panic").insert_header(("x-request-id", "r-1"));
    let reply = World::new(ApiSettings::default()).probe(request).await;
    assert_eq!((reply.status, reply.body.as_str()), (418, "Internal"));
    assert_eq!(reply.field("x-request-id"), "r-1");
    assert_eq!(reply.field("x-content-type-options"), "nosniff");
}

#[actix_web::test]
async fn no_word_of_the_framework_gets_out() {
    let world = World::new(ApiSettings::default());
    let path = world.probe(TestRequest::get().uri("/number/x")).await;
    assert_eq!(path.body, "NotFound");
    let foreign = world.probe(TestRequest::default().method(Method::DELETE).uri("/foreign")).await;
    assert_eq!(foreign.body, "Internal");
}

#[actix_web::test]
async fn too_many_and_too_busy_say_when_to_come_again() {
    let world = World::new(ApiSettings::default());
    world.ada().await;
    let login = |password: &str| {
        let body = json!({"email": "ada@example.org", "password": password});
        TestRequest::post().uri("/sessions/login").set_json(body)
    };
    world.hasher.set_busy(Some(Duration::from_millis(1_200)));
    let busy = world.call(login(PASSWORD)).await;
    assert_eq!((busy.status, busy.field("retry-after")), (503, "2".to_owned()));
    world.hasher.set_busy(None);
    for _ in 0..3 {
        assert_eq!(world.call(login("wrong")).await.status, 401);
    }
    let throttled = world.call(login(PASSWORD)).await;
    assert_eq!((throttled.status, throttled.field("retry-after")), (429, "90".to_owned()));
}
