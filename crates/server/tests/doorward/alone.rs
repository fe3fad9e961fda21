//! One process that writes alone and remembers, and others that come beside it.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::command::Folder;
use crate::server::Server;

const PATIENCE: Duration = Duration::from_secs(60);
const PASSWORD: &str = "correct horse battery";
const CHEAP: [(&str, &str); 1] = [("DOORWARD__PASSWORD__BCRYPT_COST", "4")];

/// What the server says of itself at its socket.
fn standing(folder: &Folder) -> String {
    standing_at(&folder.path().join("data/doorward.sock"))
}

fn standing_at(path: &Path) -> String {
    let mut stream = UnixStream::connect(path).unwrap();
    stream.write_all(b"doorward/1 status\n").unwrap();
    let mut said = String::new();
    stream.read_to_string(&mut said).unwrap();
    said.trim_end().rsplit(' ').next().unwrap().to_owned()
}

fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < end, "{what}");
        std::thread::yield_now();
    }
}

/// The `Authorization` line of Ada, who just registered and signed in.
fn ada(server: &Server) -> String {
    let person = json!({ "username": "ada", "email": "ada@example.org", "password": PASSWORD });
    assert_eq!(server.post("/v1/users", &person.to_string()).0, 201);
    sign_in(server)
}

/// The `Authorization` line of a new session of Ada's.
fn sign_in(server: &Server) -> String {
    let sign_in = json!({ "identifier": "ada", "password": PASSWORD }).to_string();
    let (status, reply) = server.post("/v1/sessions", &sign_in);
    assert_eq!(status, 201);
    let body: Value = serde_json::from_str(reply.split_once("\r\n\r\n").unwrap().1).unwrap();
    format!("authorization: Bearer {}\r\n", body["access_token"].as_str().unwrap())
}

fn me(server: &Server, token: &str) -> u16 {
    server.get("/v1/users/me", token).0
}

#[test]
fn what_a_second_server_changes_holds_for_the_very_next_request_of_the_first() {
    let folder = Folder::new();
    let first = Server::start(&folder, &CHEAP);
    assert_eq!(standing(&folder), "alone");
    let token = ada(&first);
    assert_eq!(me(&first, &token), 200);
    let second = Server::start(&folder, &CHEAP);
    assert_eq!(standing(&folder), "shared");
    assert_eq!(me(&second, &token), 200);
    assert_eq!(second.post_with("/sessions/logout", "{}", &token).0 / 100, 2);
    assert_eq!(me(&first, &token), 401);
    drop(second);
    eventually("alone again", || standing(&folder) == "alone");
}

#[test]
fn neither_of_two_servers_remembers_what_the_other_ended() {
    let folder = Folder::new();
    let servers = [Server::start(&folder, &CHEAP), Server::start(&folder, &CHEAP)];
    ada(&servers[0]);
    // Often enough: what is looked at four times a second is not what helps here.
    for round in 0..20 {
        let [one, other] = [&servers[round % 2], &servers[(round + 1) % 2]];
        let token = sign_in(one);
        for _ in 0..2 {
            assert_eq!((me(one, &token), me(other, &token)), (200, 200));
        }
        assert_eq!(one.post_with("/sessions/logout", "{}", &token).0 / 100, 2);
        assert_eq!((me(one, &token), me(other, &token)), (401, 401));
    }
}

#[test]
fn a_server_is_found_from_another_data_dir_however_long_its_own_is() {
    let folder = Folder::new();
    let long = format!("{0}/{0}", "x".repeat(200));
    let url = "sqlite://shared.db";
    let variables = [CHEAP[0], ("DOORWARD__DATABASE__URL", url), ("DOORWARD__DATA_DIR", &long)];
    let server = Server::start(&folder, &variables);
    std::os::unix::fs::symlink(folder.path().join(&long), folder.path().join("short")).unwrap();
    let socket = folder.path().join("short/doorward.sock");
    assert_eq!(standing_at(&socket), "alone");
    let token = ada(&server);
    assert_eq!((me(&server, &token), me(&server, &token)), (200, 200));
    let other = [CHEAP[0], ("DOORWARD__DATABASE__URL", url), ("DOORWARD__DATA_DIR", "other")];
    let second = Server::start(&folder, &other);
    assert_eq!(standing_at(&socket), "shared");
    assert_eq!(me(&second, &token), 401, "its secrets are other ones");
    let create = ["admin", "create", "--email", "grace@example.org"];
    let done = folder.run_with(&create, &other);
    assert_eq!(done.code, Some(0), "{}", done.err);
    assert_eq!(second.stop().0, Some(0));
    eventually("alone again", || standing_at(&socket) == "alone");
}

#[test]
fn a_command_is_let_in_and_the_server_is_alone_again_afterwards() {
    let folder = Folder::new();
    let server = Server::start(&folder, &CHEAP);
    let create = ["admin", "create", "--email", "grace@example.org", "--password-stdin"];
    let done = folder.type_into(&create, PASSWORD);
    assert_eq!(done.code, Some(0), "{}", done.err);
    let body = json!({ "identifier": "grace@example.org", "password": PASSWORD });
    assert_eq!(server.post("/v1/sessions", &body.to_string()).0, 201);
    eventually("alone again", || standing(&folder) == "alone");
    assert_eq!(server.stop().0, Some(0));
    assert!(!folder.path().join("data/doorward.sock").exists());
}

#[test]
fn a_server_that_does_not_answer_is_named_and_nothing_is_changed() {
    let folder = Folder::new();
    let server = Server::start(&folder, &CHEAP);
    server.signal(Signal::STOP);
    let create = ["admin", "create", "--email", "grace@example.org", "--password-stdin"];
    let since = Instant::now();
    let done = folder.type_into(&create, PASSWORD);
    let took = since.elapsed();
    let looked = folder.run(&["migrate", "status"]);
    server.signal(Signal::CONT);
    assert_eq!(looked.code, Some(0), "{}", looked.err);
    assert!(took < Duration::from_secs(30), "{took:?}");
    assert_eq!(done.code, Some(1), "{}", done.err);
    assert!(done.err.contains(&format!("pid {}", server.pid())), "{}", done.err);
    assert!(done.err.contains("nothing was changed"), "{}", done.err);
    let body = json!({ "identifier": "grace@example.org", "password": PASSWORD });
    // To HTTP, time has stood still meanwhile: for half a second it may take requests for late ones.
    let mut status = 408;
    eventually("an answer", || {
        status = server.post("/v1/sessions", &body.to_string()).0;
        status != 408
    });
    assert_eq!(status, 401, "nobody is there");
}

#[test]
fn what_a_killed_server_leaves_behind_is_in_nobodys_way() {
    let folder = Folder::new();
    let killed = Server::start(&folder, &CHEAP);
    let token = ada(&killed);
    drop(killed);
    assert!(folder.path().join("data/doorward.sock").exists(), "it had no time to tidy up");
    let next = Server::start(&folder, &CHEAP);
    assert_eq!(standing(&folder), "alone");
    assert_eq!(me(&next, &token), 200);
}

#[test]
fn a_program_that_knows_of_no_lock_is_noticed_soon() {
    let folder = Folder::new();
    let server = Server::start(&folder, &CHEAP);
    let token = ada(&server);
    assert_eq!(me(&server, &token), 200);
    let script = "import sqlite3; c = sqlite3.connect('data/doorward.db', timeout=30); \
                  c.execute('DELETE FROM sessions'); c.commit()";
    let done = Command::new("python3").args(["-c", script]).current_dir(folder.path()).status();
    assert!(done.unwrap().success());
    eventually("refused", || me(&server, &token) == 401);
}
