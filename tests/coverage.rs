//! The table of what is proven: every test that it names exists, and its page is up to date.

use std::path::Path;
use std::process::Command;

#[test]
fn every_test_that_the_table_of_requirements_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let script = root.join("scripts/coverage-table");
    let output = Command::new("python3").arg(script).arg("--check").output();
    let output = output.unwrap_or_else(|error| panic!("python3: {error}"));
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "\n{told}");
}
