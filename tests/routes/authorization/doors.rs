//! The doors: each path is on the page with all its methods, and none is open by accident.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use acceptance::Server;

use super::table;

/// The methods of each path of the page, in one mode; those of `documented` alone are marked.
fn paths(mode: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut paths: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (operation, cells) in table("Operations of the doors") {
        if mode == "hardened" && cells[0].contains("`documented` only") {
            continue;
        }
        let (method, path) = operation.split_once(' ').unwrap();
        paths.entry(path.to_owned()).or_default().insert(method.to_owned());
        if ["/auth", "/chats", "/messages"].iter().any(|start| path.starts_with(start)) {
            paths.entry(format!("/api{path}")).or_default().insert(method.to_owned());
        }
    }
    paths
}

/// A path that can be called; what it names is not there.
fn called(path: &str) -> String {
    let path = path.replace("{uuid}", "01a21bb7-ba96-7989-b654-ade68bdcb073");
    path.replace("{id}", "4711")
        .replace("{username}", "nobody")
        .replace("{isbn}", "9780306406157")
        .replace("{name}", "00000000000000000000000000000000.png")
}

fn methods_are_those_of_the_page(mode: &str) {
    let server = Server::builder().with("compat.mode", mode).start();
    for (path, methods) in paths(mode) {
        let reply = server.client().send("TRACE", &called(&path), "");
        assert_eq!(reply.status, 405, "{mode} {path}: {}", reply.text);
        let allowed: BTreeSet<String> = reply
            .header("allow")
            .unwrap()
            .split(',')
            .map(|method| method.trim().to_owned())
            .filter(|method| method != "HEAD" && method != "OPTIONS")
            .collect();
        assert_eq!(allowed, methods, "{mode} {path}");
    }
}

#[test]
fn documented_doors_have_the_methods_of_the_page_and_no_other() {
    methods_are_those_of_the_page("documented");
}

#[test]
fn hardened_doors_have_the_methods_of_the_page_and_no_other() {
    methods_are_those_of_the_page("hardened");
}

/// Whether the page lets in who is not signed in, in this mode.
fn is_for_anybody(who: &str, mode: &str) -> bool {
    let who = match who.split_once("; `hardened`: ") {
        Some((_, hardened)) if mode == "hardened" => hardened,
        _ => who,
    };
    ["anybody", "with the code", "with a refresh token", "with the handle", "as `GET /chats`"]
        .iter()
        .any(|start| who.starts_with(start))
}

#[test]
fn who_is_not_signed_in_is_told_so_at_every_other_door() {
    for mode in ["documented", "hardened"] {
        let server = Server::builder().with("compat.mode", mode).start();
        for (operation, cells) in table("Operations of the doors") {
            let (method, path) = operation.split_once(' ').unwrap();
            if is_for_anybody(&cells[0], mode) || !paths(mode)[path].contains(method) {
                continue;
            }
            let json = server.client().with("Content-Type", "application/json");
            let body = if method == "GET" { "" } else { "{}" };
            let reply = json.send(method, &called(path), body);
            assert_eq!(reply.status, 401, "{mode} {operation}: {}", reply.text);
        }
    }
}

#[test]
fn no_path_of_a_door_is_missing_from_the_page() {
    let known = paths("documented").into_keys();
    // Door 5 answers below /api as well, which is not written out.
    let known: BTreeSet<String> = known
        .filter(|path| {
            !path.starts_with("/api/chats")
                && !path.starts_with("/api/auth")
                && !path.starts_with("/api/messages")
        })
        .collect();
    let doors = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/api/src/compat");
    let mut found = BTreeSet::new();
    for door in ["py_api", "flask_user_auth", "drf_accounts", "test_library", "chit_chat"] {
        let source = std::fs::read_to_string(doors.join(door).join("mod.rs")).unwrap();
        let code = source.lines().filter(|line| !line.trim_start().starts_with("//"));
        let code: String = code.collect::<Vec<_>>().join("\n");
        // A path is the only text that begins with a slash. Some are what paths below begin with.
        for piece in code
            .split('"')
            .skip(1)
            .step_by(2)
            .filter(|piece| piece.starts_with('/') && !piece.starts_with("/api{"))
        {
            let path = piece.replace(r":\d+", "");
            let is_known = known.contains(&path);
            let below = format!("{path}/");
            let is_start = known.iter().any(|one| one.starts_with(&below));
            assert!(is_known || is_start, "{door}: {path}");
            found.extend(is_known.then_some(path));
        }
    }
    let gone: Vec<_> = known.difference(&found).collect();
    assert!(gone.is_empty(), "on the page alone: {gone:?}");
}
