//! What the document says about bodies: every member has a rule, and the server keeps the rule.

use acceptance::Server;
use serde_json::{Value, json};

use super::{committed, operations};

/// An operation that takes JSON, its schema, and an example of its body.
struct Taken {
    operation: String,
    members: Vec<(String, Value)>,
    example: Value,
}

/// What stands behind `$ref`s.
fn resolved<'a>(document: &'a Value, mut schema: &'a Value) -> &'a Value {
    while let Some(path) = schema["$ref"].as_str() {
        schema = document.pointer(path.trim_start_matches('#')).unwrap();
    }
    schema
}

/// All members of a schema with those of the schemas that it is made of.
fn members(document: &Value, schema: &Value) -> Vec<(String, Value)> {
    let schema = resolved(document, schema);
    let own = schema["properties"].as_object().into_iter().flatten();
    let mut found: Vec<(String, Value)> =
        own.map(|(name, rule)| (name.clone(), resolved(document, rule).clone())).collect();
    for parts in ["allOf", "oneOf", "anyOf"] {
        for part in schema[parts].as_array().into_iter().flatten() {
            found.extend(members(document, part));
        }
    }
    found
}

/// The example of a body; else what its members have for examples.
fn example(document: &Value, schema: &Value) -> Value {
    let schema = resolved(document, schema);
    let parts = ["allOf", "oneOf"].into_iter().filter_map(|name| schema[name].as_array()).flatten();
    let own = schema["examples"].get(0).cloned();
    let made = || {
        let members = members(document, schema).into_iter();
        members
            .map(|(name, rule)| (name, rule["examples"].get(0).cloned().unwrap_or("x".into())))
            .collect()
    };
    let inherited = || parts.map(|part| example(document, part)).next();
    own.or_else(inherited).unwrap_or_else(|| Value::Object(made()))
}

fn taken() -> Vec<Taken> {
    let document: Value = serde_json::from_str(&committed()).unwrap();
    let mut taken = Vec::new();
    for (operation, described) in operations(&document) {
        let content = described["requestBody"]["content"].as_object().into_iter().flatten();
        for (_, body) in content.filter(|(kind, _)| kind.contains("json")) {
            let (members, example) =
                (members(&document, &body["schema"]), example(&document, &body["schema"]));
            assert!(!members.is_empty() && example.is_object(), "{operation}");
            taken.push(Taken { operation: operation.clone(), members, example });
        }
    }
    assert!(taken.len() >= 15, "{} bodies", taken.len());
    taken
}

fn is_of(rule: &Value, kind: &str) -> bool {
    let kinds = &rule["type"];
    kinds == kind || kinds.as_array().is_some_and(|kinds| kinds.iter().any(|one| one == kind))
}

fn is_ruled(rule: &Value) -> bool {
    let has = |keys: &[&str]| keys.iter().all(|key| !rule[*key].is_null());
    if is_of(rule, "string") {
        ["maxLength", "pattern", "format", "enum", "const"].iter().any(|key| has(&[key]))
    } else if is_of(rule, "integer") || is_of(rule, "number") {
        has(&["minimum", "maximum"])
    } else {
        is_of(rule, "boolean") || is_of(rule, "array") || has(&["enum"])
    }
}

#[test]
fn every_text_and_number_of_a_body_has_a_rule() {
    let mut wrong = Vec::new();
    for Taken { operation, members, .. } in taken() {
        for (name, rule) in &members {
            // What is joined of several parts is ruled by any of them.
            let parts = members.iter().filter(|(other, _)| other == name);
            if !parts.map(|(_, rule)| rule).any(is_ruled) {
                wrong.push(format!("{operation}: {name} is any {}", rule["type"]));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn a_text_of_one_character_more_than_the_document_says_is_refused() {
    let server = Server::start();
    let root = server.admin().client;
    let ada = server.actor("ada");
    let mut wrong = Vec::new();
    let mut sent = 0;
    for Taken { operation, members, example } in taken() {
        let (method, template) = operation.split_once(' ').unwrap();
        let id = match template.split('/').nth(2).unwrap_or_default() {
            "books" => {
                let book = json!({ "title": "Orlando", "author": "Virginia Woolf" });
                root.post("/v1/books", &book).expect(201).text_at("/id")
            }
            "users" => ada.id(),
            kind => {
                let room = root.post("/v1/chatrooms", &json!({ "name": "Ward 7" })).expect(201);
                let room = room.text_at("/id");
                let path = format!("/v1/chatrooms/{room}/messages");
                let message = root.post(&path, &json!({ "text": "x" })).expect(201).text_at("/id");
                if kind == "messages" { message } else { room }
            }
        };
        let path = template.replace("{id}", &id);
        for (name, rule) in members {
            let Some(most) = rule["maxLength"].as_u64() else { continue };
            let mut body = example.clone();
            body[&name] = "7".repeat(usize::try_from(most).unwrap() + 1).into();
            let reply = root.json(&method.to_uppercase(), &path, &body);
            sent += 1;
            let pointer = format!("/{name}");
            if reply.status != 422 || reply.errors().iter().all(|(place, _)| *place != pointer) {
                wrong.push(format!(
                    "{operation}: {name} of {} characters: {} {}",
                    most + 1,
                    reply.status,
                    reply.text
                ));
            }
        }
    }
    assert!(sent >= 30, "{sent} members");
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
