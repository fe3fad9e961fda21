//! The list behind `store_contract!` and the contracts written are the same.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The names after `start` on the lines that begin with it.
fn names<'a>(source: &'a str, start: &str) -> Vec<&'a str> {
    let lines = source.lines().filter_map(|line| line.strip_prefix(start));
    lines.filter_map(|line| line.split(['(', ' ', '<']).next()).collect()
}

/// Every contract that is written, as `group::sentence`.
fn written(folder: &Path) -> BTreeSet<String> {
    let mut written = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let group = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let source = fs::read_to_string(&path).unwrap();
        let names = names(&source, "pub async fn ");
        written.extend(names.iter().map(|name| format!("{group}::{name}")));
    }
    written
}

/// Every contract that the macro makes a test of, as `group::sentence`.
fn listed(folder: &Path) -> Vec<String> {
    let source = fs::read_to_string(folder.join("list.rs")).unwrap();
    let (_, list) = source.split_once("contract_tests! {\n").unwrap();
    let (list, _) = list.split_once("\n        }\n").unwrap();
    let mut listed = Vec::new();
    let mut group = "";
    for line in list.lines().map(str::trim).filter(|line| *line != "}") {
        match line.strip_suffix(" {") {
            Some(name) => group = name,
            None => listed.push(format!("{group}::{line}")),
        }
    }
    listed
}

#[test]
fn every_contract_is_listed_once_and_in_its_group() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/contract");
    let (written, listed) = (written(&folder), listed(&folder));
    assert!(written.len() > 100, "only {} contracts were found", written.len());
    assert_eq!(listed.iter().cloned().collect::<BTreeSet<_>>(), written);
    assert_eq!(listed.len(), written.len(), "a contract is listed twice");
}
