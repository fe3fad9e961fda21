//! A call of every operation of `/v1` that succeeds for whoever may make it.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use acceptance::{Client, PASSWORD, Server};
use serde_json::{Value, json};

use super::cast::{Cast, heron};

/// The status of this operation for this caller.
pub(super) fn status(server: &Server, cast: &Cast, caller: &str, operation: &str) -> u16 {
    let (method, template) = operation.split_once(' ').unwrap();
    let path = path(cast, template);
    let client = match cast.caller(caller) {
        Some(actor) => actor.client.clone(),
        None => server.client(),
    };
    if template.ends_with("/events") {
        return status_of_a_stream(
            server,
            cast.caller(caller).map(|actor| actor.access_token()),
            &path,
        );
    }
    prepare(cast, operation);
    if operation == "PUT /v1/users/me/avatar" {
        let picture = client.with("Content-Type", "image/png");
        return picture.send_bytes(method, &path, &heron()).status;
    }
    send(&client, method, &path, body(cast, operation))
}

fn send(client: &Client, method: &str, path: &str, body: Option<Value>) -> u16 {
    match body {
        Some(body) => client.json(method, path, &body).status,
        None => client.send(method, path, "").status,
    }
}

/// What `{id}` stands for.
fn path(cast: &Cast, template: &str) -> String {
    let id = match template.split('/').nth(2).unwrap_or_default() {
        "users" => &cast.user,
        "sessions" => &cast.session,
        "books" => &cast.book,
        "chatrooms" => &cast.room,
        _ => &cast.message,
    };
    template.replace("{id}", id)
}

/// What must be there for the call to succeed.
fn prepare(cast: &Cast, operation: &str) {
    // Everybody who calls has a picture to remove.
    if operation == "DELETE /v1/users/me/avatar" {
        for actor in [&cast.somebody, &cast.member, &cast.administrator] {
            let picture = actor.client.with("Content-Type", "image/png");
            picture.send_bytes("PUT", "/v1/users/me/avatar", &heron()).expect(200);
        }
    }
}

fn body(cast: &Cast, operation: &str) -> Option<Value> {
    let body = match operation {
        "POST /v1/users" => {
            json!({ "username": format!("new{}", cast.user), "password": PASSWORD })
        }
        "PATCH /v1/users/me" | "PATCH /v1/users/{id}" => json!({ "display_name": "Countess" }),
        "PUT /v1/users/me/password" => {
            json!({ "current_password": PASSWORD, "new_password": "eleven quiet lanterns" })
        }
        "POST /v1/sessions" => {
            json!({ "identifier": cast.owner.me()["username"], "password": PASSWORD })
        }
        "POST /v1/sessions/refresh" => json!({ "refresh_token": cast.owner.refresh_token() }),
        "POST /v1/books" => json!({ "title": "Flush", "author": "Virginia Woolf" }),
        "PATCH /v1/books/{id}" => json!({ "copies": 2 }),
        "POST /v1/chatrooms" => json!({ "name": "Ward 8" }),
        "PATCH /v1/chatrooms/{id}" => json!({ "name": "Ward 9" }),
        "POST /v1/chatrooms/{id}/members" => json!({}),
        "POST /v1/chatrooms/{id}/messages" => json!({ "text": "Good evening" }),
        "PATCH /v1/messages/{id}" => json!({ "text": "Good night" }),
        "POST /v1/password-resets" => json!({ "identifier": "nobody@example.org" }),
        "POST /v1/password-resets/confirm" => {
            json!({ "token": "dwh_none", "new_password": "eleven quiet lanterns" })
        }
        "POST /v1/verifications" => json!({ "channel": "email" }),
        "POST /v1/verifications/confirm" => json!({ "token": "dwh_none" }),
        _ => return None,
    };
    Some(body)
}

/// A stream does not end by itself: its first line is enough.
fn status_of_a_stream(server: &Server, token: Option<String>, path: &str) -> u16 {
    let mut stream = TcpStream::connect(server.url().trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let bearer = token.map(|token| format!("Authorization: Bearer {token}\r\n"));
    let head = format!("GET {path} HTTP/1.1\r\nHost: x\r\n{}\r\n", bearer.unwrap_or_default());
    stream.write_all(head.as_bytes()).unwrap();
    let mut line = [0; 12];
    stream.read_exact(&mut line).unwrap();
    std::str::from_utf8(&line[9..]).unwrap().parse().unwrap()
}
