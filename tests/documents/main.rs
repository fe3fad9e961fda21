//! What the pages about security say, compared with the code, the settings and the tables they speak of.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a page that does not hold fails its test")]

mod kept;
mod named;
mod numbers;
mod sbom;

use std::path::{Path, PathBuf};

/// The folder of the workspace.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The pages about security.
fn pages() -> Vec<(String, String)> {
    let mut pages = vec![("SECURITY.md".to_owned(), read("SECURITY.md"))];
    for entry in std::fs::read_dir(root().join("docs/security")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let path = format!("docs/security/{name}");
        pages.push((path.clone(), read(&path)));
    }
    assert!(pages.len() > 4, "{} pages", pages.len());
    pages
}

/// The rows of those tables whose last column has this head.
fn rows_under(text: &str, last: &str) -> Vec<Vec<String>> {
    let tables = text.split("\n\n").filter(|block| {
        let head = block.lines().find(|line| line.starts_with('|')).unwrap_or_default();
        head.trim_matches('|').split('|').next_back().map(str::trim) == Some(last)
    });
    tables.flat_map(rows).collect()
}

/// The cells of each row below a table's head, for all tables of a text.
fn rows(text: &str) -> Vec<Vec<String>> {
    let lines = text.lines().filter(|line| line.starts_with('|'));
    let cells = |line: &str| -> Vec<String> {
        line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
    };
    let rows: Vec<Vec<String>> = lines.map(cells).collect();
    let is_rule = |row: &Vec<String>| row.iter().all(|cell| cell.chars().all(|c| c == '-'));
    let bodies = rows.iter().enumerate().filter(|(at, row)| {
        let is_head = rows.get(at + 1).is_some_and(is_rule);
        !is_head && !is_rule(row)
    });
    bodies.map(|(_, row)| row.clone()).collect()
}

/// The part of a page below this heading, up to the next one.
fn section(text: &str, heading: &str) -> String {
    let (_, rest) = text
        .split_once(&format!("\n## {heading}\n"))
        .unwrap_or_else(|| panic!("no section {heading}"));
    rest.split("\n## ").next().unwrap_or_default().to_owned()
}

/// What stands between backticks.
fn code(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}
