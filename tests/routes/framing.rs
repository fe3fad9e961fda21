//! Heads and bodies that two readers could read differently, and heads that are too large.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use acceptance::{PASSWORD, Server};
use serde_json::json;

/// Everything the server says to these bytes until it closes or is silent.
fn raw(server: &Server, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(server.url().trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(7))).unwrap();
    // It may close before all of it has arrived.
    let _ = stream.write_all(request);
    let mut heard = Vec::new();
    let _ = stream.read_to_end(&mut heard);
    String::from_utf8_lossy(&heard).into_owned()
}

fn post(fields: &str, body: &str) -> Vec<u8> {
    let head = "POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\n";
    format!("{head}{fields}\r\n{body}").into_bytes()
}

#[test]
fn lengths_that_are_no_plain_numbers_are_refused() {
    let server = Server::start();
    for length in
        ["0x2", "+2", "-2", "2, 2", "2;", "2 2", "", "99999999999999999999", "2.0", "\u{b2}"]
    {
        let reply = raw(&server, &post(&format!("Content-Length: {length}\r\n"), "{}"));
        assert!(reply.starts_with("HTTP/1.1 400") || reply.is_empty(), "{length:?}: {reply}");
        assert!(reply.matches("HTTP/1.1").count() <= 1, "{length:?}: {reply}");
    }
}

#[test]
fn chunks_whose_sizes_are_tricks_are_refused() {
    let server = Server::start();
    let chunked = "Transfer-Encoding: chunked\r\n";
    for body in [
        "0x2\r\n{}\r\n0\r\n\r\n",
        "+2\r\n{}\r\n0\r\n\r\n",
        "-2\r\n{}\r\n0\r\n\r\n",
        "2\n{}\n0\n\n",
        "fffffffffffffffff\r\n{}\r\n0\r\n\r\n",
        "\r\n{}\r\n0\r\n\r\n",
        "2\r\n{}x\r\n0\r\n\r\n",
        "g\r\n{}\r\n0\r\n\r\n",
    ] {
        let reply = raw(&server, &post(chunked, body));
        assert!(reply.starts_with("HTTP/1.1 4") || reply.is_empty(), "{body:?}: {reply}");
        assert!(reply.matches("HTTP/1.1").count() <= 1, "{body:?}: {reply}");
    }
    // A body in good chunks is one.
    let reply = raw(&server, &post(chunked, "2\r\n{}\r\n0\r\n\r\n"));
    assert!(reply.starts_with("HTTP/1.1 422"), "{reply}");
}

#[test]
fn folded_and_nameless_fields_are_refused() {
    let server = Server::start();
    for field in [
        "X-A: b\r\n c: d\r\n",
        "X-A : b\r\n",
        " X-A: b\r\n",
        ": b\r\n",
        "X-A\r\n",
        "X-\u{1}: b\r\n",
        "X-A: b\u{0}c\r\n",
        "X-A: b\rc\r\n",
    ] {
        let request = format!("GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{field}\r\n");
        let reply = raw(&server, request.as_bytes());
        assert!(reply.starts_with("HTTP/1.1 400") || reply.is_empty(), "{field:?}: {reply}");
    }
}

#[test]
fn a_head_that_is_too_large_is_refused() {
    let server = Server::start();
    let ada = server.actor("ada");
    let opened = json!({ "identifier": "ada", "password": PASSWORD, "transport": "cookie" });
    let opened = server.client().post("/v1/sessions", &opened).expect(201);
    let cookie = opened.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    for field in [
        format!("Cookie: {cookie}; x={}\r\n", "a".repeat(150_000)),
        format!("X-A: {}\r\n", "a".repeat(150_000)),
        "X-A: b\r\n".repeat(20_000),
    ] {
        let request =
            format!("GET /v1/users/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{field}\r\n");
        let reply = raw(&server, request.as_bytes());
        let is_refused =
            ["HTTP/1.1 431", "HTTP/1.1 400"].iter().any(|start| reply.starts_with(start));
        assert!(is_refused || reply.is_empty(), "{}", reply.chars().take(300).collect::<String>());
    }
    let long = format!("/v1/users?q={}", "a".repeat(150_000));
    let reply = raw(
        &server,
        format!("GET {long} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").as_bytes(),
    );
    assert!(!reply.starts_with("HTTP/1.1 2"), "{}", reply.chars().take(300).collect::<String>());
    assert!(ada.is_in());
}

/// Reads replies strictly, one behind the other: the statuses, and nothing left over.
fn strictly(mut rest: &str, methods: &[&str]) -> Vec<String> {
    let mut statuses = Vec::new();
    for method in methods {
        let (head, after) = rest.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{rest}"));
        assert!(head.starts_with("HTTP/1.1 "), "{head}");
        statuses.push(head[9..12].to_owned());
        let field = |name: &str| {
            let lines = head.lines().filter_map(|line| line.split_once(": "));
            let mut found = lines.filter(|(known, _)| known.eq_ignore_ascii_case(name));
            let value = found.next().map(|(_, value)| value);
            assert!(found.next().is_none(), "{name} twice: {head}");
            value
        };
        let (length, chunked) = (field("content-length"), field("transfer-encoding"));
        assert!(length.is_none() || chunked.is_none(), "both: {head}");
        rest = match (length, chunked) {
            _ if *method == "HEAD" || head[9..12] == *"204" => after,
            (Some(length), _) => &after[length.parse().unwrap()..],
            (None, Some(_)) => after.split_once("\r\n0\r\n\r\n").unwrap().1,
            (None, None) => panic!("a body without an end: {head}"),
        };
    }
    assert_eq!(rest, "", "nothing is left over");
    statuses
}

#[test]
fn many_requests_sent_at_once_get_one_reply_each() {
    let server = Server::start();
    let ada = server.actor("ada");
    let bearer = format!("Host: x\r\nAuthorization: Bearer {}\r\n", ada.access_token());
    let json = "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
    // No HEAD among them: SECURITY.md tells why.
    let requests = [
        format!("GET /v1/users/me HTTP/1.1\r\n{bearer}\r\n"),
        format!("GET /v1/nowhere HTTP/1.1\r\n{bearer}\r\n"),
        format!("POST /v1/books HTTP/1.1\r\n{bearer}{json}"),
        format!("OPTIONS /v1/users HTTP/1.1\r\n{bearer}\r\n"),
        format!("GET /user HTTP/1.1\r\n{bearer}\r\n"),
        format!("GET /livez HTTP/1.1\r\n{bearer}Connection: close\r\n\r\n"),
    ];
    let all = raw(&server, requests.concat().as_bytes());
    let methods = requests.each_ref().map(|request| request.split(' ').next().unwrap());
    assert_eq!(strictly(&all, &methods), ["200", "404", "422", "204", "200", "200"]);
}

#[test]
fn a_head_has_no_body_and_the_next_reply_begins_behind_it() {
    let server = Server::start();
    let ada = server.actor("ada");
    let mut stream = TcpStream::connect(server.url().trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
    let mut ask = |method: &str, path: &str| -> String {
        let bearer = format!("Authorization: Bearer {}\r\n", ada.access_token());
        write!(stream, "{method} {path} HTTP/1.1\r\nHost: x\r\n{bearer}\r\n").unwrap();
        let (mut heard, mut bytes) = (String::new(), [0; 65_536]);
        // What comes within a second is the reply.
        while let Ok(length @ 1..) = stream.read(&mut bytes) {
            heard.push_str(std::str::from_utf8(&bytes[..length]).unwrap());
        }
        heard
    };
    for path in ["/v1/users/me", "/readyz", "/user"] {
        assert_eq!(strictly(&ask("HEAD", path), &["HEAD"]), ["200"], "{path}");
        assert_eq!(strictly(&ask("GET", path), &["GET"]), ["200"], "{path}");
    }
}

#[test]
fn no_reply_is_wrapped_into_a_function() {
    let server = Server::start();
    let ada = server.actor("ada");
    let refused = ada.client.get("/v1/users/me?callback=alert");
    assert!(!refused.text.contains("alert("), "{}", refused.text);
    for path in [
        "/livez",
        "/v1/books",
        "/user",
        "/users",
        "/chats",
        "/sessions/me",
        "/.well-known/jwks.json",
    ] {
        for name in ["callback", "jsonp", "cb"] {
            let reply = ada.client.get(&format!("{path}?{name}=alert"));
            let kind = reply.header("content-type").unwrap();
            assert!(kind.contains("json"), "{path}: {kind}");
            reply.body();
        }
    }
}
