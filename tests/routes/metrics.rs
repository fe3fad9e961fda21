//! `GET /metrics`: what the process counts.

use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use acceptance::{PASSWORD, Server};
use serde_json::json;

const PATIENCE: Duration = Duration::from_secs(60);

/// One figure of the page; 0 where it is not there yet.
fn figure(server: &Server, name: &str) -> f64 {
    let page = server.client().get("/metrics").expect(200).text;
    let line =
        page.lines().find(|line| line.strip_prefix(name).is_some_and(|l| l.starts_with(' ')));
    line.map_or(0.0, |line| line.rsplit(' ').next().unwrap().parse().unwrap())
}

fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < end, "{what}");
        std::thread::yield_now();
    }
}

/// Sends a sign-in, and does not wait for the reply.
fn begin_sign_in(server: &Server, identifier: &str) -> TcpStream {
    let body = json!({ "identifier": identifier, "password": PASSWORD }).to_string();
    let mut stream = TcpStream::connect(server.url().strip_prefix("http://").unwrap()).unwrap();
    let head = "POST /v1/sessions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";
    write!(stream, "{head}content-length: {}\r\n\r\n{body}", body.len()).unwrap();
    stream
}

#[test]
fn passwords_sessions_and_requests_are_counted_in_the_format_of_prometheus() {
    let server = Server::start();
    let ada = server.actor("ada");
    for _ in 0..3 {
        ada.client.get("/v1/users/me").expect(200);
    }
    let reply = server.client().get("/metrics").expect(200);
    assert_eq!(reply.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    assert!(reply.text.contains("# TYPE doorward_password_queue_length gauge"), "{}", reply.text);
    assert!(reply.text.contains("# TYPE doorward_password_wait_seconds histogram"));
    assert!(figure(&server, "doorward_password_hashes_total") >= 2.0, "{}", reply.text);
    assert!(figure(&server, "doorward_http_requests_total{status=\"2xx\"}") >= 4.0);
    assert!(!reply.text.contains("ada"), "nothing of anybody");
    let readings = |from: &str| {
        figure(&server, &format!("doorward_session_readings_total{{from=\"{from}\"}}"))
    };
    assert!(readings("memory") >= 2.0 && readings("store") >= 1.0, "{}", reply.text);
}

#[test]
fn nobody_is_hashed_for_who_hung_up() {
    let server = Server::builder()
        .with("password.bcrypt_cost", "13")
        .with("password.lanes", "1")
        .with("password.queue", "8")
        .start();
    server.actor("ada");
    let before = figure(&server, "doorward_password_hashes_total");
    let working = begin_sign_in(&server, "ada");
    eventually("one is hashed", || figure(&server, "doorward_password_hashing") > 0.0);
    // Each is somebody else: sign-ins of one account would wait for each other.
    let waiting: Vec<TcpStream> =
        (0..5).map(|number| begin_sign_in(&server, &format!("nobody{number}"))).collect();
    eventually("five wait", || figure(&server, "doorward_password_queue_length") > 4.0);
    drop(waiting);
    eventually("all are passed over", || {
        figure(&server, "doorward_password_abandoned_total") > 4.0
    });
    assert!(figure(&server, "doorward_password_hashes_total") <= before + 1.0);
    drop(working);
}

#[test]
fn a_full_lane_refuses_within_a_breath_and_says_when_to_come_back() {
    let server = Server::builder()
        .with("password.bcrypt_cost", "14")
        .with("password.lanes", "1")
        .with("password.queue", "1")
        .start();
    let _working = begin_sign_in(&server, "nobody1");
    eventually("one is hashed", || figure(&server, "doorward_password_hashing") > 0.0);
    let _waiting = begin_sign_in(&server, "nobody2");
    eventually("one waits", || figure(&server, "doorward_password_queue_length") > 0.0);
    let body = json!({ "identifier": "nobody3", "password": PASSWORD });
    let refused = server.client().post("/v1/sessions", &body).expect(503);
    assert!(refused.header("retry-after").unwrap().parse::<u64>().unwrap() >= 1);
    assert!(refused.header("ratelimit").is_none(), "nothing was counted");
    assert!(figure(&server, "doorward_password_refused_total") >= 1.0);
}
