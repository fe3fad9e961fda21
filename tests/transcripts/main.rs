//! Replays the examples of the doors' documents, word for word, against the real server.
//!
//! A transcript is a text of exchanges: `### title`, the request line with headers and body, then
//! `HTTP/1.1 <status>` with the headers that matter and the body. In bodies a string `{{name}}`
//! takes whatever comes the first time and must be that from then on; `{{_}}` takes anything.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking"
)]

mod matching;
mod parsing;

use std::collections::HashMap;
use std::path::Path;

use acceptance::{Engine, Server};

use crate::matching::{fill, matches};
use crate::parsing::{Exchange, parse};

fn replay(name: &str, server: &Server) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("transcripts").join(name);
    let text = std::fs::read_to_string(&path).unwrap();
    let mut names = HashMap::new();
    let exchanges = parse(&text);
    assert!(!exchanges.is_empty(), "{name} holds no exchange");
    for exchange in &exchanges {
        check(name, exchange, server, &mut names);
    }
}

fn check(name: &str, exchange: &Exchange, server: &Server, names: &mut HashMap<String, String>) {
    let place = format!("{name}: {}", exchange.title);
    let mut client = server.client();
    for (field, value) in &exchange.request_headers {
        client = client.with(field, &fill(value, names));
    }
    let path = fill(&exchange.path, names);
    let reply = client.send(&exchange.method, &path, &fill(&exchange.request_body, names));
    assert_eq!(reply.status, exchange.status, "{place}: {}", reply.text);
    for (field, value) in &exchange.reply_headers {
        let sent = reply.header(field);
        assert!(
            sent.is_some_and(|sent| sent.starts_with(value.as_str())),
            "{place}: {field}: {sent:?}"
        );
    }
    if exchange.reply_body.is_empty() {
        return;
    }
    let expected = serde_json::from_str(&exchange.reply_body).unwrap();
    let found = reply.body();
    assert!(matches(&expected, &found, names), "{place}\nexpected {expected}\nfound    {found}");
}

fn documented(engine: Engine) {
    match Server::builder().on(engine).try_start() {
        Ok(server) => replay("py-api.http", &server),
        // With REQUIRE_ENGINES, as in `make test`, this is a failure before it gets here.
        Err(missing) => println!("skipped: {missing}"),
    }
}

#[test]
fn door_one_on_sqlite() {
    documented(Engine::Sqlite);
}

#[test]
fn door_one_on_mariadb() {
    documented(Engine::Mysql);
}

#[test]
fn door_one_on_postgresql() {
    documented(Engine::Postgres);
}

#[test]
fn door_one_hardened() {
    let server = Server::builder().with("compat.mode", "hardened").start();
    replay("py-api.hardened.http", &server);
}

#[test]
fn door_one_switched_off() {
    let server = Server::builder().with("compat.doors", "chit-chat").start();
    server.client().get("/sessions/me").expect(404);
    assert!(!server.banner().contains("py-api"));
}
