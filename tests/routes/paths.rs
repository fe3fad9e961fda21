//! Paths that lead nowhere, and names that are decoded once.

use acceptance::{PASSWORD, Server};
use serde_json::json;

/// What must not be there: folders, what lies beside the program, and what others serve out of habit.
const NOWHERE: &[&str] = &[
    "/static",
    "/static/",
    "/static/propics",
    "/static/propics/",
    "/pages",
    "/pages/",
    "/problems",
    "/problems/",
    "/v1",
    "/v1/",
    "/.well-known",
    "/.well-known/",
    "/.git/HEAD",
    "/.git/config",
    "/.env",
    "/Cargo.toml",
    "/Cargo.lock",
    "/doorward.toml",
    "/config/default.toml",
    "/data/doorward.db",
    "/doorward.db",
    "/secrets/refresh-chain.key",
    "/data/secrets/signing-keys.json",
    "/pages/links.js.map",
    "/pages/../Cargo.toml",
    "/static/propics/../../secrets/refresh-chain.key",
    "/debug",
    "/debug/pprof/",
    "/health/details",
    "/swagger",
    "/swagger-ui/",
    "/docs",
    "/openapi.json",
    "/actuator",
    "/admin",
    "/server-status",
    "/trace.axd",
    "/graphql",
];

#[test]
fn no_folder_is_listed_and_no_file_of_ours_is_served() {
    let server = Server::start();
    let ada = server.actor("ada");
    let root = server.admin();
    for path in NOWHERE {
        for client in [&server.client(), &ada.client, &root.client] {
            let reply = client.get(path);
            assert_eq!(reply.status, 404, "{path}: {}", reply.text);
            let kind = reply.header("content-type").unwrap();
            assert!(!kind.starts_with("text/html"), "{path}: {kind}");
            for told in ["Index of", "SQLite format", "0600", "\"keys\"", "[package]"] {
                assert!(!reply.text.contains(told), "{path}: {}", reply.text);
            }
        }
    }
}

#[test]
fn what_is_public_about_the_server_says_no_more_than_it_must() {
    let server = Server::start();
    for path in ["/livez", "/readyz"] {
        let reply = server.client().get(path).expect(200);
        assert_eq!(reply.body(), json!({ "status": "ok" }), "{path}");
    }
    let version = env!("CARGO_PKG_VERSION");
    for path in
        ["/livez", "/readyz", "/.well-known/jwks.json", "/problems/not_found", "/v1/nothing"]
    {
        let reply = server.client().get(path);
        let head: Vec<String> =
            reply.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        let all = format!("{}\n{}", head.join("\n"), reply.text).to_lowercase();
        for told in ["actix", "sqlite", "rustc", "diesel", version] {
            assert!(!all.contains(told), "{path} tells {told}: {all}");
        }
    }
}

#[test]
fn a_path_is_decoded_once() {
    let server = Server::start();
    let ada = server.actor("ada");
    let root = server.admin();
    let id = ada.id();
    root.client.get(&format!("/v1/users/{id}")).expect(200);
    root.client.get(&format!("/v1/users/{}", id.replace('-', "%2d"))).expect(200);
    for path in [
        format!("/v1/users/{}", id.replace('-', "%252d")),
        "/v1/%2575sers".to_owned(),
        "/v1%252fusers".to_owned(),
        "/static/propics/%252e%252e%252fx".to_owned(),
        "/static/propics/%2e%2e%2fx".to_owned(),
        "/static/propics/..%5cx".to_owned(),
        "/problems/not%255ffound".to_owned(),
    ] {
        assert_eq!(root.client.get(&path).status, 404, "{path}");
    }
}

#[test]
fn a_search_and_a_name_are_decoded_once() {
    let server = Server::start();
    server.actor("ada");
    let root = server.admin().client;
    let found = |typed: &str| -> Vec<String> {
        let page = root.get(&format!("/v1/users?q={typed}")).expect(200).body();
        let people = page["data"].as_array().unwrap();
        people.iter().filter_map(|one| one["username"].as_str().map(str::to_owned)).collect()
    };
    assert_eq!(found("ada"), ["ada"]);
    assert_eq!(found("%61da"), ["ada"]);
    assert!(found("%2561da").is_empty(), "decoded twice");
    assert!(found("%26%2397%3Bda").is_empty() && found("%5Cu0061da").is_empty());

    // A display name keeps what looks like an escape, and is found by its own text alone.
    let eve = server.actor("eve");
    let named = json!({ "display_name": "100%2541 \\u0041" });
    eve.client.json("PATCH", "/v1/users/me", &named).expect(200);
    assert_eq!(eve.me()["display_name"], named["display_name"]);

    // An escape that is escaped is no letter: nobody gets the name of somebody by it.
    let send = |name: &str| {
        let body = format!(r#"{{"identifier":"{name}","password":"{PASSWORD}"}}"#);
        let json = server.client().with("Content-Type", "application/json");
        json.send("POST", "/v1/sessions", &body).status
    };
    assert_eq!(send("ada"), 201);
    assert_eq!(send("\\u0061da"), 201, "JSON's own escape, decoded once");
    assert_eq!(send("\\\\u0061da"), 401);
    assert_eq!(send("%61da"), 401);
}
