//! The OpenAPI document: served, printed and committed alike.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

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

/// The schemas of all that a request may bring: its body's members and its parameters.
fn sent<'a>(document: &'a Value, operation: &'a Value) -> Vec<(String, &'a Value)> {
    let mut found = Vec::new();
    let bodies = operation["requestBody"]["content"].as_object().into_iter().flatten();
    for (_, content) in bodies.filter(|(kind, _)| kind.contains("json")) {
        gather(document, &content["schema"], "", &mut found);
    }
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        found.push((parameter["name"].to_string(), &parameter["schema"]));
    }
    found
}

fn gather<'a>(
    document: &'a Value,
    schema: &'a Value,
    place: &str,
    found: &mut Vec<(String, &'a Value)>,
) {
    let named = schema["$ref"].as_str().and_then(|name| document.pointer(&name[1..]));
    let schema = named.unwrap_or(schema);
    found.push((place.to_owned(), schema));
    for part in ["allOf", "anyOf", "oneOf"] {
        for one in schema[part].as_array().into_iter().flatten() {
            gather(document, one, place, found);
        }
    }
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        gather(document, member, &format!("{place}/{name}"), found);
    }
    if schema["items"].is_object() {
        gather(document, &schema["items"], &format!("{place}/*"), found);
    }
}

/// Whether the schema says what a value may be.
fn is_ruled(schema: &Value) -> bool {
    let has = |names: &[&str]| names.iter().any(|name| !schema[*name].is_null());
    let kind = schema["type"].to_string();
    if kind.contains("string") {
        return has(&["maxLength", "enum", "const", "pattern", "format"]);
    }
    !kind.contains("integer") || (has(&["minimum"]) && has(&["maximum"]))
}

#[test]
fn every_member_and_parameter_has_a_rule() {
    let document: Value = serde_json::from_str(&committed()).unwrap();
    let mut count = 0;
    for (name, operation) in operations(&document) {
        let sent = sent(&document, operation);
        for (place, schema) in &sent {
            // One of several schemas that hold at once may leave the rule to another.
            let mut together = sent.iter().filter(|(other, _)| other == place);
            assert!(together.any(|(_, one)| is_ruled(one)), "{name} {place}: {schema}");
            count += 1;
        }
    }
    assert!(count > 60, "{count} members and parameters");
}

#[test]
fn what_is_longer_than_its_rule_is_refused_by_name() {
    let document: Value = serde_json::from_str(&committed()).unwrap();
    let server = Server::start();
    let operation = &document["paths"]["/v1/users"]["post"];
    let long: Vec<_> = sent(&document, operation)
        .into_iter()
        .filter_map(|(place, schema)| Some((place, schema["maxLength"].as_u64()?)))
        .filter(|(place, _)| place.starts_with('/'))
        .collect();
    assert!(long.len() > 5, "{long:?}");
    for (place, most) in long {
        let length = usize::try_from(most).unwrap() + 1;
        let mut person = serde_json::json!({ "username": "ada", "password": acceptance::PASSWORD });
        person[&place[1..]] = "x".repeat(length).into();
        let reply =
            server.client().post("/v1/users", &person).expect_problem(422, "validation_failed");
        assert!(reply.errors().iter().any(|(pointer, _)| *pointer == place), "{place}");
    }
}
