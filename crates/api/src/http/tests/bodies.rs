//! Which bodies are read, and which are refused for what.

use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use actix_web::test::TestRequest;
use actix_web::web::Bytes;
use futures_util::{Stream, StreamExt, stream};

use crate::ApiSettings;
use crate::http::body::read;
use crate::refusal::EdgeFault;
use crate::testing::{Reply, World};

const JSON: &str = "application/json";

fn payload(chunks: impl Stream<Item = Result<Bytes, PayloadError>> + 'static) -> Payload {
    Payload::Stream { payload: Box::pin(chunks) }
}

async fn post(content_type: &str, body: impl Into<Bytes>) -> Reply {
    let request = TestRequest::post().uri("/body").insert_header((CONTENT_TYPE, content_type));
    World::new(ApiSettings::default()).probe(request.set_payload(body.into())).await
}

async fn refused(content_type: &str, body: impl Into<Bytes>) -> String {
    let reply = post(content_type, body).await;
    assert_eq!(reply.status, 418, "{reply:?}");
    reply.body
}

#[actix_web::test]
async fn an_object_is_read_under_every_name_of_json() {
    for content_type in [JSON, "Application/JSON", "application/json; charset=UTF-8"] {
        assert_eq!(post(content_type, r#"{"a":1}"#).await.body, r#"{"a":1}"#, "{content_type}");
    }
}

#[actix_web::test]
async fn other_content_types_are_refused_even_where_they_hold_json() {
    for content_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/vnd.api+json",
        "application/merge-patch+json",
        "application/json; charset=iso-8859-1",
        "",
    ] {
        let told = refused(content_type, r#"{"a":1}"#).await;
        assert!(told.starts_with("UnsupportedMediaType"), "{content_type}: {told}");
    }
}

#[actix_web::test]
async fn a_patch_may_be_a_merge_patch() {
    let world = World::new(ApiSettings::default());
    for content_type in [JSON, "application/merge-patch+json"] {
        let request = TestRequest::patch().uri("/body").insert_header((CONTENT_TYPE, content_type));
        assert_eq!(world.probe(request.set_payload("{}")).await.status, 200, "{content_type}");
    }
}

#[actix_web::test]
async fn encoded_bodies_are_refused() {
    let world = World::new(ApiSettings::default());
    for (coding, expected) in [("gzip", "EncodedBody"), ("br", "EncodedBody"), ("identity", "{}")] {
        let request = TestRequest::post().uri("/body").insert_header((CONTENT_TYPE, JSON));
        let request = request.insert_header((CONTENT_ENCODING, coding)).set_payload("{}");
        assert_eq!(world.probe(request).await.body, expected, "{coding}");
    }
}

#[actix_web::test]
async fn what_is_no_object_is_refused() {
    assert_eq!(refused(JSON, "").await, "BodyMissing");
    assert_eq!(refused(JSON, r#"["ada","secret"]"#).await, "NotAnObject");
    assert!(refused(JSON, "{").await.starts_with("MalformedJson"));
    assert!(refused(JSON, &b"{\"a\":\"\xff\"}"[..]).await.contains("it is not UTF-8 text."));
    assert!(refused(JSON, r#"{"a":"\u0000"}"#).await.starts_with("NulCharacter"));
    assert!(refused(JSON, r#"{"a":1,"a":2}"#).await.starts_with("RepeatedMember"));
    assert_eq!(refused(JSON, r#"{"a":"#.repeat(5_000)).await, "TooDeep { limit: 32 }");
}

#[actix_web::test]
async fn a_body_of_the_limit_is_read_and_one_byte_more_is_not() {
    let sized = |size: usize| format!("{{\"a\":\"{}\"}}", "x".repeat(size - 8));
    assert_eq!(post(JSON, sized(65_536)).await.status, 200);
    assert_eq!(refused(JSON, sized(65_537)).await, "TooLarge { limit: 65536 }");
}

#[actix_web::test]
async fn an_announced_size_over_the_limit_is_refused_before_the_password_is_looked_at() {
    let world = World::new(ApiSettings::default());
    world.ada().await;
    let body = format!(r#"{{"email":"ada@example.org","password":"{}"}}"#, "x".repeat(1_900_000));
    let request = TestRequest::post().uri("/sessions/login").set_payload(body);
    assert_eq!(world.call(request).await.status, 413);
    assert!(world.hasher.verified().is_empty());
}

#[actix_web::test]
async fn identity_comes_before_a_byte_of_the_body() {
    let world = World::new(ApiSettings::default());
    let request = TestRequest::post().uri("/authed").set_payload("no json");
    assert_eq!(world.probe(request).await.body, "MissingCredentials");
}

#[actix_web::test]
async fn a_body_that_never_ends_is_given_up() {
    let request = TestRequest::post().to_http_request();
    let dripping = stream::iter([Ok(Bytes::from_static(b"{"))]).chain(stream::pending());
    let outcome = read(&request, payload(dripping), 100, Duration::from_millis(5)).await;
    assert_eq!(outcome, Err(EdgeFault::BodyTimeout));
}

#[actix_web::test]
async fn a_body_that_breaks_off_is_told_so() {
    let request = TestRequest::post().to_http_request();
    let broken = [Ok(Bytes::from_static(b"{")), Err(PayloadError::Incomplete(None))];
    let outcome = read(&request, payload(stream::iter(broken)), 100, Duration::from_secs(5)).await;
    assert_eq!(outcome, Err(EdgeFault::BodyBroken));
}

#[actix_web::test]
async fn a_false_announcement_reserves_no_memory() {
    let request = TestRequest::post().insert_header((CONTENT_LENGTH, "18446744073709551615"));
    let request = request.to_http_request();
    let outcome = read(&request, payload(stream::empty()), 100, Duration::from_secs(5)).await;
    assert_eq!(outcome, Err(EdgeFault::TooLarge { limit: 100 }));
}
