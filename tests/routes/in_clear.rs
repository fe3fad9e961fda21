//! Nothing that must be kept secret is kept in clear, in whatever file it would be.

use std::path::{Path, PathBuf};

use acceptance::{Actor, PASSWORD, Server};
use serde_json::json;

const ADDRESS: &str = "ada@example.org";
const NEW: &str = "eleven quiet lanterns";
const AGAIN: &str = "a dozen slow rivers";
const PASSKEY: &str = "heron-at-dusk";

/// All files that a server keeps, but for its keys and its previews of letters, which are secret.
fn kept(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            let is_secret = ["secrets", "mail", "sms"].contains(&name.as_str());
            found.extend(if is_secret { Vec::new() } else { kept(&path) });
        } else {
            found.push(path);
        }
    }
    found
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|part| part == text.as_bytes())
}

#[test]
fn no_password_token_code_link_passkey_or_letter_is_kept_in_clear() {
    let server = Server::start();
    let client = server.client();
    let person = json!({ "username": "ada", "email": ADDRESS, "mobile": "+49 30 123456", "password": PASSWORD });
    client.post("/v1/users", &person).expect(201);
    let ada = Actor::sign_in(client.clone(), "ada");
    let by_cookie = json!({ "identifier": "ada", "password": PASSWORD, "transport": "cookie" });
    let by_cookie = client.post("/v1/sessions", &by_cookie).expect(201);
    let cookie =
        by_cookie.header("set-cookie").unwrap().split([';', '=']).nth(1).unwrap().to_owned();
    let refresh = json!({ "refresh_token": ada.refresh_token() });
    let renewed = client.post("/v1/sessions/refresh", &refresh).expect(200);

    let room = json!({ "name": "Ward 7", "passkey": PASSKEY });
    ada.client.post("/v1/chatrooms", &room).expect(201);
    ada.client.post("/v1/verifications", &json!({ "channel": "email" })).expect(202);
    client.post("/v1/password-resets", &json!({ "identifier": ADDRESS })).expect(202);
    let otp = json!({ "your_email": ADDRESS });
    let handle =
        client.post("/users/requestResetPassword", &otp).expect(200).text_at("/access_token");
    let letters: Vec<_> = (0..3).map(|number| server.mail(ADDRESS, number)).collect();
    let link =
        |page: &str| letters.iter().find(|letter| letter.text.contains(page)).unwrap().token();
    let (verification, reset) = (link("/verify#"), link("/password-reset#"));
    let change = json!({ "current_password": PASSWORD, "new_password": NEW });
    ada.client.json("PUT", "/v1/users/me/password", &change).expect(204);
    client.post("/v1/sessions", &json!({ "identifier": "ada", "password": AGAIN })).expect(401);

    let secrets = [
        ("a password", PASSWORD.to_owned()),
        ("a password that was set", NEW.to_owned()),
        ("a password that was tried", AGAIN.to_owned()),
        ("an access token", ada.access_token()),
        ("an access token's signature", ada.access_token().rsplit('.').next().unwrap().to_owned()),
        ("a refresh token", ada.refresh_token()),
        ("its successor", renewed.text_at("/refresh_token")),
        ("a cookie", cookie),
        ("a passkey", PASSKEY.to_owned()),
        ("a link of a verification", verification),
        ("a link of a reset", reset),
        ("the handle of a reset", handle),
    ];
    let said = letters.iter().map(|letter| {
        let body = letter.text.split_once("\n\n").unwrap().1;
        ("a letter", body.lines().next().unwrap().to_owned())
    });
    let secrets: Vec<(&str, String)> = secrets.into_iter().chain(said).collect();
    for (what, secret) in &secrets {
        assert!(secret.len() > 8, "{what}: {secret}");
    }
    let files = kept(&server.data_dir());
    let names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    assert!(names.iter().any(|name| name.ends_with("doorward.db-wal")), "{names:?}");
    let mut everything: Vec<(String, Vec<u8>)> = files
        .iter()
        // The socket keeps nothing.
        .filter(|file| file.is_file())
        .map(|file| (file.display().to_string(), std::fs::read(file).unwrap()))
        .collect();
    everything.push(("the log".to_owned(), server.log().into_bytes()));
    // What is not secret is found, so that looking is not in vain.
    assert!(everything.iter().any(|(_, bytes)| holds(bytes, ADDRESS)));
    assert!(everything.iter().any(|(_, bytes)| holds(bytes, "Ward 7")));
    for (file, bytes) in &everything {
        for (what, secret) in &secrets {
            assert!(!holds(bytes, secret), "{what} stands in {file}: {secret}");
        }
    }
}
