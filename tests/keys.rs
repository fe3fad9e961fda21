//! `doorward keys` beside running servers: nobody is signed out, and nothing sealed is lost.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use acceptance::{Actor, Server};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use infra::db::testing::Engine;
use serde_json::{Value, json};

/// Servers notice within a second; a new key begins after three.
const PATIENCE: Duration = Duration::from_secs(20);

fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < PATIENCE, "it did not happen: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The last JSON object among what a command printed.
fn run(server: &Server, arguments: &[&str]) -> Value {
    let (done, text) = server.run(arguments, "");
    assert!(done, "{arguments:?}: {text}");
    let (from, to) = (text.find('{').unwrap(), text.rfind('}').unwrap());
    serde_json::from_str(&text[from..=to]).unwrap()
}

/// The `kid` of a token.
fn kid(token: &str) -> String {
    let header = URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
    let header: Value = serde_json::from_slice(&header).unwrap();
    header["kid"].as_str().unwrap().to_owned()
}

fn published(server: &Server) -> BTreeSet<String> {
    let keys = server.client().get("/.well-known/jwks.json").expect(200).body();
    keys["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().into()).collect()
}

#[test]
fn a_rotation_is_seen_by_every_node_and_signs_nobody_out() {
    let one = Server::start();
    let other = one.another_node();
    let ada = one.actor("ada");
    let old = kid(&ada.access_token());
    let told = run(&one, &["keys", "rotate", "--json"]);
    let new = told["id"].as_str().unwrap();
    let since = Instant::now();
    for node in [&one, &other] {
        until("the new key is published", || published(node).contains(new));
    }
    assert!(since.elapsed() < Duration::from_millis(2_500), "{:?}", since.elapsed());
    assert!(published(&one).contains(&old), "the old one still verifies");
    // All the while people sign in at one node and are let in at the other.
    until("the new key signs", || {
        let again = Actor::sign_in(one.client(), "ada");
        other.client().bearer(&again.access_token()).get("/v1/users/me").expect(200);
        one.client().bearer(&ada.access_token()).get("/v1/users/me").expect(200);
        kid(&again.access_token()) == new
    });
    let listed = run(&one, &["keys", "list", "--json"]);
    let states: Vec<_> =
        listed["signing"].as_array().unwrap().iter().map(|k| &k["state"]).collect();
    assert_eq!(states, ["retired", "current"]);
    let (_, table) = one.run(&["keys", "list"], "");
    assert!(table.contains("verifies until") && table.contains("sealing"), "{table}");
    let file = fs::read_to_string(one.data_dir().join("secrets/signing-keys.json")).unwrap();
    let file: Value = serde_json::from_str(&file).unwrap();
    for key in file["keys"].as_array().unwrap() {
        assert!(!table.contains(key["private_key"].as_str().unwrap()), "no key is shown");
    }
}

#[test]
fn a_retired_key_is_refused_once_its_last_token_has_ended() {
    let server = Server::builder()
        .with("tokens.access_lifetime", "2s")
        .with("sessions.absolute", "4s")
        .with("sessions.idle", "4s")
        .start();
    let old = kid(&server.actor("ada").access_token());
    run(&server, &["keys", "rotate", "--after", "1s", "--json"]);
    assert!(published(&server).contains(&old));
    std::thread::sleep(Duration::from_secs(6));
    // Whoever reads the file again removes it.
    server.run(&["keys", "prune"], "");
    until("the old key is gone", || !published(&server).contains(&old));
    assert_eq!(published(&server).len(), 1);
}

#[test]
fn a_compromised_key_is_refused_within_seconds_and_refresh_tokens_go_on() {
    let server = Server::start();
    let ada = server.actor("ada");
    let told = run(&server, &["keys", "rotate", "--compromised", "--json"]);
    until("the old key is refused", || !ada.is_in());
    assert_eq!(published(&server).into_iter().collect::<Vec<_>>(), [told["id"].as_str().unwrap()]);
    let body = json!({ "refresh_token": ada.refresh_token() });
    let pair = server.client().post("/v1/sessions/refresh", &body).expect(200);
    let token = pair.text_at("/access_token");
    server.client().bearer(&token).get("/v1/users/me").expect(200);
}

#[test]
fn a_shared_secret_is_never_published() {
    let server = Server::builder().with("tokens.algorithm", "HS256").start();
    let ada = server.actor("ada");
    let new = run(&server, &["keys", "rotate", "--after", "0s", "--json"]);
    until("the new key signs", || {
        kid(&Actor::sign_in(server.client(), "ada").access_token()) == new["id"].as_str().unwrap()
    });
    assert!(ada.is_in());
    assert!(published(&server).is_empty());
}

/// A room with this passkey; answers with its path.
fn room(owner: &Actor, passkey: &str) -> String {
    let body = json!({ "name": "Ward 7", "passkey": passkey });
    let room = owner.client.post("/v1/chatrooms", &body).expect(201);
    format!("/v1/chatrooms/{}", room.text_at("/id"))
}

fn enters(server: &Server, name: &str, room: &str, passkey: &str) -> bool {
    let who = server.actor(name);
    let reply = who.client.post(&format!("{room}/members"), &json!({ "passkey": passkey }));
    reply.status < 300
}

#[test]
fn what_is_sealed_is_sealed_anew_on_every_engine() {
    for engine in Engine::ALL {
        // Nobody answers at this port: letters stay where they are.
        let builder = Server::builder().on(engine).with("mail.transport", "smtp://127.0.0.1:1");
        let builder = builder.with("mail.from", "Door <no-reply@example.org>");
        let Some(mut server) = builder.start_if_there() else { continue };
        let ada = server.actor("ada");
        let rooms: Vec<_> = (0..5).map(|n| room(&ada, &format!("opensesame{n}"))).collect();
        let person = json!({ "username": "eve", "email": "eve@example.org", "password": acceptance::PASSWORD });
        server.client().post("/v1/users", &person).expect(201);
        let asked = json!({ "identifier": "eve" });
        server.client().post("/v1/password-resets", &asked).expect(202);

        let done = run(&server, &["keys", "rotate", "--sealing", "--after", "2s", "--json"]);
        assert!(done["resealed"].as_u64().unwrap() >= 6, "{engine:?}: {done}");
        assert_eq!((&done["left"], &done["unopened"]), (&json!(0), &json!(0)), "{engine:?}");
        assert_eq!(done["kept"].as_array().unwrap().len(), 1, "{engine:?}: for ten minutes");
        assert!(enters(&server, "bob", &rooms[0], "opensesame0"), "{engine:?}");
        let later = room(&ada, "opensesame9");

        // Without the old key everything opens still: nothing lies under it.
        let path = server.data_dir().join("secrets/sealing.keys");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let keys = fs::read_to_string(&path).unwrap();
        fs::write(&path, format!("{}\n", keys.lines().last().unwrap())).unwrap();
        server.kill_and_restart();
        for (n, room) in rooms.iter().chain([&later]).enumerate() {
            let passkey = if n == 5 { "opensesame9".to_owned() } else { format!("opensesame{n}") };
            assert!(enters(&server, &format!("guest{n}"), room, &passkey), "{engine:?} {n}");
        }
        let again = run(&server, &["keys", "prune", "--json"]);
        assert_eq!((&again["resealed"], &again["unopened"]), (&json!(0), &json!(0)), "{engine:?}");
    }
}

#[test]
fn codes_and_links_that_are_out_outlive_both_rotations() {
    let server = Server::start();
    let address = "ada@example.org";
    let person = json!({ "username": "ada", "email": address, "password": acceptance::PASSWORD });
    server.client().post("/v1/users", &person).expect(201);
    server.client().post("/v1/password-resets", &json!({ "identifier": "ada" })).expect(202);
    let token = server.mail(address, 0).token();
    let ada = Actor::sign_in(server.client(), "ada");
    let refresh = ada.refresh_token();
    for arguments in [
        &["keys", "rotate", "--after", "0s"][..],
        &["keys", "rotate", "--sealing", "--after", "0s"],
    ] {
        let (done, text) = server.run(arguments, "");
        assert!(done, "{text}");
    }
    let body = json!({ "refresh_token": refresh });
    server.client().post("/v1/sessions/refresh", &body).expect(200);
    let body = json!({ "token": token, "new_password": "eleven quiet lanterns" });
    server.client().post("/v1/password-resets/confirm", &body).expect(204);
}

#[test]
fn a_run_that_was_stopped_is_finished_by_the_next() {
    let server = Server::start();
    let ada = server.actor("ada");
    let rooms: Vec<_> = (0..3).map(|n| room(&ada, &format!("opensesame{n}"))).collect();
    // Two old keys, and rows under the first: as a run leaves it that was killed while it waited.
    let path = server.data_dir().join("secrets/sealing.keys");
    let mut keys = fs::read_to_string(&path).unwrap();
    let old = keys.clone();
    keys.push_str(&format!("0123abcd {}\n", "5a".repeat(32)));
    fs::write(&path, &keys).unwrap();
    let done = run(&server, &["keys", "prune", "--json"]);
    assert_eq!((&done["id"], &done["resealed"]), (&json!("0123abcd"), &json!(3)));
    let kept = fs::read_to_string(&path).unwrap();
    assert!(kept.starts_with(old.trim()) && kept.contains(" left="), "kept, and noted");
    // Long after, it goes.
    let (first, rest) = kept.split_once('\n').unwrap();
    let first = format!("{} left=2026-01-01T00:00:00Z", first.split(" left=").next().unwrap());
    fs::write(&path, format!("{first}\n{rest}")).unwrap();
    let done = run(&server, &["keys", "prune", "--json"]);
    assert_eq!(done["removed"].as_array().unwrap().len(), 1, "{done}");
    assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), 1);
    assert!(enters(&server, "bob", &rooms[2], "opensesame2"));
}

#[test]
fn mistakes_are_told_and_change_nothing() {
    let server = Server::start();
    let before = fs::read(server.data_dir().join("secrets/signing-keys.json")).unwrap();
    for arguments in [
        &["keys", "rotate", "--after", "soon"][..],
        &["keys", "turn"],
        &["keys", "rotate", "--after", "8d"],
    ] {
        let (done, text) = server.run(arguments, "");
        assert!(!done, "{text}");
    }
    assert_eq!(fs::read(server.data_dir().join("secrets/signing-keys.json")).unwrap(), before);
}
