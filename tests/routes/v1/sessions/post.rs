//! `POST /v1/sessions`.

use std::time::Instant;

use acceptance::{PASSWORD, Server};
use serde_json::json;

#[test]
fn a_sign_in_opens_a_session_and_hands_out_two_tokens() {
    let server = Server::start();
    let ada = server.actor("ada");
    let opened = &ada.opened;
    assert_eq!(opened.text_at("/token_type"), "Bearer");
    assert_eq!(opened.at("/expires_in"), 900);
    assert_eq!(opened.at("/user"), ada.me());
    assert_eq!(
        (opened.text_at("/session/door"), opened.at("/session/current")),
        ("v1".into(), true.into())
    );
    assert_eq!(opened.header("cache-control"), Some("no-store"));
    assert!(opened.header("set-cookie").is_none());
    let location = format!("/v1/sessions/{}", opened.text_at("/session/id"));
    assert_eq!(opened.header("location"), Some(location.as_str()));
}

#[test]
fn every_failure_looks_the_same() {
    let server = Server::start();
    let admin = server.admin();
    for name in ["ada", "locked", "inactive"] {
        let id = server.actor(name).id();
        if name != "ada" {
            let status = json!({ "status": name });
            admin.client.json("PATCH", &format!("/v1/users/{id}"), &status).expect(200);
        }
    }
    let bodies: Vec<_> = [
        ("nobody", PASSWORD),
        ("ada", "wrong"),
        ("locked", PASSWORD),
        ("inactive", PASSWORD),
        ("nobody@example.org", PASSWORD),
        ("+4915123456789", PASSWORD),
        ("not a name", PASSWORD),
    ]
    .into_iter()
    .map(|(identifier, password)| {
        let body = json!({ "identifier": identifier, "password": password });
        let refused =
            server.client().post("/v1/sessions", &body).expect_problem(401, "invalid_credentials");
        let mut body = refused.body();
        body["request_id"] = json!(null);
        (body.to_string(), refused.header("www-authenticate").map(str::to_owned))
    })
    .collect();
    assert!(bodies.iter().all(|body| *body == bodies[0]), "{bodies:#?}");
}

#[test]
fn malformed_sign_ins_are_refused_before_any_hash() {
    let server = Server::start();
    server.actor("ada");
    for (body, status) in [
        (r#"["ada","x"]"#, 400),
        (r#"{"identifier":"ada""#, 400),
        (r#"{"identifier":"ada","identifier":"eve","password":"x"}"#, 422),
        (r#"{"identifier":["ada"],"password":"x"}"#, 422),
        (r#"{"identifier":0,"password":true}"#, 422),
        (r#"{"identifier":"ada"}"#, 422),
        (r#"{"identifier":"ada","password":"x","transport":"pigeon"}"#, 422),
        (r#"{"identifier":"ada","password":"x","remember":true}"#, 422),
        ("null", 400),
        ("", 400),
    ] {
        let reply = server.client().with("Content-Type", "application/json").send(
            "POST",
            "/v1/sessions",
            body,
        );
        assert_eq!(reply.status, status, "{body}: {}", reply.text);
        assert!(!reply.text.contains("serde") && !reply.text.contains("struct"), "{}", reply.text);
    }
}

#[test]
fn a_huge_password_costs_no_hash() {
    let server = Server::builder().with("password.bcrypt_cost", "12").start();
    let body = json!({ "identifier": "ada", "password": "a".repeat(30_000) });
    let began = Instant::now();
    server.client().post("/v1/sessions", &body).expect(422);
    // A hash of cost 12 takes a tenth of a second on the fastest machine.
    assert!(began.elapsed().as_millis() < 100, "{:?}", began.elapsed());
}

#[test]
fn right_passwords_at_the_same_moment_are_all_let_in() {
    let server = Server::builder()
        .with("limits.enabled", "true")
        .with("limits.account_failures", "3")
        .start();
    server.actor("ada");
    let body = json!({ "identifier": "ada", "password": PASSWORD });
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let sign_in = || server.client().post("/v1/sessions", &body).status;
        let calls: Vec<_> = (0..30).map(|_| scope.spawn(sign_in)).collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    assert!(statuses.iter().all(|status| *status == 201), "{statuses:?}");
}

#[test]
fn failures_beyond_the_limit_are_refused_unseen() {
    let server = Server::builder()
        .with("limits.enabled", "true")
        .with("limits.account_failures", "3")
        .start();
    server.actor("ada");
    let try_with = |password: &str| {
        server.client().post("/v1/sessions", &json!({ "identifier": "ada", "password": password }))
    };
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let calls: Vec<_> = (0..30).map(|_| scope.spawn(|| try_with("wrong").status)).collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 401).count(), 3, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 27, "{statuses:?}");
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let calls: Vec<_> = (0..30).map(|_| scope.spawn(|| try_with("wrong").status)).collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    assert!(statuses.iter().all(|status| *status == 429), "{statuses:?}");
    let refused = try_with(PASSWORD).expect_problem(429, "too_many_requests");
    let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=600).contains(&wait));
}
