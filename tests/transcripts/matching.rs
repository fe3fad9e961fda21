//! Compares a reply with what a transcript expects, taking and filling in names.

use std::collections::HashMap;

use serde_json::Value;

/// `text` with every name that is known in its place.
pub(crate) fn fill(text: &str, names: &HashMap<String, String>) -> String {
    names.iter().fold(text.to_owned(), |text, (name, value)| {
        text.replace(&format!("{{{{{name}}}}}"), value)
    })
}

/// Whether `found` is `expected`, member by member: neither more nor less.
pub(crate) fn matches(
    expected: &Value,
    found: &Value,
    names: &mut HashMap<String, String>,
) -> bool {
    match (expected, found) {
        (Value::String(text), found) if name_in(text).is_some() => {
            take(name_in(text).unwrap_or_default(), found, names)
        }
        (Value::Object(expected), Value::Object(found)) => {
            expected.len() == found.len()
                && expected.iter().all(|(key, value)| {
                    found.get(key).is_some_and(|found| matches(value, found, names))
                })
        }
        (Value::Array(expected), Value::Array(found)) => {
            expected.len() == found.len()
                && expected
                    .iter()
                    .zip(found)
                    .all(|(expected, found)| matches(expected, found, names))
        }
        (expected, found) => expected == found,
    }
}

fn name_in(text: &str) -> Option<&str> {
    text.strip_prefix("{{")?.strip_suffix("}}")
}

fn take(name: &str, found: &Value, names: &mut HashMap<String, String>) -> bool {
    let text = found.as_str().map_or_else(|| found.to_string(), str::to_owned);
    if name == "_" {
        return true;
    }
    *names.entry(name.to_owned()).or_insert_with(|| text.clone()) == text
}

#[test]
fn a_name_takes_once_and_holds_from_then_on() {
    let mut names = HashMap::new();
    let expected = serde_json::json!({ "a": "{{x}}", "b": "{{_}}" });
    assert!(matches(&expected, &serde_json::json!({ "a": "1", "b": null }), &mut names));
    assert!(matches(&expected, &serde_json::json!({ "a": "1", "b": 2 }), &mut names));
    assert!(!matches(&expected, &serde_json::json!({ "a": "2", "b": 2 }), &mut names));
    assert!(!matches(&expected, &serde_json::json!({ "a": "1" }), &mut names));
    assert!(!matches(&expected, &serde_json::json!({ "a": "1", "b": 2, "c": 3 }), &mut names));
    assert_eq!(fill("Bearer {{x}}", &names), "Bearer 1");
}
