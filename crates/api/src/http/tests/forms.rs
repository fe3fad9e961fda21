//! Which forms are read for objects, where a surface takes them.

use actix_web::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use actix_web::test::TestRequest;
use actix_web::web::Bytes;

use crate::ApiSettings;
use crate::testing::{Reply, World};

const FORM: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data; boundary=\"B;B\"";

async fn put(content_type: &str, body: impl Into<Bytes>) -> Reply {
    let request = TestRequest::put().uri("/body").insert_header((CONTENT_TYPE, content_type));
    World::new(ApiSettings::default()).probe(request.set_payload(body.into())).await
}

async fn refused(content_type: &str, body: impl Into<Bytes>) -> String {
    let reply = put(content_type, body).await;
    assert_eq!(reply.status, 418, "{reply:?}");
    reply.body
}

fn multipart(part: &str) -> String {
    format!("--B;B\r\nContent-Disposition: form-data; {part}\r\n--B;B--\r\n")
}

#[actix_web::test]
async fn json_and_both_kinds_of_form_are_one() {
    let expected = r#"{"a":"1 ü"}"#;
    assert_eq!(put("application/json", expected).await.body, expected);
    for content_type in [FORM, "Application/X-WWW-Form-URLEncoded; charset=utf-8"] {
        assert_eq!(put(content_type, "a=1+%C3%BC").await.body, expected, "{content_type}");
    }
    assert_eq!(put(MULTIPART, multipart("name=\"a\"\r\n\r\n1 ü")).await.body, expected);
    let file = multipart("name=\"a\"; filename=\"a.txt\"\r\n\r\n1 ü");
    assert_eq!(put(MULTIPART, file).await.body, "{}");
}

#[actix_web::test]
async fn other_types_are_told_with_what_was_sent_and_what_may_be() {
    for (content_type, told) in [
        ("text/plain", "text/plain".to_owned()),
        ("text/\tx", "text/x".to_owned()),
        ("x/y; charset=iso-8859-1", "x/y; charset=iso-8859-1".to_owned()),
        (&"x".repeat(101), "x".repeat(100)),
    ] {
        let expected = format!(
            "UnsupportedMediaType {{ accepted: \"application/json, {FORM}, multipart/form-data\", \
             sent: {told:?} }}"
        );
        assert_eq!(refused(content_type, "a=1").await, expected);
    }
    assert!(refused(&format!("{FORM}; charset=latin1"), "a=1").await.contains("charset=latin1"));
}

#[actix_web::test]
async fn no_body_is_missing_with_or_without_a_type() {
    for content_type in ["application/json", FORM, MULTIPART] {
        assert_eq!(refused(content_type, "").await, "BodyMissing", "{content_type}");
    }
    let world = World::new(ApiSettings::default());
    let untyped = || TestRequest::put().uri("/body");
    assert_eq!(world.probe(untyped()).await.body, "BodyMissing");
    let empty = untyped().insert_header((CONTENT_LENGTH, "0"));
    assert_eq!(world.probe(empty).await.body, "BodyMissing");
    let some = untyped().insert_header((CONTENT_LENGTH, "3")).set_payload("a=1");
    assert!(world.probe(some).await.body.starts_with("UnsupportedMediaType"));
}

#[actix_web::test]
async fn a_form_keeps_the_rules_of_json() {
    assert!(refused(FORM, "a=1&a=1").await.starts_with("RepeatedMember"));
    assert!(refused(FORM, "a=%00").await.starts_with("NulCharacter"));
    assert_eq!(refused(FORM, "a=%ff").await, "MalformedForm");
    assert_eq!(refused(MULTIPART, "nonsense").await, "MalformedForm");
    assert_eq!(refused("multipart/form-data", multipart("name=a\r\n\r\n1")).await, "MalformedForm");
    let sized = |size: usize| format!("a={}", "x".repeat(size - 2));
    assert_eq!(put(FORM, sized(65_536)).await.status, 200);
    assert_eq!(refused(FORM, sized(65_537)).await, "TooLarge { limit: 65536 }");
}
