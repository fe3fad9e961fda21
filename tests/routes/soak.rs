//! After thousands of requests, a tenth of them broken off, nothing is left behind.

use std::io::{BufRead, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use acceptance::{Actor, PASSWORD, Server};
use serde_json::json;

const ROUNDS: usize = 80;
const THREADS: usize = 4;
/// So much more memory may be in use than after the warm-up, in KiB: an allocator keeps some of it.
const MORE_MEMORY: u64 = 8 * 1_024;
/// Connections that nobody uses end after five seconds.
const KEPT_ALIVE: Duration = Duration::from_secs(6);
const PATIENCE: Duration = Duration::from_secs(20);

/// What the process holds.
#[derive(Debug, Clone, Copy)]
struct Held {
    files: usize,
    threads: usize,
    memory: u64,
}

fn held(server: &Server) -> Held {
    let count = |folder: &str| {
        std::fs::read_dir(format!("/proc/{}/{folder}", server.pid())).unwrap().count()
    };
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.pid())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    let memory = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    Held { files: count("fd"), threads: count("task"), memory }
}

/// A connection that is closed in the middle of what it sends.
fn broken_off(server: &Server, token: &str, kind: usize) {
    let Ok(mut stream) = TcpStream::connect(server.url().trim_start_matches("http://")) else {
        return;
    };
    let bearer = format!("Authorization: Bearer {token}\r\n");
    let head = match kind % 4 {
        0 => "GET /v1/users/me HTTP/1.1\r\nHos".to_owned(),
        1 => format!(
            "PATCH /v1/users/me HTTP/1.1\r\nHost: x\r\n{bearer}Content-Type: application/json\r\nContent-Length: 90\r\n\r\n{{\"disp"
        ),
        2 => format!(
            "PUT /v1/users/me/avatar HTTP/1.1\r\nHost: x\r\n{bearer}Content-Type: image/png\r\nContent-Length: 90000\r\n\r\n\u{89}PNG"
        ),
        // The reply is not waited for.
        _ => format!("GET /v1/users/me HTTP/1.1\r\nHost: x\r\n{bearer}\r\n"),
    };
    // Whether it arrives is not the point.
    let _ = stream.write_all(head.as_bytes());
    let _ = stream.shutdown(Shutdown::Both);
}

fn one_round(server: &Server, ada: &Actor, room: &str, number: usize) {
    let client = &ada.client;
    client.get("/v1/users/me").expect(200);
    client.get("/v1/sessions?limit=1").expect(200);
    client.get("/v1/nowhere").expect(404);
    server.client().get("/v1/users/me").expect(401);
    server.client().get("/livez").expect(200);
    client.post("/v1/books", &json!({ "title": "", "author": 5 })).expect(422);
    client.get("/v1/books?q=orlando").expect(200);
    client.post(&format!("/v1/chatrooms/{room}/messages"), &json!({ "text": "x" })).expect(201);
    let sign_in = json!({ "identifier": "ada", "password": PASSWORD });
    let opened = server.client().post("/v1/sessions", &sign_in).expect(201);
    let other = server.client().bearer(&opened.text_at("/access_token"));
    other.delete("/v1/sessions/current").expect(204);
    for kind in 0..2 {
        broken_off(server, &ada.access_token(), number + kind);
    }
    // A listener that goes away after its first line.
    if number.is_multiple_of(10) {
        let mut stream = client.stream(&format!("/v1/chatrooms/{room}/events"));
        let mut line = String::new();
        stream.read_line(&mut line).unwrap();
    }
}

fn many(server: &Server, ada: &Actor, room: &str, rounds: usize) {
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope
                .spawn(move || (0..rounds).for_each(|number| one_round(server, ada, room, number)));
        }
    });
}

#[test]
fn thousands_of_requests_leave_no_file_thread_or_memory_behind() {
    // So few connections to the database that all are open after the warm-up.
    let server = Server::builder().with("database.pool_size", "2").start();
    let ada = server.actor("ada");
    let room = ada.client.post("/v1/chatrooms", &json!({ "name": "Ward 7" })).expect(201);
    let room = room.text_at("/id");
    // Threads and caches come to be at the first use.
    many(&server, &ada, &room, ROUNDS / 4);
    std::thread::sleep(KEPT_ALIVE);
    let before = held(&server);
    many(&server, &ada, &room, ROUNDS);
    let begun = Instant::now();
    let mut after = held(&server);
    while (after.files > before.files || after.threads > before.threads)
        && begun.elapsed() < PATIENCE
    {
        std::thread::sleep(Duration::from_millis(200));
        after = held(&server);
    }
    assert!(after.files <= before.files, "{before:?} {after:?}");
    assert!(after.threads <= before.threads, "{before:?} {after:?}");
    assert!(after.memory <= before.memory + MORE_MEMORY, "{before:?} {after:?}");
    server.client().get("/readyz").expect(200);
}
