//! `make sbom`: the bill of materials names what Cargo.lock names, no more and no less.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

use super::{read, root};

fn written() -> String {
    let output = Command::new("scripts/sbom").current_dir(root()).output().unwrap();
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaints}");
    String::from_utf8(output.stdout).unwrap()
}

fn text(value: &Value, member: &str) -> String {
    value[member].as_str().unwrap_or_else(|| panic!("no {member}: {value}")).to_owned()
}

#[test]
fn it_names_exactly_what_is_locked() {
    let written = written();
    let document: Value = serde_json::from_str(&written).unwrap();
    assert_eq!(
        (text(&document, "bomFormat"), text(&document, "specVersion")),
        ("CycloneDX".into(), "1.6".into())
    );
    let program = &document["metadata"]["component"];
    let components: Vec<&Value> =
        document["components"].as_array().unwrap().iter().chain([program]).collect();
    let reference = |one: &&Value| text(one, "bom-ref");
    let named: BTreeSet<String> = components.iter().map(reference).collect();
    assert_eq!(named.len(), components.len(), "a package is named twice");

    let lock: toml::Value = toml::from_str(&read("Cargo.lock")).unwrap();
    let packages = lock["package"].as_array().unwrap();
    let locked = |member: &str, one: &toml::Value| one[member].as_str().unwrap().to_owned();
    let there: BTreeSet<String> = packages
        .iter()
        .map(|one| format!("pkg:cargo/{}@{}", locked("name", one), locked("version", one)))
        .collect();
    let wrong: Vec<_> = there.symmetric_difference(&named).collect();
    assert!(wrong.is_empty(), "in Cargo.lock or in the bill alone: {wrong:?}");

    // Whatever comes from elsewhere has its digest, and whatever is in the program a licence.
    for one in &components {
        let name = text(one, "name");
        assert!(name.starts_with("doorward") || one["hashes"][0]["content"].is_string(), "{name}");
        assert!(
            one["scope"] == "excluded" || one["licenses"][0]["expression"].is_string(),
            "{name}"
        );
    }
    let required = components.iter().filter(|one| one["scope"] == "required").count();
    assert!(required > 100 && required < components.len(), "{required}");
    // Every edge leads to a package of the bill.
    for edge in document["dependencies"].as_array().unwrap() {
        assert!(named.contains(&text(edge, "ref")));
        for to in edge["dependsOn"].as_array().unwrap() {
            assert!(named.contains(to.as_str().unwrap()), "{edge}");
        }
    }
    assert!(!written.contains(env!("CARGO_MANIFEST_DIR")), "no path of the machine");
}

#[test]
fn it_is_the_same_each_time() {
    assert_eq!(written(), written());
}
