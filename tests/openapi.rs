//! The OpenAPI document: served, printed and committed alike.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "openapi/bodies.rs"]
mod bodies;

use std::path::Path;

use acceptance::Server;
use serde_json::Value;

fn committed() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/openapi.json");
    std::fs::read_to_string(path).unwrap()
}

fn operations(document: &Value) -> impl Iterator<Item = (String, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    paths.iter().flat_map(|(path, item)| {
        let operations = item.as_object().unwrap().iter();
        operations
            .filter(|(name, _)| ["get", "post", "put", "patch", "delete"].contains(&name.as_str()))
            .map(move |(method, operation)| (format!("{method} {path}"), operation))
    })
}

#[test]
fn the_committed_document_is_the_binarys() {
    let default = Server::builder().with("server.public_url", "http://127.0.0.1:8080").start();
    let (succeeded, printed) = default.run(&["openapi"], "");
    assert!(succeeded);
    let same = printed.trim() == committed().trim();
    assert!(same, "docs/openapi.json is out of date; run: make openapi");
}

#[test]
fn the_server_serves_it_with_its_own_address() {
    let server = Server::start();
    let served = server.client().get("/v1/openapi.json").expect(200);
    assert_eq!(served.text_at("/openapi").split('.').next(), Some("3"));
    assert_eq!(served.text_at("/servers/0/url"), server.url());
    let committed: Value = serde_json::from_str(&committed()).unwrap();
    assert_eq!(served.at("/paths"), committed["paths"]);
}

#[test]
fn every_operation_explains_itself() {
    let document: Value = serde_json::from_str(&committed()).unwrap();
    assert_eq!(document["openapi"].as_str().map(|version| &version[..3]), Some("3.1"));
    let mut count = 0;
    for (name, operation) in operations(&document) {
        count += 1;
        assert!(operation["summary"].is_string(), "{name} has no summary");
        assert!(operation["operationId"].is_string(), "{name} has no operationId");
        let replies = operation["responses"].as_object().unwrap();
        assert!(replies.keys().any(|status| status.starts_with('2')), "{name} never succeeds");
        if name.contains(" /v1/") && !name.contains("openapi") {
            assert!(replies.keys().any(|status| status.starts_with('4')), "{name} never refuses");
        }
    }
    assert!(count >= 20, "{count} operations");
}
