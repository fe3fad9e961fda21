//! The rules of the architecture that the compiler does not keep by itself.
//!
//! Which crate may know which is written here; which crates and licences may be linked at all is
//! read from `deny.toml`, so that `cargo deny` and this test never disagree.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

#[path = "architecture/cryptography.rs"]
mod cryptography;
#[path = "architecture/graph.rs"]
mod graph;
#[path = "architecture/licence.rs"]
mod licence;
#[path = "architecture/sources.rs"]
mod sources;

use std::collections::BTreeSet;

use graph::{Ban, Graph, Kind, Locked};

/// A crate of ours, the crates of ours that it needs, and those that only its tests need.
type Edges = (&'static str, &'static [&'static str], &'static [&'static str]);

/// The dependency rule: only `server` knows everybody, and nobody knows more than the domain.
const OUR_EDGES: &[Edges] = &[
    ("doorward-domain", &[], &["doorward-testkit"]),
    ("doorward-testkit", &["doorward-domain"], &[]),
    ("doorward-infra", &["doorward-domain"], &["doorward-testkit"]),
    ("doorward-api", &["doorward-domain"], &["doorward-testkit"]),
    ("doorward", &["doorward-api", "doorward-domain", "doorward-infra"], &[]),
    // It drives the real binary from outside; of our code it needs fresh databases only.
    ("doorward-tests", &["doorward-infra"], &[]),
    // The baselines know nothing of ours, or they would measure it; the benches of functions do.
    ("doorward-benches", &[], &["doorward-domain", "doorward-infra", "doorward-testkit"]),
];

/// What the domain may be built on: parsers, plain data and hashes. Nothing that does I/O.
const DOMAIN_MAY_USE: &[&str] = &[
    "async-lock",
    "async-trait",
    "base64",
    "chrono",
    "event-listener",
    "hmac",
    "idna",
    "mockall",
    "phonenumber",
    "precis-profiles",
    "secrecy",
    "serde",
    "serde_json",
    "sha2",
    "subtle",
    "thiserror",
    "unicode-normalization",
    "unicode-security",
    "uuid",
    "zeroize",
    "zxcvbn",
];

/// What surfaces may be built on: the web framework, its document, and plain data.
const API_MAY_USE: &[&str] = &[
    "actix-web",
    "base64",
    "chrono",
    "form_urlencoded",
    "futures-util",
    "ipnet",
    "metrics",
    "multer",
    "secrecy",
    "serde",
    "serde_json",
    "serde_path_to_error",
    "strsim",
    "thiserror",
    "tokio",
    "tracing",
    "utoipa",
    "uuid",
];

/// Bans that nobody lifts in `deny.toml` alone.
const MUST_STAY_BANNED: &[&str] = &[
    "actix-governor",
    "boa_engine",
    "h2",
    "handlebars",
    "md-5",
    "minijinja",
    "mlua",
    "mysqlclient-src",
    "native-tls",
    "openssl-sys",
    "pyo3",
    "rhai",
    "rsa",
    "sha1",
    "tera",
    "wasmtime",
];

/// Fails with everything that is wrong and the way to mend it.
#[track_caller]
fn settle(wrong: &[String], mend: &str) {
    assert!(wrong.is_empty(), "\n  {}\n\n{mend}\n", wrong.join("\n  "));
}

#[test]
fn our_crates_depend_on_each_other_as_the_table_says() {
    let graph = Graph::load();
    let edges = |from: &str, to: &[&str], kind: Kind| -> BTreeSet<String> {
        to.iter().map(|to| format!("{from} -> {to} ({kind:?})")).collect()
    };
    let (mut present, mut allowed) = (BTreeSet::new(), BTreeSet::new());
    for package in graph.ours() {
        for kind in [Kind::Normal, Kind::Dev, Kind::Build] {
            let ours: Vec<&str> = package.needs(kind).filter(|need| graph.is_ours(need)).collect();
            present.extend(edges(&package.name, &ours, kind));
        }
    }
    for (name, normal, dev) in OUR_EDGES {
        allowed.extend(edges(name, normal, Kind::Normal));
        allowed.extend(edges(name, dev, Kind::Dev));
    }
    let mut wrong: Vec<String> =
        present.difference(&allowed).map(|edge| format!("{edge} is not allowed")).collect();
    wrong.extend(allowed.difference(&present).map(|edge| format!("{edge} is in the table only")));
    let unlisted =
        graph.ours().filter(|ours| OUR_EDGES.iter().all(|(name, ..)| *name != ours.name));
    wrong.extend(unlisted.map(|package| format!("{} is not in the table", package.name)));
    let mend = "Take the edge out of the crate's Cargo.toml: usually a port in the domain is missing. \
                Where the rule itself changes, change OUR_EDGES and say why in docs/decisions/.";
    settle(&wrong, mend);
}

#[test]
fn domain_and_api_are_built_on_what_is_listed() {
    let graph = Graph::load();
    let mut wrong = Vec::new();
    for (name, allowed) in [("doorward-domain", DOMAIN_MAY_USE), ("doorward-api", API_MAY_USE)] {
        let package = graph.ours().find(|package| package.name == name).expect("it is a member");
        let needs = package.needs(Kind::Normal).chain(package.needs(Kind::Build));
        let surplus = needs.filter(|need| !graph.is_ours(need) && !allowed.contains(need));
        wrong.extend(surplus.map(|need| format!("{name} uses {need}")));
    }
    let mend = "I/O, SQL, keys and the runtime belong into infra, behind a port of the domain. \
                A parser or plain data may be added to the list in this file.";
    settle(&wrong, mend);
}

#[test]
fn no_banned_crate_is_linked() {
    let (graph, lock) = (Graph::load(), graph::lock());
    let bans = graph::bans();
    for name in MUST_STAY_BANNED {
        assert!(bans.iter().any(|ban| ban.name == *name), "deny.toml no longer bans {name}");
    }
    let mut wrong = Vec::new();
    for Ban { name, wrappers, reason } in &bans {
        if wrappers.is_none() && lock.iter().any(|locked| locked.name == *name) {
            wrong.push(format!("{name} is in Cargo.lock: {reason}"));
        }
        for user in graph.users_of(name) {
            if !wrappers.as_ref().is_some_and(|may| may.iter().any(|may| may == user)) {
                wrong.push(format!("{user} uses {name}: {reason}"));
            }
        }
    }
    let mend = "`cargo tree --all-features -i <crate>` shows who brings it; mostly a feature is to be \
                switched off. What is ours uses the crate named in the reason, or a port.";
    settle(&wrong, mend);
}

#[test]
fn every_licence_is_on_the_list() {
    let allowed = graph::allowed_licences();
    let graph = Graph::load();
    let refused =
        graph.packages.iter().filter(|package| !licence::is_allowed(&package.license, &allowed));
    let wrong: Vec<String> =
        refused.map(|package| format!("{} is under {:?}", package.name, package.license)).collect();
    let mend = "Take another crate. A licence is added to deny.toml only if it is permissive.";
    settle(&wrong, mend);
}

#[test]
fn everything_comes_from_crates_io() {
    let crates_io = "registry+https://github.com/rust-lang/crates.io-index";
    let lock = graph::lock();
    assert!(lock.len() > 50, "Cargo.lock lists {} packages only", lock.len());
    let mut wrong = Vec::new();
    for Locked { name, source } in &lock {
        let is_ours = OUR_EDGES.iter().any(|(ours, ..)| ours == name);
        match source {
            None if is_ours => (),
            Some(source) if source == crates_io => (),
            None | Some(_) => wrong.push(format!("{name} comes from {source:?}")),
        }
    }
    settle(&wrong, "Depend on a version that is published on crates.io.");
}
