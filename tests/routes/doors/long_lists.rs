//! A list of everybody takes no memory, however many they are.

use std::io::Read;
use std::path::Path;
use std::process::Command;

use acceptance::{Client, Server};
use serde_json::json;

const PEOPLE: usize = 200_000;
/// How much more memory a list may take, in KiB.
const MORE: u64 = 32 * 1024;

/// Copies the first person over and over: registering so many would take an hour of hashing.
const CROWD: &str = r#"
import sqlite3, sys
base = sqlite3.connect(sys.argv[1], timeout=30)
columns = [row[1] for row in base.execute("PRAGMA table_info(users)") if row[1] != "number"]
named = {"id": "randomblob(16)"}
for key in ("username", "email", "mobile"):
    for column in (key, key + "_key"):
        named[column] = "'person' || i"
chosen = ", ".join(named.get(column, "first." + column) for column in columns)
base.execute(f"""
    WITH RECURSIVE counted(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM counted WHERE i < {sys.argv[2]}),
    first AS (SELECT * FROM users ORDER BY number LIMIT 1)
    INSERT INTO users ({", ".join(columns)}) SELECT {chosen} FROM counted, first""")
base.commit()
"#;

fn crowd(database: &Path) {
    let output = Command::new("python3")
        .args(["-c", CROWD])
        .arg(database)
        .arg(PEOPLE.to_string())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// A line of the kernel's account of a process, in KiB.
fn memory(pid: u32, what: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with(what)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// How many people a list holds, counted as it comes.
fn people(client: &Client, path: &str) -> usize {
    let mut body = client.stream(path);
    let (mut chunk, mut rest, mut count) = ([0; 65_536], Vec::new(), 0);
    loop {
        let length = body.read(&mut chunk).unwrap();
        if length == 0 {
            assert!(rest.ends_with(b"}") || rest.ends_with(b"]"), "the list ends as JSON does");
            return count;
        }
        rest.extend_from_slice(&chunk[..length]);
        let name = b"\"username\":";
        count += rest.windows(name.len()).filter(|window| window == name).count();
        // What may be the beginning of the next one.
        rest.drain(..rest.len().saturating_sub(name.len() - 1));
    }
}

#[test]
fn a_list_of_two_hundred_thousand_people_takes_no_memory() {
    let server = Server::start();
    let client = server.client();
    let person = json!({ "email": "four@example.org", "username": "four", "password": "password" });
    client.post("/users/register", &person).expect(201);
    crowd(&server.data_dir().join("doorward.db"));
    let login = json!({ "email": "four@example.org", "password": "password" });
    let token = client.post("/users/login", &login).expect(200).text_at("/access_token");
    let client = client.bearer(&token);
    // 5 makes the kernel forget the highest so far (proc(5)).
    std::fs::write(format!("/proc/{}/clear_refs", server.pid()), "5").unwrap();
    let before = memory(server.pid(), "VmRSS:");
    assert_eq!(people(&client, "/user"), PEOPLE + 1);
    let most = memory(server.pid(), "VmHWM:");
    assert!(most < before + MORE, "{before} KiB before, {most} KiB at the most");
}
