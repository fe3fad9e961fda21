//! The commonest passwords of all are refused wherever one is set.
//!
//! Their list is that of the crate which judges passwords (MIT), read from where Cargo keeps its source.

use std::path::{Path, PathBuf};
use std::process::Command;

use acceptance::{Actor, PASSWORD, Reply, Server};
use serde_json::{Value, json};

/// As many as the verification standard asks for, of the length that is asked for here.
const COMMONEST: usize = 3_000;
const SHORTEST: usize = 8;
const ADDRESS: &str = "ada@example.org";

fn run(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Where the source of the crate is.
fn source() -> PathBuf {
    let rustc = run(Command::new("rustc").arg("-vV"));
    let host = rustc.lines().find_map(|line| line.strip_prefix("host: ")).unwrap().to_owned();
    let mut cargo = Command::new(option_env!("CARGO").unwrap_or("cargo"));
    cargo.args(["metadata", "--format-version", "1", "--offline", "--locked", "--all-features"]);
    cargo.args(["--filter-platform", &host]).current_dir(env!("CARGO_MANIFEST_DIR"));
    let metadata: Value = serde_json::from_str(&run(&mut cargo)).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let zxcvbn = packages.iter().find(|package| package["name"] == "zxcvbn").unwrap();
    assert_eq!(zxcvbn["license"], "MIT");
    let manifest = Path::new(zxcvbn["manifest_path"].as_str().unwrap());
    manifest.with_file_name("src").join("frequency_lists.rs")
}

/// The commonest passwords of eight characters or more, the commonest first.
fn commonest() -> Vec<String> {
    let source = std::fs::read_to_string(source()).unwrap();
    let list = source.split_once("const PASSWORDS: &str = \"").unwrap().1;
    let list = list.split('"').next().unwrap().split(',');
    let long = list.filter(|password| password.chars().count() >= SHORTEST);
    let commonest: Vec<String> = long.take(COMMONEST).map(str::to_owned).collect();
    assert_eq!(commonest.len(), COMMONEST);
    commonest
}

fn is_refused_as_common(reply: &Reply, member: &str) -> bool {
    let pointer = format!("/{member}");
    reply.status == 422
        && reply.errors().iter().any(|(place, code)| *place == pointer && code == "too_common")
}

#[test]
fn three_thousand_common_passwords_register_nobody() {
    let server = Server::start();
    let commonest = commonest();
    let is_taken = |password: &&String| {
        let person = json!({ "email": ADDRESS, "password": password });
        !is_refused_as_common(&server.client().post("/v1/users", &person), "password")
    };
    let taken: Vec<&String> = std::thread::scope(|scope| {
        let is_taken = &is_taken;
        let parts: Vec<_> = commonest
            .chunks(COMMONEST / 4)
            .map(|part| scope.spawn(move || part.iter().filter(is_taken).collect::<Vec<_>>()))
            .collect();
        parts.into_iter().flat_map(|part| part.join().unwrap()).collect()
    });
    assert!(taken.is_empty(), "{} of {COMMONEST} are taken: {taken:?}", taken.len());
    let person = json!({ "email": ADDRESS, "password": PASSWORD });
    server.client().post("/v1/users", &person).expect(201);
}

#[test]
fn nor_are_they_set_by_a_change_or_a_reset() {
    let server = Server::start();
    let person = json!({ "username": "ada", "email": ADDRESS, "password": PASSWORD });
    server.client().post("/v1/users", &person).expect(201);
    let ada = Actor::sign_in(server.client(), "ada");
    server.client().post("/v1/password-resets", &json!({ "identifier": ADDRESS })).expect(202);
    let link = server.mail(ADDRESS, 0).token();
    for password in commonest().iter().step_by(COMMONEST / 20) {
        let change = json!({ "current_password": PASSWORD, "new_password": password });
        let changed = ada.client.json("PUT", "/v1/users/me/password", &change);
        assert!(is_refused_as_common(&changed, "new_password"), "{password}: {}", changed.text);
        let reset = json!({ "token": link, "new_password": password });
        let reset = server.client().post("/v1/password-resets/confirm", &reset);
        assert!(is_refused_as_common(&reset, "new_password"), "{password}: {}", reset.text);
    }
    assert!(ada.is_in());
}
