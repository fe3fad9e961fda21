//! Where log lines go, and what time they tell.

use std::fs::{File, read_dir, read_link, read_to_string};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::command::Folder;
use crate::server::Server;

const PERSON: &str = r#"{"email":"ada@example.org","password":"correct horse battery"}"#;
const SIGN_IN: &str = r#"{"identifier":"ada@example.org","password":"correct horse battery"}"#;

/// A server with some requests behind it, and the file that its standard error is.
fn used(folder: &Folder, variables: &[(&str, &str)]) -> (Server, PathBuf) {
    let log = folder.path().join("standard-error");
    let file = File::create(&log).unwrap();
    let server = Server::start_with(folder, variables, Stdio::from(file));
    assert_eq!(server.get("/livez", "").0, 200);
    assert_eq!(server.post("/v1/users", PERSON).0, 201);
    assert_eq!(server.post("/v1/sessions", SIGN_IN).0, 201);
    assert_eq!(server.post("/v1/sessions", &SIGN_IN.replace("horse", "mule")).0, 401);
    (server, log)
}

/// The time by the system's own tool, in UTC, as far as the minute is concerned.
fn minute() -> String {
    let output = Command::new("date").args(["-u", "+%Y-%m-%dT%H:%M"]).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[test]
fn every_line_tells_utc_wherever_the_server_stands() {
    for zone in ["Asia/Tokyo", "America/St_Johns", "XYZ-13:45"] {
        let folder = Folder::new();
        let variables = [("TZ", zone), ("DOORWARD__LOG__FORMAT", "json")];
        let before = minute();
        let (server, log) = used(&folder, &variables);
        assert_eq!(server.stop().0, Some(0));
        let after = minute();
        let lines = read_to_string(log).unwrap();
        assert!(lines.lines().count() >= 5, "{lines}");
        for line in lines.lines() {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            let time = line["timestamp"].as_str().unwrap();
            assert!(time.ends_with('Z'), "{zone}: {time}");
            let at = &time[..16];
            assert!(before.as_str() <= at && at <= after.as_str(), "{before} {time} {after}");
        }
    }
}

#[test]
fn lines_go_to_standard_error_and_nowhere_else() {
    let folder = Folder::new();
    let (server, log) = used(&folder, &[("DOORWARD__LOG__LEVEL", "debug")]);
    let data = folder.path().join("data").canonicalize().unwrap();
    let log = log.canonicalize().unwrap();
    let mut opened = 0;
    for entry in read_dir(format!("/proc/{}/fd", server.pid())).unwrap() {
        // What was closed meanwhile has no target.
        let Ok(target) = read_link(entry.unwrap().path()) else { continue };
        let text = target.display().to_string();
        let is_no_file = ["pipe:", "socket:", "anon_inode:", "/dev/", "/proc/", "/memfd:"];
        let known = is_no_file.iter().any(|start| text.starts_with(start))
            || target == log
            || target.starts_with(&data);
        assert!(known, "{text}");
        opened += 1;
    }
    assert!(opened > 5, "{opened} files");
    // Nothing that it keeps is a log either, and what was logged is where it belongs.
    let names: Vec<String> = read_dir(&data)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    assert!(names.iter().all(|name| !name.contains("log")), "{names:?}");
    assert!(read_to_string(&log).unwrap().contains("/v1/sessions"));
    drop(server);
}
