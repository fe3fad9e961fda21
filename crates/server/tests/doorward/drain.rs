//! How a server ends.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::time::Duration;

use rustix::process::Signal;

use crate::command::Folder;
use crate::server::{Server, status};

const DRAIN: &str = "DOORWARD__SERVER__DRAIN";

#[test]
fn an_idle_server_ends_well_within_the_drain_time() {
    for signal in [Signal::TERM, Signal::INT] {
        let server = Server::start(&Folder::new(), &[(DRAIN, "20s")]);
        server.signal(signal);
        let (code, took) = server.ended();
        assert_eq!(code, Some(0));
        assert!(took < Duration::from_secs(10), "{took:?}");
    }
}

#[test]
fn a_stalled_body_and_an_idle_connection_do_not_hold_it_up() {
    let server = Server::start(&Folder::new(), &[(DRAIN, "2s")]);
    let mut idle = server.connect().unwrap();
    idle.write_all(b"GET /livez HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    let mut reply = [0; 4096];
    assert!(idle.read(&mut reply).unwrap() > 0);
    let mut stalled = server.connect().unwrap();
    let head = "POST /v1/sessions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";
    stalled.write_all(format!("{head}content-length: 100\r\n\r\n{{").as_bytes()).unwrap();
    // Answered after the stalled request was accepted.
    assert_eq!(server.get("/livez", "").0, 200);
    let (code, took) = server.stop();
    assert_eq!(code, Some(0));
    assert!(took <= Duration::from_millis(2_200), "{took:?}");
}

#[test]
fn it_says_that_it_is_not_ready_before_it_stops_listening() {
    let server = Server::start(&Folder::new(), &[(DRAIN, "10s")]);
    assert_eq!(server.get("/readyz", "").0, 200);
    server.signal(Signal::TERM);
    let mut seen = Vec::new();
    let refused = loop {
        match server.connect() {
            Ok(mut stream) => {
                let request = b"GET /readyz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
                let mut reply = String::new();
                // A connection that was never accepted is reset at the end.
                if stream.write_all(request).is_ok() && stream.read_to_string(&mut reply).is_ok() {
                    seen.push(status(&reply));
                }
            }
            Err(error) => break error.kind(),
        }
    };
    assert_eq!(refused, ErrorKind::ConnectionRefused);
    assert!(seen.contains(&503), "{seen:?}");
    assert_eq!(server.ended().0, Some(0));
}

#[test]
fn a_request_that_is_being_answered_gets_its_answer() {
    // Cost 13 keeps one hash busy for more than the notice that precedes the drain.
    let cost = ("DOORWARD__PASSWORD__BCRYPT_COST", "13");
    let server = Server::start(&Folder::new(), &[(DRAIN, "30s"), cost]);
    let mut stream = server.connect().unwrap();
    let body = r#"{"identifier":"nobody@example.org","password":"correct horse battery"}"#;
    let head = "POST /v1/sessions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";
    let length = body.len();
    stream.write_all(format!("{head}content-length: {length}\r\n\r\n{body}").as_bytes()).unwrap();
    // Answered after that request was begun.
    assert_eq!(server.get("/livez", "").0, 200);
    server.signal(Signal::TERM);
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    assert_eq!(status(&reply), 401, "{reply}");
    assert_eq!(server.ended().0, Some(0));
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let server = Server::start(&Folder::new(), &[(DRAIN, "10m")]);
    let mut stalled = server.connect().unwrap();
    stalled
        .write_all(b"POST /v1/sessions HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n")
        .unwrap();
    assert_eq!(server.get("/livez", "").0, 200);
    server.signal(Signal::TERM);
    // Not ready any more: the first signal was taken.
    while server.get("/readyz", "").0 == 200 {}
    server.signal(Signal::INT);
    let (code, took) = server.ended();
    assert_eq!(code, Some(0));
    assert!(took < Duration::from_secs(10), "{took:?}");
}

#[test]
fn clients_that_keep_their_connection_are_told_to_let_go() {
    let server = Server::start(&Folder::new(), &[(DRAIN, "20s")]);
    let mut kept = server.connect().unwrap();
    let mut ask = || {
        kept.write_all(b"GET /livez HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
        let mut reply = [0; 4096];
        let length = kept.read(&mut reply).unwrap();
        let reply = std::str::from_utf8(&reply[..length]).unwrap().to_owned();
        assert_eq!(status(&reply), 200, "{reply}");
        reply.contains("connection: close\r\n")
    };
    assert!(!ask());
    server.signal(Signal::TERM);
    // Each request is answered until one answer says that it is the last.
    while !ask() {}
    assert_eq!(server.ended().0, Some(0));
}

#[test]
fn streams_of_events_end_when_the_server_is_about_to_leave() {
    let server = Server::start(&Folder::new(), &[(DRAIN, "30s")]);
    let person = r#"{"username":"ada","password":"northern heron 77"}"#;
    let (status, reply) = server.post("/v1/users", person);
    assert_eq!(status, 201, "{reply}");
    let login = r#"{"identifier":"ada","password":"northern heron 77"}"#;
    let (status, reply) = server.post("/v1/sessions", login);
    assert_eq!(status, 201, "{reply}");
    let token = part(&reply, "\"access_token\":\"");
    let bearer = format!("authorization: Bearer {token}\r\n");
    let (status, reply) = server.post_with("/v1/chatrooms", r#"{"name":"Ward 7"}"#, &bearer);
    assert_eq!(status, 201, "{reply}");
    let events = format!("/v1/chatrooms/{}/events", part(&reply, "\"id\":\""));
    let mut stream = BufReader::new(server.connect().unwrap());
    let request = format!("GET {events} HTTP/1.1\r\nhost: x\r\n{bearer}\r\n");
    stream.get_mut().write_all(request.as_bytes()).unwrap();
    let mut line = String::new();
    while !line.contains(": welcome") {
        assert!(stream.read_line(&mut line).unwrap() > 0, "{line}");
    }
    server.signal(Signal::TERM);
    let mut rest = String::new();
    stream.read_to_string(&mut rest).unwrap();
    assert!(rest.ends_with("0\r\n\r\n"), "the stream is whole: {rest:?}");
    let (code, took) = server.ended();
    assert_eq!(code, Some(0));
    assert!(took < Duration::from_secs(10), "{took:?}");
}

/// What stands behind this, up to the next quote.
fn part<'a>(reply: &'a str, before: &str) -> &'a str {
    let (_, rest) = reply.split_once(before).unwrap();
    rest.split_once('"').unwrap().0
}
