//! What every source file must have, and what none may have.

use std::fs;
use std::path::{Path, PathBuf};

use crate::graph::root;
use crate::settle;

/// Files longer than this say why.
const MAX_LINES: usize = 300;
/// They say so within this many lines.
const TOP: usize = 10;
/// What the domain must not know of.
const FOREIGN_TO_THE_DOMAIN: &[&str] = &[
    "diesel",
    "actix",
    "tokio::",
    "SystemTime::now",
    "Instant::now",
    "Utc::now",
    "std::fs",
    "std::env",
    "std::net::Tcp",
];

/// A source file and its path below the workspace.
struct Source {
    path: PathBuf,
    text: String,
}

/// All Rust files below `folder`.
fn sources(folder: &str) -> Vec<Source> {
    let mut found = Vec::new();
    collect(&root().join(folder), &mut found);
    assert!(found.len() >= 3, "{folder} holds {} Rust files only", found.len());
    found
}

fn collect(folder: &Path, found: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).expect("a folder of the workspace") {
        let path = entry.expect("a readable folder").path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).expect("a readable file");
            let below = path.strip_prefix(root()).unwrap_or(&path).to_owned();
            found.push(Source { path: below, text });
        }
    }
}

fn all_sources() -> Vec<Source> {
    let mut all = sources("crates");
    all.extend(sources("tests"));
    for folder in ["fuzz/src", "fuzz/fuzz_targets", "benches/src", "benches/benches"] {
        all.extend(sources(folder));
    }
    all
}

#[test]
fn every_file_opens_with_a_sentence_about_itself() {
    let silent = all_sources().into_iter().filter(|source| {
        let first = source.text.lines().next().unwrap_or_default();
        first.strip_prefix("//! ").is_none_or(|sentence| sentence.trim().is_empty())
    });
    let wrong: Vec<String> = silent.map(|source| source.path.display().to_string()).collect();
    settle(&wrong, "Begin the file with one line `//! What it is for.`");
}

#[test]
fn no_file_is_long_without_a_reason() {
    let mut wrong = Vec::new();
    for source in all_sources() {
        let lines = source.text.lines().count();
        let reason =
            source.text.lines().take(TOP).find_map(|line| line.strip_prefix("// long because:"));
        if lines > MAX_LINES && reason.is_none_or(|reason| reason.trim().is_empty()) {
            wrong.push(format!("{} has {lines} lines", source.path.display()));
        }
    }
    settle(
        &wrong,
        "Split the file by what its parts are about, or write `// long because: …` near its top.",
    );
}

#[test]
fn no_lint_is_silenced_for_good() {
    let attributes = [concat!("#[", "allow("), concat!("#![", "allow(")];
    let wrong = lines_with(all_sources(), |line| {
        let conditional = line.contains(concat!("cfg_", "attr(")) && line.contains("allow(");
        conditional || attributes.iter().any(|attribute| line.contains(attribute))
    });
    settle(
        &wrong,
        "Write `#[expect(lint, reason = \"…\")]`: it tells when it is no longer needed.",
    );
}

#[test]
fn the_domain_knows_nothing_of_the_world() {
    let wrong = lines_with(sources("crates/domain/src"), |line| {
        let is_code = !line.trim_start().starts_with("//") && !line.contains("#[tokio::test");
        is_code && FOREIGN_TO_THE_DOMAIN.iter().any(|word| line.contains(word))
    });
    settle(&wrong, "Say what is needed in a port (a trait in the domain) and do it in infra.");
}

#[test]
fn no_other_program_is_started() {
    let wrong = lines_with(shipped(), |line| {
        ["process::Command", "Command::new(\"", "CommandExt", "libc::system", "libc::exec"]
            .iter()
            .any(|word| line.contains(word))
    });
    settle(&wrong, "Take a library, behind a port: no text of ours becomes a command line.");
}

#[test]
fn no_broken_digest_is_named() {
    let wrong = lines_with(shipped(), |line| {
        let line = line.to_ascii_lowercase();
        ["sha1", "sha-1", "sha_1", "md5", "md-5", "legacy_use_only"]
            .iter()
            .any(|word| line.contains(word))
    });
    settle(&wrong, "Digests are SHA-256, or HMAC with it.");
}

#[test]
fn unsafe_code_is_forbidden_in_every_crate() {
    let read = |path: &Path| -> toml::Value {
        let text = fs::read_to_string(path).expect("a manifest");
        toml::from_str(&text).expect("a manifest is TOML")
    };
    let workspace = read(&root().join("Cargo.toml"));
    let level = &workspace["workspace"]["lints"]["rust"]["unsafe_code"];
    let level = level.as_str().or_else(|| level.get("level").and_then(toml::Value::as_str));
    assert_eq!(level, Some("forbid"), "the lint that nothing can silence");
    let members = workspace["workspace"]["members"].as_array().expect("a list of members");
    let mut folders: Vec<PathBuf> = Vec::new();
    for member in members.iter().filter_map(toml::Value::as_str) {
        match member.strip_suffix("/*") {
            Some(parent) => {
                let found = fs::read_dir(root().join(parent)).expect("a folder of crates");
                folders.extend(found.map(|entry| entry.expect("a readable folder").path()));
            }
            None => folders.push(root().join(member)),
        }
    }
    assert!(folders.len() >= 6, "{folders:?}");
    let takes_them = |folder: &PathBuf| {
        let lints = read(&folder.join("Cargo.toml")).get("lints").cloned();
        lints.and_then(|lints| lints.get("workspace").cloned()) == Some(toml::Value::Boolean(true))
    };
    let wrong: Vec<String> = folders
        .iter()
        .filter(|folder| !takes_them(folder))
        .map(|folder| folder.display().to_string())
        .collect();
    settle(&wrong, "Write `[lints] workspace = true` into its Cargo.toml.");
}

/// What is built into the program: tests inside it come along, tests beside it do not.
fn shipped() -> Vec<Source> {
    let mut shipped = Vec::new();
    for name in ["domain", "infra", "api", "server"] {
        shipped.extend(sources(&format!("crates/{name}/src")));
    }
    shipped
}

/// The lines of `sources` that `is_wrong`, each with its place.
fn lines_with(sources: Vec<Source>, is_wrong: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for Source { path, text } in sources {
        let wrong = text.lines().zip(1..).filter(|(line, _)| is_wrong(line));
        found.extend(
            wrong.map(|(line, number)| format!("{}:{number}: {}", path.display(), line.trim())),
        );
    }
    found
}
