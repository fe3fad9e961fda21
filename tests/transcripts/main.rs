//! Replays the examples of the doors' documents, word for word, against the real server.
//!
//! A transcript is a text of exchanges: `### title`, the request line with headers and body, then
//! `HTTP/1.1 <status>` with the headers that matter and the body. In bodies a string `{{name}}`
//! takes whatever comes the first time and must be that from then on; `{{_}}` takes anything; in
//! headers a `{{name}}` takes what stands there. What a server cannot be asked for stands ready:
//! `{{server}}` is the
//! address, `{{admin}}` the token of an administrator, `{{code:mail}}` and `{{code:sms}}` are the digits of
//! the last letter, `{{file:NAME}}` is a file of `files/`. Lines of a multipart body end in CR LF.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod matching;
mod parsing;
mod stage;

use std::path::Path;

use acceptance::{Engine, Server};

use crate::parsing::parse;
use crate::stage::Stage;

/// Every door with the transcripts it has.
const DOORS: [&str; 5] = ["py-api", "flask-user-auth", "drf-accounts", "test-library", "chit-chat"];

fn replay(name: &str, server: &Server) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("transcripts");
    let text = std::fs::read_to_string(folder.join(format!("{name}.http"))).unwrap();
    let exchanges = parse(&text);
    assert!(!exchanges.is_empty(), "{name} holds no exchange");
    let mut stage = Stage::new(server, folder.join("files"));
    if text.contains("{{admin}}") {
        stage.admit_an_administrator();
    }
    for exchange in &exchanges {
        stage.play(name, exchange);
    }
}

fn documented(engine: Engine) {
    for door in DOORS {
        if let Some(server) = Server::builder().on(engine).start_if_there() {
            replay(door, &server);
        }
    }
}

#[test]
fn the_documents_on_sqlite() {
    documented(Engine::Sqlite);
}

#[test]
fn the_documents_on_mariadb() {
    documented(Engine::Mysql);
}

#[test]
fn the_documents_on_postgresql() {
    documented(Engine::Postgres);
}

#[test]
fn what_hardened_changes() {
    for door in DOORS {
        let server = Server::builder().with("compat.mode", "hardened").start();
        replay(&format!("{door}.hardened"), &server);
    }
}

#[test]
fn a_door_that_is_switched_off_is_not_there() {
    let asked = [
        ("py-api", "/sessions/me"),
        ("flask-user-auth", "/user"),
        ("drf-accounts", "/api/users/me/"),
        ("test-library", "/users/getall"),
        ("chit-chat", "/chats/"),
    ];
    for (door, path) in asked {
        let others: Vec<&str> = DOORS.into_iter().filter(|other| *other != door).collect();
        let server = Server::builder().with("compat.doors", &others.join(",")).start();
        let reply = server.client().get(path);
        assert_eq!(reply.status, 404, "{door}: {}", reply.text);
        assert!(!server.banner().contains(door), "{}", server.banner());
        assert!(others.iter().all(|other| server.banner().contains(other)), "{}", server.banner());
    }
}
