//! The commonest passwords are refused, all three thousand of them (ASVS 6.2.4).
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the list is read from where cargo keeps the source of the estimator"
)]

use std::path::{Path, PathBuf};
use std::process::Command;

use domain::users::{Password, PasswordPolicy};
use serde_json::Value;
use testkit::a_user;

/// The list that comes with the estimator, the commonest first: where cargo keeps its source.
fn list() -> Vec<String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut metadata = Command::new(cargo);
    metadata.args(["metadata", "--format-version", "1", "--locked", "--offline"]);
    let told = metadata.current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    let graph: Value = serde_json::from_slice(&told.stdout).unwrap();
    let packages = graph["packages"].as_array().unwrap();
    let estimator = packages.iter().find(|package| package["name"] == "zxcvbn").unwrap();
    let manifest = PathBuf::from(estimator["manifest_path"].as_str().unwrap());
    let file = manifest.parent().unwrap_or(Path::new("")).join("src/frequency_lists.rs");
    let text = std::fs::read_to_string(file).unwrap();
    let start = text.split_once("const PASSWORDS: &str = \"").unwrap().1;
    start.split_once('"').unwrap().0.split(',').map(str::to_owned).collect()
}

#[test]
fn the_three_thousand_commonest_of_eight_characters_or_more_are_refused() {
    let nobody = a_user().bare().build();
    let long: Vec<String> =
        list().into_iter().filter(|password| password.chars().count() >= 8).take(3_000).collect();
    assert_eq!(long.len(), 3_000);
    let accepted = long.iter().filter(|password| {
        let password = Password::parse(password.as_str()).unwrap();
        PasswordPolicy::Strict.faults(&password, &nobody).is_empty()
    });
    assert_eq!(accepted.collect::<Vec<_>>(), Vec::<&String>::new());
}
