//! The password lane under floods: who is served, who is refused, and whom nothing is done for.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use acceptance::{PASSWORD, Server};
use serde_json::json;

const PATIENCE: Duration = Duration::from_secs(60);

/// One figure of `/metrics`; 0 where it is not there.
pub(crate) fn figure(server: &Server, name: &str) -> f64 {
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

/// Sends a sign-in that comes from this address, as a trusted proxy says, and does not wait for the
/// reply.
fn begin_sign_in(server: &Server, identifier: &str, address: &str) -> TcpStream {
    let body = json!({ "identifier": identifier, "password": PASSWORD }).to_string();
    let mut stream = TcpStream::connect(server.url().strip_prefix("http://").unwrap()).unwrap();
    let head = "POST /v1/sessions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";
    let fields = format!("x-forwarded-for: {address}\r\ncontent-length: {}\r\n\r\n", body.len());
    write!(stream, "{head}{fields}{body}").unwrap();
    stream
}

/// The head of the reply.
fn reply(stream: TcpStream) -> String {
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let lines = BufReader::new(stream).lines().map(|line| line.unwrap());
    lines.take_while(|line| !line.is_empty()).collect::<Vec<_>>().join("\n").to_lowercase()
}

#[test]
fn a_flood_of_one_network_keeps_no_other_waiting() {
    let server = Server::builder()
        .with("server.trusted_proxies", "127.0.0.1")
        .with("password.bcrypt_cost", "13")
        .with("password.lanes", "1")
        .with("password.queue", "8")
        .start();
    server.actor("ada");
    // Each is somebody else: sign-ins of one account would wait for each other.
    let flood: Vec<TcpStream> = (0..30)
        .map(|number| begin_sign_in(&server, &format!("nobody{number}"), "192.0.2.1"))
        .collect();
    eventually("the lane is full", || figure(&server, "doorward_password_refused_total") > 0.0);
    let before = figure(&server, "doorward_password_hashes_total");
    let ada = reply(begin_sign_in(&server, "ada", "198.51.100.7"));
    let after = figure(&server, "doorward_password_hashes_total");
    assert!(ada.starts_with("http/1.1 201"), "{ada}");
    // What was being hashed, one of the flood's, her own; and one that ended while she came.
    assert!(after - before < 5.0, "{} hashes came first", after - before);
    let refused: Vec<String> =
        flood.into_iter().map(reply).filter(|reply| reply.starts_with("http/1.1 503")).collect();
    assert!(refused.len() > 10, "{refused:?}");
    assert!(refused.iter().all(|reply| reply.contains("\nretry-after: ")), "{refused:?}");
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
    let working = begin_sign_in(&server, "ada", "");
    eventually("one is hashed", || figure(&server, "doorward_password_hashing") > 0.0);
    // Each is somebody else: sign-ins of one account would wait for each other.
    let waiting: Vec<TcpStream> =
        (0..5).map(|number| begin_sign_in(&server, &format!("nobody{number}"), "")).collect();
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
    let _working = begin_sign_in(&server, "nobody1", "");
    eventually("one is hashed", || figure(&server, "doorward_password_hashing") > 0.0);
    let _waiting = begin_sign_in(&server, "nobody2", "");
    eventually("one waits", || figure(&server, "doorward_password_queue_length") > 0.0);
    let body = json!({ "identifier": "nobody3", "password": PASSWORD });
    let refused = server.client().post("/v1/sessions", &body).expect(503);
    assert!(refused.header("retry-after").unwrap().parse::<u64>().unwrap() >= 1);
    assert!(refused.header("ratelimit").is_none(), "nothing was counted");
    assert!(figure(&server, "doorward_password_refused_total") >= 1.0);
}
