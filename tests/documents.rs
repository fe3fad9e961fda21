//! What the documents say in numbers and lists, against the code that it is said of.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const RULES: &str = include_str!("../docs/security/rules.md");
const SCHEMA: &str = include_str!("../crates/infra/src/db/schema.rs");
const DEFAULTS: &str = include_str!("../config/default.toml");

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The lines of a section, by its heading.
fn section(heading: &str) -> impl Iterator<Item = &'static str> {
    let start = format!("## {heading}");
    let lines = RULES.lines().skip_while(move |line| *line != start).skip(1);
    lines.take_while(|line| !line.starts_with("## "))
}

/// The cells of the rows of all tables in a section, headings aside.
fn rows(heading: &str) -> Vec<Vec<&'static str>> {
    let lines = section(heading).filter(|line| line.starts_with('|'));
    let rows = lines.map(|line| line.trim_matches('|').split('|').map(str::trim).collect());
    let rows: Vec<Vec<&str>> = rows.collect();
    let is_body = |at: usize| {
        let ruled = |row: Option<&Vec<&str>>| row.is_some_and(|row| row[0].starts_with("---"));
        !ruled(rows.get(at)) && !ruled(rows.get(at + 1))
    };
    (0..rows.len()).filter(|at| is_body(*at)).map(|at| rows[at].clone()).collect()
}

/// What stands between backticks.
fn quoted(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.split('`').skip(1).step_by(2)
}

/// The number that a constant or a field of this name is set to in a file.
fn number_in(file: &str, name: &str) -> u64 {
    let text = std::fs::read_to_string(root().join(file)).unwrap();
    let line = text.lines().find(|line| {
        let line = line.trim_start();
        line.contains(&format!("const {name}:"))
            || line.starts_with(&format!("{name}: "))
                && line.contains(|sign: char| sign.is_ascii_digit())
    });
    let line = line.unwrap_or_else(|| panic!("{file} sets no {name}"));
    let (_, value) = line.split_once(['=', ':']).unwrap();
    let value = value.rsplit('=').next().unwrap();
    let factors = value.split('*').map(|factor| {
        let digits: String = factor.chars().filter(char::is_ascii_digit).collect();
        digits.parse::<u64>().unwrap_or_else(|_| panic!("{file}: {line}"))
    });
    factors.product()
}

/// The number that a setting has by default.
fn setting(key: &str) -> u64 {
    let settings: toml::Table = DEFAULTS.parse().unwrap();
    let (group, name) = key.split_once('.').unwrap();
    settings[group][name].as_integer().unwrap().try_into().unwrap()
}

#[test]
fn every_limit_is_what_the_code_has() {
    let limits: Vec<_> = rows("Limits").into_iter().chain(rows("Uploads")).collect();
    assert!(limits.len() > 25, "{limits:?}");
    for row in limits {
        let said: u64 = row[1].parse().unwrap();
        let source = quoted(row[row.len() - 1]).next().unwrap();
        let set = match source.split_once("::") {
            Some((file, name)) => number_in(file, name),
            None => setting(source),
        };
        assert_eq!(said, set, "{}", row[0]);
    }
}

#[test]
fn every_column_has_a_class_and_there_are_no_others() {
    let mut table = "";
    let mut columns = BTreeSet::new();
    for line in SCHEMA.lines().map(str::trim) {
        if let Some((name, _)) = line.split_once(" (").filter(|_| line.ends_with('{')) {
            table = name;
        } else if let Some((column, _)) = line.split_once(" -> ") {
            columns.insert(format!("{table}.{column}"));
        }
    }
    let rows = rows("What is kept");
    let classes = ["secret", "personal", "content", "plain"];
    assert!(rows.iter().all(|row| classes.contains(&row[1])), "{rows:?}");
    let listed: Vec<&str> = rows.iter().flat_map(|row| quoted(row[0])).collect();
    let known: BTreeSet<String> = listed.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(known, columns);
    assert_eq!(listed.len(), columns.len(), "each once");
}

#[test]
fn secrets_are_kept_as_digests_or_sealed() {
    for row in rows("What is kept").iter().filter(|row| row[1] == "secret") {
        let safe = ["bcrypt", "SHA-256", "AES-256-GCM"];
        assert!(safe.iter().any(|word| row[2].contains(word)), "{row:?}");
    }
}

#[test]
fn lifetimes_of_sessions_are_the_default_ones() {
    let text: String = section("Sessions").collect::<Vec<_>>().join(" ");
    let settings: toml::Table = DEFAULTS.parse().unwrap();
    for key in
        ["sessions.idle", "sessions.absolute", "tokens.access_lifetime", "sessions.refresh_grace"]
    {
        let (group, name) = key.split_once('.').unwrap();
        let value = settings[group][name].as_str().unwrap();
        let before = text.split(&format!("(`{key}`)")).next().unwrap();
        let words: Vec<&str> = before.split_whitespace().rev().take(8).collect();
        assert!(words.contains(&value), "{key} is {value}: {words:?}");
    }
}

#[test]
fn every_surface_is_among_the_ways_to_sign_in() {
    let settings: toml::Table = DEFAULTS.parse().unwrap();
    let doors = settings["compat"]["doors"].as_array().unwrap();
    let mut surfaces: BTreeSet<&str> = doors.iter().filter_map(|door| door.as_str()).collect();
    surfaces.insert("v1");
    let listed = rows("Ways to sign in");
    let listed: BTreeSet<&str> = listed.iter().flat_map(|row| quoted(row[0])).collect();
    assert_eq!(listed, surfaces);
}

#[test]
fn whom_the_server_calls_is_named_by_a_setting() {
    for row in rows("Whom Doorward calls") {
        let key = quoted(row[1]).next().unwrap();
        let settings: toml::Table = DEFAULTS.parse().unwrap();
        let (group, name) = key.split_once('.').unwrap();
        assert!(settings[group].get(name).is_some(), "{key}");
    }
}

#[test]
fn rules_across_fields_name_tests_that_are_there() {
    let rows = rows("Rules across fields");
    assert!(rows.len() > 5);
    for row in rows {
        let path = quoted(row[2]).next().unwrap();
        assert!(root().join(path).exists(), "{path}");
    }
}

#[test]
fn advisories_have_deadlines_and_exceptions_a_place() {
    let text: String = section("Dependencies").collect::<Vec<_>>().join(" ");
    for word in ["critical", "high", "moderate", "low"] {
        assert!(text.contains(word), "{word}");
    }
    let days = text.split_whitespace().filter(|word| word.parse::<u32>().is_ok());
    assert_eq!(days.collect::<Vec<_>>(), ["7", "30"]);
    let rules: toml::Table = include_str!("../deny.toml").parse().unwrap();
    let waived = rules.get("advisories").and_then(|advisories| advisories.get("ignore"));
    for waiver in waived.and_then(toml::Value::as_array).into_iter().flatten() {
        let id = waiver.get("id").unwrap_or(waiver).as_str().unwrap();
        assert!(text.contains(id), "{id} is waived in deny.toml and not said here");
    }
}
