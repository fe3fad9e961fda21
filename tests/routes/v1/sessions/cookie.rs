//! Sessions by cookie: `transport: "cookie"` and the cross-site check.

use acceptance::{Client, PASSWORD, Reply, Server};
use serde_json::json;

fn sign_in(client: &Client) -> Reply {
    client.post(
        "/v1/sessions",
        &json!({ "identifier": "ada", "password": PASSWORD, "transport": "cookie" }),
    )
}

fn cookie(reply: &Reply) -> String {
    reply.header("set-cookie").unwrap().split(';').next().unwrap().to_owned()
}

#[test]
fn a_cookie_session_hands_out_no_token_and_ends_with_its_cookie() {
    let server = Server::start();
    server.actor("ada");
    let opened = sign_in(&server.client()).expect(201);
    let set = opened.header("set-cookie").unwrap().to_owned();
    for attribute in ["doorward=", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age="] {
        assert!(set.contains(attribute), "{attribute}: {set}");
    }
    assert!(!set.contains("Domain"));
    let value = cookie(&opened).split_once('=').unwrap().1.to_owned();
    assert!(!opened.text.contains(&value) && opened.at("/access_token").is_null());
    let browser = server.client().with("Cookie", &cookie(&opened));
    browser.get("/v1/users/me").expect(200);
    let out = browser.delete("/v1/sessions/current").expect(204);
    assert!(out.header("set-cookie").unwrap().contains("Max-Age=0"));
    browser.get("/v1/users/me").expect_problem(401, "session_revoked");
}

#[test]
fn a_new_sign_in_ends_the_session_of_the_cookie_it_replaces() {
    let server = Server::start();
    server.actor("ada");
    let first = server.client().with("Cookie", &cookie(&sign_in(&server.client()).expect(201)));
    let second = server.client().with("Cookie", &cookie(&sign_in(&first).expect(201)));
    first.get("/v1/users/me").expect_problem(401, "session_revoked");
    second.get("/v1/users/me").expect(200);
    let dead = sign_in(&first).expect(201);
    server.client().with("Cookie", &cookie(&dead)).get("/v1/users/me").expect(200);
}

#[test]
fn behind_https_the_cookie_is_host_bound_and_secure() {
    let server = Server::builder().with("server.public_url", "https://id.example.org").start();
    server.actor("ada");
    let opened = sign_in(&server.client()).expect(201);
    let set = opened.header("set-cookie").unwrap();
    assert!(set.starts_with("__Host-doorward=") && set.contains("Secure"), "{set}");
    assert!(opened.header("strict-transport-security").is_some());
    let unprefixed = cookie(&opened).replace("__Host-", "");
    server.client().with("Cookie", &unprefixed).get("/v1/users/me").expect(401);
}

#[test]
fn tokens_and_cookies_are_not_exchanged() {
    let server = Server::start();
    let ada = server.actor("ada");
    let cookie = cookie(&sign_in(&server.client()).expect(201));
    let value = cookie.split_once('=').unwrap().1.to_owned();
    server.client().bearer(&value).get("/v1/users/me").expect_problem(401, "token_invalid");
    for token in [ada.access_token(), ada.refresh_token()] {
        let tossed = format!("doorward={token}");
        server.client().with("Cookie", &tossed).get("/v1/users/me").expect(401);
    }
    let twice = format!("{cookie}; {cookie}");
    server.client().with("Cookie", &twice).get("/v1/users/me").expect(401);
}

#[test]
fn another_sites_page_changes_nothing() {
    let server =
        Server::builder().with("server.allowed_origins", "https://app.example.org").start();
    server.actor("ada");
    let browser = server.client().with("Cookie", &cookie(&sign_in(&server.client())));
    let patch = json!({ "display_name": "x" });
    for (field, value) in [
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
        ("Origin", "https://evil.example"),
        ("Origin", "null"),
    ] {
        let page = browser.with(field, value);
        page.json("PATCH", "/v1/users/me", &patch).expect_problem(403, "cross_site_request");
        sign_in(&server.client().with(field, value)).expect_problem(403, "cross_site_request");
        page.get("/v1/users/me").expect(200);
    }
    for (field, value) in [
        ("Sec-Fetch-Site", "same-origin"),
        ("Origin", server.url()),
        ("Origin", "https://app.example.org"),
    ] {
        browser.with(field, value).json("PATCH", "/v1/users/me", &patch).expect(200);
    }
    browser.json("PATCH", "/v1/users/me", &patch).expect(200);
}
