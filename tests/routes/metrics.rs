//! `GET /metrics`: what the process counts.

use std::collections::BTreeSet;

use acceptance::{Client, PASSWORD, Server};
use serde_json::json;

use crate::lane::figure;

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
    let requests =
        |labels: &str| figure(&server, &format!("doorward_http_requests_total{{{labels}}}"));
    assert!(requests("surface=\"v1\",status=\"2xx\"") >= 4.0, "{}", reply.text);
    assert!(requests("surface=\"ops\",status=\"2xx\"") >= 1.0, "{}", reply.text);
    let asked = figure(&server, "doorward_http_request_seconds_count{surface=\"v1\"}");
    assert!(asked >= 4.0, "{}", reply.text);
    assert!(!reply.text.contains("ada"), "nothing of anybody");
    let readings = |from: &str| {
        figure(&server, &format!("doorward_session_readings_total{{from=\"{from}\"}}"))
    };
    assert!(readings("memory") >= 2.0 && readings("store") >= 1.0, "{}", reply.text);
}

#[test]
fn requests_are_counted_by_surface_and_nothing_that_a_caller_chooses_is_a_label() {
    let server = Server::start();
    let client = server.client();
    client.get("/nowhere/hunter2").expect(404);
    client.get("/v1/hunter2").expect(404);
    client.send("HUNTER2", "/livez", "").expect(405);
    client.post("/sessions/login", &json!({ "username": "hunter2", "password": PASSWORD }));
    let page = client.get("/metrics").expect(200).text;
    assert!(!page.to_lowercase().contains("hunter2"), "{page}");
    let surfaces: BTreeSet<&str> =
        page.split("surface=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let all =
        ["chit-chat", "drf-accounts", "flask-user-auth", "ops", "py-api", "test-library", "v1"];
    assert_eq!(surfaces, BTreeSet::from(all));
    let refused = |surface: &str| {
        let labels = format!("{{surface=\"{surface}\",status=\"4xx\"}}");
        figure(&server, &format!("doorward_http_requests_total{labels}"))
    };
    assert_eq!((refused("ops"), refused("py-api")), (2.0, 1.0), "{page}");
}

#[test]
fn all_figures_are_on_their_page() {
    let page = Server::start().client().get("/metrics").expect(200).text;
    let kinds = page.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    let there: BTreeSet<String> = kinds.map(str::to_owned).collect();
    let document = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/metrics.md");
    let document = std::fs::read_to_string(document).unwrap();
    let rows = document.lines().filter_map(|line| line.strip_prefix("| `doorward_"));
    let told: BTreeSet<String> = rows
        .map(|row| {
            let mut columns = row.split(" | ");
            let name = columns.next().unwrap().trim_end_matches('`');
            format!("doorward_{name} {}", columns.next().unwrap())
        })
        .collect();
    assert_eq!(there, told);
    let described = page.lines().filter(|line| line.starts_with("# HELP ")).count();
    assert_eq!(described, there.len(), "each says what it is: {page}");
}

#[test]
fn figures_can_be_shown_apart_and_are_shown_nowhere_else_then() {
    let server = Server::builder().with("metrics.bind", "127.0.0.1:0").start();
    server.client().get("/metrics").expect(404);
    let line = server.banner().lines().find_map(|line| line.trim().strip_prefix("Metrics "));
    let url = line.unwrap().trim().strip_suffix("/metrics").unwrap();
    assert_ne!(url, server.url());
    let apart = Client::new(url);
    let page = apart.get("/metrics").expect(200);
    assert!(page.text.contains("doorward_password_lanes"), "{}", page.text);
    apart.post("/metrics", &json!({})).expect(405);
    for path in ["/", "/livez", "/v1/users/me", "/v1/openapi.json", "/sessions/me", "/docs"] {
        assert_eq!(apart.get(path).status, 404, "{path}");
    }
}
