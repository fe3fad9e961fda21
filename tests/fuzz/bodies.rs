//! Random bodies: JSON, forms, multipart and noise, with the members that the doors know.

use fastrand::Rng;
use serde_json::{Map, Value, json};

use crate::cast::{Cast, PASSWORDS};
use crate::requests::{pick, rarely};

/// Members that hold a password. They alone are given one, so that one found elsewhere has leaked.
const SECRET_MEMBERS: &[&str] = &[
    "password",
    "password_confirm",
    "old_password",
    "new_password",
    "confirm_new_password",
    "current_password",
];

/// A content type, and a body that mostly is of it.
pub(crate) fn random(rng: &mut Rng, cast: &Cast, members: &[&str]) -> (String, Vec<u8>) {
    let json = "application/json".to_owned();
    let object = object(rng, cast, members);
    match rng.u32(..20) {
        0 => (json, (0..rng.usize(..200)).map(|_| rng.u8(..)).collect()),
        1 => (json, "[".repeat(rng.usize(1..20_000)).into_bytes()),
        2 => (json, value(rng, cast).to_string().into_bytes()),
        3 => (json, broken(rng, &object.to_string())),
        4 if rarely(rng, 5) => (json, vec![b'x'; 3_000_000]),
        5..=7 => ("application/x-www-form-urlencoded".into(), form(&object)),
        8..=10 => multipart(rng, &object),
        _ => (json, object.to_string().into_bytes()),
    }
}

/// Most of the members, mostly with values that make sense.
fn object(rng: &mut Rng, cast: &Cast, members: &[&str]) -> Value {
    let mut object = Map::new();
    for member in members {
        if !rarely(rng, 10) {
            let value =
                if rarely(rng, 8) { value(rng, cast) } else { plausible(rng, cast, member) };
            object.insert((*member).to_owned(), value);
        }
    }
    if rarely(rng, 8) {
        object.insert("surplus".to_owned(), value(rng, cast));
    }
    Value::Object(object)
}

fn plausible(rng: &mut Rng, cast: &Cast, member: &str) -> Value {
    let number = rng.u32(..100_000);
    match member {
        _ if SECRET_MEMBERS.contains(&member) => json!(pick(rng, &PASSWORDS)),
        "email" | "your_email" if rng.bool() => json!(format!("somebody{number}@example.org")),
        "email" | "your_email" | "current_username" => json!(pick(rng, &cast.signed_up)),
        "username" if rng.bool() => json!(pick(rng, &cast.signed_up)),
        "mobile" => json!(format!("+49 30 1{number:06}")),
        "code" | "OTP" => json!(format!("{number:06}")),
        "gender" => json!("Male"),
        "consent" | "status" => json!(rng.bool()),
        "copies" | "published_year" => json!(number % 2_000),
        "isbn" => json!("978-0-306-40615-7"),
        "users" => json!([number % 40, { "id": number % 40 }]),
        "chat_passkey" => json!(if rng.bool() { "open" } else { "" }),
        _ => json!(format!("some{number}")),
    }
}

fn value(rng: &mut Rng, cast: &Cast) -> Value {
    match rng.u32(..16) {
        0 => Value::Null,
        1 => json!(rng.bool()),
        2 => json!(rng.i64(..)),
        3 => json!(1.5e300),
        4 => json!([pick(rng, &cast.names), 1, { "id": 2 }]),
        5 => json!({ "id": pick(rng, &cast.names) }),
        6 => json!("x".repeat(rng.usize(..6_000))),
        7 => json!("nul\0character"),
        8 => json!("\u{202e}right\u{200b}to left"),
        9 => json!("somebody@example.org"),
        10 => json!("+49 30 123456"),
        11 => json!("<script>alert(1)</script>"),
        12 => json!(""),
        _ => json!(pick(rng, &cast.names)),
    }
}

fn broken(rng: &mut Rng, text: &str) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    let at = rng.usize(..bytes.len());
    match rng.u32(..3) {
        0 => bytes.truncate(at),
        1 => bytes[at] = rng.u8(..),
        _ => bytes.insert(at, b'"'),
    }
    bytes
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Names and values as they are: `&`, `=` and `%` in them are part of the game.
fn form(object: &Value) -> Vec<u8> {
    let members = object.as_object().into_iter().flatten();
    let pairs: Vec<String> =
        members.map(|(name, value)| format!("{name}={}", text(value).replace(' ', "+"))).collect();
    pairs.join("&").into_bytes()
}

fn multipart(rng: &mut Rng, object: &Value) -> (String, Vec<u8>) {
    let mut body = String::new();
    for (name, value) in object.as_object().into_iter().flatten() {
        let file = if rarely(rng, 4) { "; filename=\"../x.png\"" } else { "" };
        let head = format!("Content-Disposition: form-data; name=\"{name}\"{file}");
        body.push_str(&format!("--B\r\n{head}\r\n\r\n{}\r\n", text(value)));
    }
    body.push_str("--B--\r\n");
    let boundary = if rarely(rng, 10) { "another" } else { "B" };
    let kind = format!("multipart/form-data; boundary={boundary}");
    let body = if rarely(rng, 5) { broken(rng, &body) } else { body.into_bytes() };
    (kind, body)
}
