//! The document against the application: what it promises is there, and what is there is in it.

use std::collections::BTreeSet;

use actix_web::http::Method;
use actix_web::test::TestRequest;

use super::*;
use crate::ApiSettings;
use crate::testing::World;

fn document() -> Value {
    serde_json::from_str(&openapi_json("http://127.0.0.1:8080")).unwrap()
}

fn paths(document: &Value) -> &Map<String, Value> {
    document["paths"].as_object().unwrap()
}

async fn ask(method: &str, path: &str) -> crate::testing::Reply {
    let path = path.replace("{id}", "0192f7a0-7c5e-7d3a-9b1c-2f4e6a8c0d1e");
    let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
    World::new(ApiSettings::default()).call(TestRequest::with_uri(&path).method(method)).await
}

#[actix_web::test]
async fn every_operation_answers_one_of_its_statuses() {
    for (path, operations) in paths(&document()) {
        for (method, operation) in operations.as_object().unwrap() {
            let reply = ask(method, path).await;
            let promised = operation["responses"].as_object().unwrap();
            let status = reply.status.to_string();
            assert!(promised.contains_key(&status), "{method} {path} answers {status}");
        }
    }
}

#[actix_web::test]
async fn no_path_knows_a_method_that_the_document_does_not() {
    for (path, operations) in paths(&document()) {
        let reply = ask("TRACE", path).await;
        assert_eq!(reply.status, 405, "{path}");
        let allow = reply.field("allow");
        let allowed: BTreeSet<String> =
            allow.split(", ").filter(|name| *name != "HEAD").map(str::to_lowercase).collect();
        let described: BTreeSet<String> = operations.as_object().unwrap().keys().cloned().collect();
        assert_eq!(allowed, described, "{path}");
    }
}

#[test]
fn every_operation_says_what_it_does_and_how_it_fails() {
    let mut seen = BTreeSet::new();
    for operation in paths(&document()).values().flat_map(|path| path.as_object().unwrap().values())
    {
        let id = operation["operationId"].as_str().unwrap();
        assert!(seen.insert(id.to_owned()), "{id} is there twice");
        assert!(problems::responses(id).is_some(), "{id} has no row in the table of problems");
        let summary = operation["summary"].as_str().unwrap();
        assert!(summary.len() > 5 && !summary.ends_with('.'), "{id}: {summary}");
        assert!(operation["security"].is_array(), "{id}");
        assert!(operation["tags"].as_array().is_some_and(|tags| tags.len() == 1), "{id}");
    }
    assert_eq!(seen.len(), problems::count(), "the table of problems has rows of no operation");
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document();
    let mut references = Vec::new();
    collect(&document, &mut references);
    assert!(references.len() > 100);
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

fn collect(value: &Value, references: &mut Vec<String>) {
    if let Some(reference) = value.get("$ref").and_then(Value::as_str) {
        references.push(reference.to_owned());
    }
    let members = value.as_object().into_iter().flat_map(Map::values);
    members
        .chain(value.as_array().into_iter().flatten())
        .for_each(|inner| collect(inner, references));
}

#[test]
fn bodies_that_are_sent_take_no_unknown_members() {
    let document = document();
    for name in ["NewUser", "UserPatch", "NewPassword", "NewBook", "BookPatch", "SignIn", "Refresh"]
    {
        let schema = &document["components"]["schemas"][name];
        let object = schema.pointer("/allOf/0").unwrap_or(schema);
        assert_eq!(object["additionalProperties"], json!(false), "{name}");
    }
}

#[test]
fn the_document_is_the_same_each_time_and_names_its_server() {
    let text = openapi_json("https://auth.example.org");
    assert_eq!(text, openapi_json("https://auth.example.org"));
    assert_eq!(text, template_at("https://auth.example.org", "__Host-doorward"));
    assert!(!text.contains("{public_url}") && !text.contains("{cookie_name}"));
    let document: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["servers"][0]["url"], "https://auth.example.org");
}

/// Made anew, so that two makings are compared.
fn template_at(public_url: &str, cookie_name: &str) -> String {
    template().replace("{public_url}", public_url).replace("{cookie_name}", cookie_name)
}
