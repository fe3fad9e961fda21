//! `doorward serve` from the first start on.

use std::fs::{metadata, read_dir};
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use crate::command::Folder;
use crate::server::{Server, status};

#[test]
fn the_first_start_makes_everything_and_the_second_keeps_it() {
    let folder = Folder::new();
    let first = Server::start(&folder, &[]);
    let address = first.address;
    let api = format!(
        "  API        http://{address}/v1        reference  http://{address}/v1/openapi.json\n"
    );
    assert!(first.banner.contains(&api), "{}", first.banner);
    assert!(first.banner.contains("   config none (defaults)\n"), "{}", first.banner);
    assert!(first.banner.contains("  Database   sqlite ./data/doorward.db (created, "));
    assert!(first.banner.contains("  Secrets    generated in ./data/secrets (0600): back this"));
    assert!(first.banner.contains("  Doors      py-api, "), "{}", first.banner);
    let mail =
        "  Mail       preview: messages are kept in ./data/mail (set mail.transport to send)\n";
    assert!(first.banner.contains(mail) && !first.banner.contains("  SMS "), "{}", first.banner);
    assert_eq!(first.get("/livez", "").0, 200);
    assert_eq!(first.get("/readyz", "").0, 200);
    assert_eq!(first.get("/v1/openapi.json", "").0, 200);
    let (status, _) = first
        .post("/v1/users", r#"{"email":"ada@example.org","password":"correct horse battery"}"#);
    assert_eq!(status, 201);
    let sign_in = r#"{"identifier":"ada@example.org","password":"correct horse battery"}"#;
    let (status, reply) = first.post("/v1/sessions", sign_in);
    assert_eq!(status, 201, "{reply}");
    let token = member(&reply, "access_token");
    assert_eq!(first.stop().0, Some(0));

    let second = Server::start(&folder, &[]);
    assert!(second.banner.contains("doorward.db (up to date)\n"), "{}", second.banner);
    assert!(!second.banner.contains("Secrets"), "{}", second.banner);
    let me = second.get("/v1/users/me", &format!("authorization: Bearer {token}\r\n"));
    assert_eq!(me.0, 200, "sessions outlive a restart: {}", me.1);
    assert_eq!(second.stop().0, Some(0));
}

fn member(reply: &str, name: &str) -> String {
    let body = reply.split("\r\n\r\n").nth(1).unwrap();
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    body[name].as_str().unwrap().to_owned()
}

#[test]
fn what_is_kept_is_for_its_own_user_alone() {
    let folder = Folder::new();
    let server = Server::start(&folder, &[]);
    let data = folder.path().join("data");
    for path in [data.clone(), data.join("secrets")] {
        assert_eq!(metadata(&path).unwrap().permissions().mode() & 0o777, 0o700, "{path:?}");
        for entry in read_dir(&path).unwrap() {
            let mode = entry.as_ref().unwrap().metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "{:?}", entry.unwrap().path());
        }
    }
    drop(server);
}

#[test]
fn a_log_that_nobody_reads_costs_no_request() {
    let folder = Folder::new();
    // The pipe is never read: it is full after 64 KiB.
    let server = Server::start_with(&folder, &[], Stdio::piped());
    let mut stream = server.connect().unwrap();
    for _ in 0..1_000 {
        stream.write_all(b"GET /livez HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
        let mut reply = [0; 4096];
        let length = stream.read(&mut reply).unwrap();
        assert_eq!(status(std::str::from_utf8(&reply[..length]).unwrap()), 200);
    }
    drop(stream);
    assert_eq!(server.stop().0, Some(0));
}

#[test]
fn settings_reach_the_surfaces() {
    let variables =
        [("DOORWARD__REGISTRATION__OPEN", "false"), ("DOORWARD__COMPAT__DOORS", "drf-accounts")];
    let server = Server::start(&Folder::new(), &variables);
    let door = "  Doors      drf-accounts (documented mode)\n";
    assert!(server.banner.contains(door), "{}", server.banner);
    let register = r#"{"email":"ada@example.org","password":"correct horse battery"}"#;
    assert_eq!(server.post("/v1/users", register).0, 403);
    assert_eq!(server.post("/sessions/login", "{}").0, 404);
}

#[test]
fn behind_a_public_url_the_banner_also_says_where_it_listens() {
    let public = ("DOORWARD__SERVER__PUBLIC_URL", "https://auth.example.org");
    let server = Server::start(&Folder::new(), &[public]);
    let banner = &server.banner;
    assert!(banner.contains("\n  API        https://auth.example.org/v1  "), "{banner}");
    assert_eq!(server.get("/livez", "").0, 200);
}

#[test]
fn the_banner_says_how_letters_leave_without_what_is_secret_about_it() {
    let folder = Folder::new();
    let variables = [
        ("DOORWARD__MAIL__TRANSPORT", "smtp://ada:hunter2@127.0.0.1:2525"),
        ("DOORWARD__SMS__TRANSPORT", "file:./out"),
    ];
    let server = Server::start(&folder, &variables);
    let lines = "\n  Mail       smtp://127.0.0.1:2525\n  SMS        file: ./out\n";
    assert!(server.banner.contains(lines), "{}", server.banner);
    assert_eq!(metadata(folder.path().join("out")).unwrap().permissions().mode() & 0o777, 0o700);
}
