//! Compares a reply with what a transcript expects, taking and filling in names.

use std::collections::HashMap;

use serde_json::Value;

/// What was taken so far.
pub(crate) type Names = HashMap<String, String>;

/// Whether the value of a header begins with what is expected of it. What stands in place of a
/// `{{name}}` is taken, up to what follows it.
pub(crate) fn header_matches(expected: &str, found: &str, names: &mut Names) -> bool {
    let expected = fill(expected, names);
    let Some((before, rest)) = expected.split_once("{{") else {
        return found.starts_with(&expected);
    };
    let Some((name, after)) = rest.split_once("}}") else { return false };
    let Some(found) = found.strip_prefix(before) else { return false };
    let end = if after.is_empty() { Some(found.len()) } else { found.find(after) };
    let Some((value, _)) = end.filter(|end| *end > 0).and_then(|end| found.split_at_checked(end))
    else {
        return false;
    };
    if name != "_" {
        names.insert(name.to_owned(), value.to_owned());
    }
    true
}

/// `text` with every name that is known in its place.
pub(crate) fn fill(text: &str, names: &Names) -> String {
    names.iter().fold(text.to_owned(), |text, (name, value)| {
        text.replace(&format!("{{{{{name}}}}}"), value)
    })
}

/// Whether `found` is `expected`, member by member: neither more nor less.
pub(crate) fn matches(expected: &Value, found: &Value, names: &mut Names) -> bool {
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

fn take(name: &str, found: &Value, names: &mut Names) -> bool {
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

#[test]
fn a_name_in_a_header_takes_up_to_what_follows() {
    let mut names = HashMap::new();
    assert!(header_matches("id={{x}}; Path=/", "id=1 2; Path=/; Secure", &mut names));
    assert_eq!(fill("{{x}}", &names), "1 2");
    assert!(header_matches("id={{x}};", "id=1 2; Secure", &mut names));
    assert!(!header_matches("id={{x}};", "id=3; Secure", &mut names));
    assert!(!header_matches("id={{y}}; Path", "id=; Path", &mut names));
    assert!(header_matches("text/{{_}}", "text/html", &mut names));
}
