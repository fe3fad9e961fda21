//! Who may register, and with what.

use actix_web::http::header::CONTENT_TYPE;
use actix_web::test::TestRequest;
use serde_json::{Value, json};

use super::{documented, grace, post, refused, said, world};
use crate::Mode;
use crate::testing::PASSWORD;

#[actix_web::test]
async fn every_bad_body_is_one_and_the_same_bad_request() {
    let world = documented();
    let with = |name: &str, value: Value| {
        let mut body = grace();
        body[name] = value;
        body.to_string()
    };
    let mut bodies = vec![
        String::new(),
        "{".to_owned(),
        "null".to_owned(),
        r#"["Grace","Hopper","grace@example.org","1"]"#.to_owned(),
        with("email", "nobody".into()),
        with("email", format!("grace@{}.org", "x".repeat(60) + "." + &"y".repeat(40)).into()),
        with("password", "p".repeat(1_025).into()),
        with("firstname", "é".repeat(51).into()),
    ];
    for name in ["firstname", "lastname", "email", "password"] {
        let mut missing = grace();
        missing.as_object_mut().unwrap().remove(name);
        bodies.push(missing.to_string());
        let values = [json!(""), json!(1), json!(true), json!(null), json!(["x"]), json!("a\0b")];
        bodies.extend(values.map(|value| with(name, value)));
    }
    for body in bodies {
        let request = TestRequest::post().uri("/sessions/register").set_payload(body.clone());
        let reply = world.call(request).await;
        assert_eq!(reply.body, r#"{"status":"401","message":"Bad Request"}"#, "{body}");
        assert_eq!(reply.status, 400, "{body}");
    }
}

#[actix_web::test]
async fn lengths_count_characters() {
    let world = documented();
    let mut longest = grace();
    longest["firstname"] = "é".repeat(50).into();
    longest["email"] = format!("grace@{}.{}.org", "x".repeat(50), "y".repeat(39)).into();
    assert_eq!(longest["email"].as_str().unwrap().len(), 100);
    assert_eq!(world.call(post("/sessions/register", &longest)).await.status, 201);
}

#[actix_web::test]
async fn a_taken_address_is_told_in_any_letter_case() {
    let world = documented();
    world.call(post("/sessions/register", &grace())).await;
    for email in ["Grace@example.org", "grace@EXAMPLE.org"] {
        let mut again = grace();
        again["email"] = email.into();
        let reply = world.call(post("/sessions/register", &again)).await;
        assert_eq!(said(&reply), (409, refused("409", "Email already exists")));
    }
}

#[actix_web::test]
async fn hardened_registration_asks_for_a_good_password() {
    let world = world(Mode::Hardened);
    assert_eq!(world.call(post("/sessions/register", &grace())).await.status, 400);
    let mut better = grace();
    better["password"] = PASSWORD.into();
    assert_eq!(world.call(post("/sessions/register", &better)).await.status, 201);
}

#[actix_web::test]
async fn the_content_type_is_ignored() {
    let world = documented();
    let request = post("/sessions/register", &grace()).insert_header((CONTENT_TYPE, "text/plain"));
    assert_eq!(world.call(request).await.status, 201);
}
