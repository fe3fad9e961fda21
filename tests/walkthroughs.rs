//! What `docs/compat/*.md` tell people to type prints what they say it prints.
//!
//! The first fenced block below `## Try it` runs in Bash, in the folder of a fresh server; the second
//! one is what must come out, line by line, `…` standing for anything.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a page that does not hold fails its test")]

use std::path::Path;
use std::process::Command;

use acceptance::Server;

const ADDRESS: &str = "http://127.0.0.1:8080";

fn walk_through(door: &str) {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../docs/compat/{door}.md"));
    let page = std::fs::read_to_string(&page).unwrap();
    let (_, section) = page.split_once("\n## Try it\n").unwrap();
    // Fenced blocks are the odd ones between the fences.
    let blocks: Vec<&str> = section.split("\n```").collect();
    let (typed, expected) = (blocks[1], blocks[3]);
    assert!(typed.contains(ADDRESS), "{door}: the first block calls the server");
    let server = Server::start();
    let output = Command::new("bash")
        .args(["-euo", "pipefail", "-c", &typed.replace(ADDRESS, server.url())])
        .current_dir(server.folder())
        .output()
        .unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{door}: {}\n{printed}{complaints}", output.status);
    let mut lines = printed.lines();
    for wanted in expected.lines().filter(|line| !line.is_empty()) {
        let line = lines.next().unwrap_or_else(|| panic!("{door}: nothing left for {wanted}"));
        assert!(agrees(wanted, line), "{door}\nexpected {wanted}\nprinted  {line}");
    }
    assert_eq!(lines.next(), None, "{door}: more than the page says");
}

/// Whether the line holds the pieces between the `…` in order, from its first to its last character.
fn agrees(wanted: &str, line: &str) -> bool {
    let Some((first, rest)) = wanted.split_once('…') else { return wanted == line };
    let Some(mut left) = line.strip_prefix(first) else { return false };
    let mut pieces: Vec<&str> = rest.split('…').collect();
    let last = pieces.pop().unwrap_or_default();
    for piece in pieces {
        let Some((_, after)) = left.split_once(piece) else { return false };
        left = after;
    }
    left.ends_with(last)
}

#[test]
fn the_comparison_tells_lines_apart() {
    assert!(agrees("a…c…e", "abcde"));
    for other in ["abcdef", "abde", "xabcde", "acb"] {
        assert!(!agrees("a…c…e", other), "{other}");
    }
    assert!(agrees("same", "same") && !agrees("same", "same!"));
}

#[test]
fn the_walk_through_of_door_1() {
    walk_through("py-api");
}

#[test]
fn the_walk_through_of_door_2() {
    walk_through("flask-user-auth");
}

#[test]
fn the_walk_through_of_door_3() {
    walk_through("drf-accounts");
}

#[test]
fn the_walk_through_of_door_4() {
    walk_through("test-library");
}

#[test]
fn the_walk_through_of_door_5() {
    walk_through("chit-chat");
}
