//! What is kept: each column of the schema has a class on the page.

use std::collections::BTreeSet;

use super::{code, read, rows};

/// `table.column` of all tables.
fn columns() -> BTreeSet<String> {
    let schema = read("crates/infra/src/db/schema.rs");
    let (mut table, mut columns) = (String::new(), BTreeSet::new());
    for line in schema.lines() {
        let line = line.trim();
        if let (Some((name, _)), true) = (line.split_once(" ("), line.ends_with("{")) {
            name.clone_into(&mut table);
        } else if let Some((column, _)) = line.split_once(" -> ") {
            columns.insert(format!("{table}.{column}"));
        }
    }
    assert!(columns.len() > 100, "{} columns", columns.len());
    columns
}

/// The rows about columns: those whose first cell names one.
fn classified() -> Vec<Vec<String>> {
    let rows = rows(&read("docs/security/kept.md"));
    rows.into_iter().filter(|row| row.len() == 5 && row[0].contains('.')).collect()
}

#[test]
fn every_column_has_a_class() {
    let named: Vec<String> = classified().iter().flat_map(|row| code(&row[0])).collect();
    let once: BTreeSet<String> = named.iter().cloned().collect();
    assert_eq!(once.len(), named.len(), "a column stands twice on the page");
    let wrong: Vec<_> = columns().symmetric_difference(&once).cloned().collect();
    assert!(wrong.is_empty(), "in the schema or in docs/security/kept.md alone: {wrong:?}");
}

#[test]
fn every_class_is_explained_and_no_secret_is_kept_in_clear() {
    let page = read("docs/security/kept.md");
    let classes: BTreeSet<String> =
        rows(&page).into_iter().filter(|row| row.len() == 2).map(|row| row[0].clone()).collect();
    for row in classified() {
        let (class, kept) = (&row[2], &row[3]);
        assert!(classes.contains(class), "{class} of {}", row[0]);
        let is_hidden = ["digest", "sealed"].iter().any(|way| kept.contains(way));
        assert!(class != "secret" || is_hidden, "{}: {kept}", row[0]);
        let looks_secret = ["password", "secret", "passkey", "sealed", "code_hash", "handle_hash"]
            .iter()
            .any(|word| row[0].contains(word));
        assert!(!looks_secret || class == "secret", "{} is {class}", row[0]);
        assert!(!row[4].is_empty(), "{} is kept for ever", row[0]);
    }
}
