//! What holds for every path: limits, methods, headers, and whom the server believes.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use acceptance::Server;
use serde_json::json;

const PATHS: [&str; 6] =
    ["/livez", "/nowhere", "/v1/users", "/v1/users/me", "/sessions/me", "/sessions/nowhere"];

#[test]
fn every_reply_carries_the_security_headers_and_a_request_id() {
    let server = Server::start();
    for path in PATHS {
        for method in ["GET", "POST", "PUT", "TRACE", "BREW"] {
            let reply = server.client().send(method, path, "");
            for (name, value) in [
                ("x-content-type-options", "nosniff"),
                ("referrer-policy", "no-referrer"),
                ("cross-origin-resource-policy", "same-origin"),
                ("cross-origin-opener-policy", "same-origin"),
            ] {
                assert_eq!(reply.header(name), Some(value), "{method} {path}");
            }
            let policy = reply.header("content-security-policy").unwrap();
            assert!(
                policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'")
            );
            assert!(
                reply.header("x-request-id").is_some_and(|id| id.len() == 36),
                "{method} {path}"
            );
            assert!(reply.header("server").is_none() && reply.header("x-powered-by").is_none());
            assert!(reply.header("strict-transport-security").is_none(), "not over plain http");
        }
    }
}

#[test]
fn a_callers_request_id_is_kept_if_it_is_one() {
    let client = Server::start();
    let echoed = |id: &str| client.client().with("X-Request-Id", id).get("/v1/users/me");
    assert_eq!(
        echoed("trace-7.a_b").expect_problem(401, "authentication_required").text_at("/request_id"),
        "trace-7.a_b"
    );
    for bad in ["a b", "<x>", &"a".repeat(129)] {
        assert_ne!(echoed(bad).header("x-request-id"), Some(bad));
    }
}

#[test]
fn an_unknown_method_is_405_with_the_known_ones() {
    let server = Server::start();
    for (path, known) in
        [("/v1/users", "POST"), ("/v1/sessions/current", "DELETE"), ("/livez", "GET")]
    {
        let refused =
            server.client().send("PUT", path, "").expect_problem(405, "method_not_allowed");
        assert!(refused.header("allow").unwrap().contains(known), "{path}");
    }
    let door = server.client().send("PUT", "/sessions/login", "").expect(405);
    assert!(door.header("allow").unwrap().contains("POST"));
    assert_eq!(door.text_at("/status"), "405");
    let unknown = server.client().get("/sessions/nowhere").expect(404);
    let expected =
        json!({ "status": "404", "message": "Resource Not Found", "error": "Resource Not Found" });
    assert_eq!(unknown.body(), expected);
    server.client().get("/nowhere").expect_problem(404, "not_found");
}

#[test]
fn options_tells_the_methods_and_head_sends_no_body() {
    let server = Server::start();
    let options = server.client().send("OPTIONS", "/v1/users", "").expect(204);
    assert!(options.header("allow").unwrap().contains("GET"));
    let head = server.client().send("HEAD", "/livez", "").expect(200);
    assert_eq!(head.text, "");
}

#[test]
fn bodies_have_limits_of_size_depth_and_shape() {
    let server = Server::start();
    let send = |body: &str| {
        server.client().with("Content-Type", "application/json").send("POST", "/v1/users", body)
    };
    let large = format!("{{\"username\":\"{}\"}}", "a".repeat(70_000));
    send(&large).expect_problem(413, "body_too_large");
    let deep = format!("{{\"username\":{}1{}}}", "[".repeat(200), "]".repeat(200));
    send(&deep).expect_problem(400, "malformed_request");
    for body in ["[]", "\"x\"", "{", "{\"a\":1,}", "\u{feff}{}", "{}{}"] {
        send(body).expect_problem(400, "malformed_request");
    }
    send("{\"username\":\"a\\u0000b\"}").expect_problem(422, "validation_failed");
    let door = server.client().send("POST", "/sessions/login", &large).expect(413);
    assert!(door.at("/status").is_string() && door.at("/message").is_string());
}

#[test]
fn nonsense_in_great_numbers_is_told_in_part() {
    let server = Server::start();
    let ada = server.actor("ada");
    let many: Vec<String> = (0..5000).map(|n| format!("x{n}")).collect();
    let refused = ada.client.get(&format!("/v1/sessions?{}", many.join("&")));
    let refused = refused.expect_problem(400, "invalid_parameter");
    assert_eq!(refused.errors().len(), 50);
    let members: Vec<String> = many.iter().map(|name| format!("\"{name}\":1")).collect();
    let body = format!("{{{}}}", members.join(","));
    let json = server.client().with("Content-Type", "application/json");
    assert!(json.send("POST", "/v1/users", &body).expect(422).text.len() < 20_000);
}

#[test]
fn only_json_is_taken_where_json_is_expected() {
    let server = Server::start();
    let body = r#"{"username":"ada","password":"correct horse battery"}"#;
    for media in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "application/xml",
        "text/plain; application/json",
    ] {
        let refused = server.client().with("Content-Type", media).send("POST", "/v1/users", body);
        refused.expect_problem(415, "unsupported_media_type");
    }
    let zipped =
        server.client().with("Content-Type", "application/json").with("Content-Encoding", "gzip");
    zipped.send("POST", "/v1/users", body).expect(415);
    let utf8 = server.client().with("Content-Type", "application/json; charset=utf-8");
    utf8.send("POST", "/v1/users", body).expect(201);
}

#[test]
fn who_is_not_signed_in_learns_that_before_its_body_is_looked_at() {
    let server = Server::start();
    let client = server.client().with("Content-Type", "text/plain");
    client.send("PATCH", "/v1/users/me", "{{{").expect_problem(401, "authentication_required");
    client.send("PUT", "/v1/users/me/password", "[").expect_problem(401, "authentication_required");
}

#[test]
fn other_origins_are_answered_from_the_list_only() {
    let server =
        Server::builder().with("server.allowed_origins", "https://app.example.org").start();
    let from = |origin: &str| server.client().with("Origin", origin).get("/v1/users/me");
    let allowed = from("https://app.example.org");
    assert_eq!(allowed.header("access-control-allow-origin"), Some("https://app.example.org"));
    assert!(allowed.header("vary").unwrap().to_lowercase().contains("origin"));
    for origin in [
        "https://evil.example",
        "null",
        "https://app.example.org.evil.example",
        "https://sub.app.example.org",
        "http://app.example.org",
        "HTTPS://APP.EXAMPLE.ORG",
    ] {
        assert_eq!(from(origin).header("access-control-allow-origin"), None, "{origin}");
    }
    let preflight = server
        .client()
        .with("Origin", "https://app.example.org")
        .with("Access-Control-Request-Method", "PATCH")
        .with("Access-Control-Request-Headers", "authorization, content-type");
    let answer = preflight.send("OPTIONS", "/v1/users/me", "").expect(204);
    assert!(answer.header("access-control-allow-methods").unwrap().contains("PATCH"));
}

#[test]
fn forwarded_addresses_count_from_trusted_proxies_only() {
    let address = |server: &Server| {
        let actor = server.actor("ada");
        let forged = actor.anonymous.with("X-Forwarded-For", "203.0.113.9");
        let signed_in = acceptance::Actor::sign_in(forged, "ada");
        signed_in.opened.text_at("/session/address")
    };
    assert_eq!(address(&Server::start()), "127.0.0.1");
    let behind = Server::builder().with("server.trusted_proxies", "127.0.0.0/8").start();
    assert_eq!(address(&behind), "203.0.113.9");
}

/// Everything the server sends on one connection until it closes it, and when that began.
fn raw(server: &Server, request: &[u8]) -> (String, Duration) {
    let mut stream = TcpStream::connect(server.url().trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let began = Instant::now();
    stream.write_all(request).unwrap();
    let mut text = vec![0; 4096];
    let first = stream.read(&mut text).unwrap_or_default();
    let took = began.elapsed();
    text.truncate(first);
    drop(stream.read_to_end(&mut text));
    (String::from_utf8_lossy(&text).into_owned(), took)
}

#[test]
fn a_body_that_does_not_come_is_given_up() {
    let server = Server::start();
    let head = "POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{";
    let (reply, took) = raw(&server, head.as_bytes());
    assert!(reply.starts_with("HTTP/1.1 408"), "{reply}");
    assert!(took < Duration::from_secs(15), "{took:?}");
}

#[test]
fn a_head_that_does_not_come_is_given_up() {
    let (reply, took) = raw(&Server::start(), b"GET /livez HTTP/1.1\r\nHost: x\r\nX-Slow: ");
    assert!(reply.is_empty() || reply.starts_with("HTTP/1.1 408"), "{reply}");
    assert!(took < Duration::from_secs(10), "{took:?}");
}

#[test]
fn ambiguous_framing_is_refused() {
    let server = Server::start();
    for fields in [
        "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length: 2\r\nContent-Length: 3\r\n",
        "Transfer-Encoding: xchunked\r\n",
    ] {
        let request = format!(
            "POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{fields}\r\n{{}}"
        );
        let (reply, _) = raw(&server, request.as_bytes());
        assert!(reply.starts_with("HTTP/1.1 4"), "{fields}: {reply}");
        assert_eq!(reply.matches("HTTP/1.1").count(), 1, "{fields}");
    }
}

#[test]
fn problem_pages_are_served_by_the_binary() {
    let server = Server::start();
    let refused = server.client().get("/v1/users/me");
    let page = refused.text_at("/type");
    assert!(page.starts_with(server.url()), "{page}");
    let page = server.client().get(page.trim_start_matches(server.url())).expect(200);
    assert!(page.header("content-type").unwrap().starts_with("text/html"));
    assert!(page.text.contains("authentication_required"));
    server.client().get("/problems/nonsense").expect(404);
}
