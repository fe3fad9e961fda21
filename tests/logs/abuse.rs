//! Secrets sent to every surface: where they belong, where they do not, whole and in pieces.

use acceptance::{Client, Reply, Server};
use serde_json::{Value, json};

use crate::secrets::Secrets;

const RIGHT: &str = "otter-lantern-quay-5518";
const WRONG: &str = "magpie-cellar-fjord-9024";
const NEXT: &str = "walnut-harbour-mist-3307";
const PASSKEY: &str = "gull-pier-77";
const WRONG_PASSKEY: &str = "crab-dune-31";
const MAIL: &str = "ada@example.org";
const MOBILE: &str = "+4915123456789";
/// What the boundary of forms is called here.
const FORM: &str = "multipart/form-data; boundary=edge";

/// Whether the server still knows who is who.
pub(crate) fn is_alive(server: &Server) -> bool {
    let (path, body) = &attempts(RIGHT)[0];
    server.client().post(path, body).status == 201
}

/// The sign-ins of all surfaces, with this password.
fn attempts(password: &str) -> [(&'static str, Value); 6] {
    [
        ("/v1/sessions", json!({ "identifier": "ada", "password": password })),
        ("/sessions/login", json!({ "email": MAIL, "password": password })),
        ("/user/login", json!({ "username": "ada", "password": password })),
        ("/api/sessions/", json!({ "username": "ada", "password": password })),
        ("/users/login", json!({ "email": MAIL, "password": password })),
        ("/api/auth/session", json!({ "username": "ada", "password": password })),
    ]
}

/// Registering, signing in rightly and wrongly, refreshing, changing the password, signing out.
pub(crate) fn sign_ins(server: &Server, secrets: &mut Secrets) {
    let client = server.client();
    [RIGHT, WRONG, NEXT].iter().for_each(|password| secrets.know(password));
    let person = json!({ "username": "ada", "email": MAIL, "mobile": MOBILE, "password": RIGHT });
    client.post("/v1/users", &person).expect(201);
    client.post("/v1/users", &person).expect(409);
    for (path, body) in attempts(WRONG) {
        assert!((400..500).contains(&client.post(path, &body).status), "{path}");
    }
    for (path, body) in attempts(RIGHT) {
        let opened = client.post(path, &body);
        assert!((200..300).contains(&opened.status), "{path}: {}", opened.text);
        remember(&opened, secrets);
    }
    let cookie = json!({ "identifier": "ada", "password": RIGHT, "transport": "cookie" });
    remember(&client.post("/v1/sessions", &cookie).expect(201), secrets);
    let opened = client.post("/v1/sessions", &attempts(RIGHT)[0].1).expect(201);
    remember(&opened, secrets);
    let refresh = json!({ "refresh_token": opened.text_at("/refresh_token") });
    let renewed = client.post("/v1/sessions/refresh", &refresh).expect(200);
    remember(&renewed, secrets);
    let me = client.bearer(&renewed.text_at("/access_token"));
    let wrong = json!({ "current_password": WRONG, "new_password": NEXT });
    assert!(me.json("PUT", "/v1/users/me/password", &wrong).status >= 400);
    let change = json!({ "current_password": RIGHT, "new_password": NEXT });
    me.json("PUT", "/v1/users/me/password", &change).expect(204);
    let back = json!({ "current_password": NEXT, "new_password": RIGHT });
    me.json("PUT", "/v1/users/me/password", &back).expect(204);
    me.delete("/v1/sessions/current").expect(204);
    assert_eq!(me.get("/v1/users/me").status, 401);
}

/// Every token and cookie of a reply.
fn remember(reply: &Reply, secrets: &mut Secrets) {
    for pointer in ["/access_token", "/refresh_token", "/token"] {
        let found = serde_json::from_str::<Value>(&reply.text).unwrap_or_default();
        if let Some(token) = found.pointer(pointer).and_then(Value::as_str) {
            secrets.know(token);
        }
    }
    for (name, field) in &reply.headers {
        let value = field.split([';', '=']).nth(1).unwrap_or_default();
        if name == "set-cookie" && value.len() > 5 {
            secrets.know(value);
        }
    }
}

/// Links and codes, right and wrong, used and used again.
pub(crate) fn letters(server: &Server, secrets: &mut Secrets) {
    let client = server.client();
    // Both changes of the password were told before.
    server.mail(MAIL, 1);
    client.post("/v1/password-resets", &json!({ "identifier": "ada" })).expect(202);
    client.post("/v1/password-resets", &json!({ "identifier": "nobody" })).expect(202);
    let token = server.mail(MAIL, 2).token();
    let wrong = format!("dwh_{}", "q7Zp".repeat(10));
    for secret in [&token, &wrong] {
        secrets.know(secret);
    }
    for (token, password) in [(&wrong, NEXT), (&token, "1"), (&token, RIGHT), (&token, NEXT)] {
        let body = json!({ "token": token, "new_password": password });
        client.post("/v1/password-resets/confirm", &body);
        client.post("/v1/verifications/confirm", &json!({ "token": token }));
    }
    let me = client.bearer(&signed_in(&client));
    me.post("/v1/verifications", &json!({ "channel": "mobile" })).expect(202);
    let letter = server.message(MOBILE, 0);
    secrets.know(&letter.code());
    secrets.know(&letter.token());
    for code in ["918273", &letter.code(), &letter.code()] {
        me.post("/v1/verifications/confirm", &json!({ "channel": "mobile", "code": code }));
    }
    secrets.know("918273");
    let asked =
        client.post("/users/requestResetPassword", &json!({ "your_email": MAIL })).expect(200);
    let handle = asked.text_at("/access_token");
    secrets.know(&handle);
    let code = json!({ "code": "918273", "new_password": NEXT, "confirm_new_password": NEXT });
    client.bearer(&handle).json("PUT", "/users/reset_password", &code);
}

fn signed_in(client: &Client) -> String {
    client.post("/v1/sessions", &attempts(RIGHT)[0].1).expect(201).text_at("/access_token")
}

/// Passkeys of chatrooms, right and wrong.
pub(crate) fn passkeys(server: &Server, secrets: &mut Secrets) {
    let client = server.client();
    let me = client.bearer(&signed_in(&client));
    let room =
        me.post("/v1/chatrooms", &json!({ "name": "Ward 7", "passkey": PASSKEY })).expect(201);
    client.post("/v1/users", &json!({ "username": "eve", "password": RIGHT })).expect(201);
    let body = json!({ "identifier": "eve", "password": RIGHT });
    let eve = client.post("/v1/sessions", &body).expect(201).text_at("/access_token");
    let (eve, path) = (client.bearer(&eve), format!("/v1/chatrooms/{}", room.text_at("/id")));
    for passkey in [WRONG_PASSKEY, PASSKEY] {
        secrets.know(passkey);
        eve.post(&format!("{path}/members"), &json!({ "passkey": passkey }));
        eve.json("PUT", "/chats/1", &json!({ "chat_passkey": passkey }));
    }
}

/// Every secret in queries, paths, fields and schemes where it does not belong.
pub(crate) fn wrong_places(server: &Server, secrets: &Secrets) {
    let client = server.client();
    for secret in secrets.all() {
        for path in [
            format!("/v1/users/{secret}"),
            format!("/v1/users?q={secret}&password={secret}"),
            format!("/v1/{secret}"),
            format!("/{secret}"),
            format!("/user/{secret}"),
            format!("/users/getByUsername/{secret}"),
            format!("/books/getById/{secret}?{secret}"),
            format!("/chats/{secret}/search?search={secret}"),
            format!("/static/propics/{secret}"),
            format!("/problems/{secret}"),
            format!("/password-reset?token={secret}"),
        ] {
            client.get(&path);
        }
        client.bearer(secret).get("/v1/users/me");
        client.bearer(&format!("{secret} {secret}")).get("/sessions/me");
        for scheme in ["Basic", "Token", "Digest username=ada, response", secret] {
            client.with("Authorization", &format!("{scheme} {secret}")).get("/v1/users/me");
        }
        for name in ["Cookie", "X-Api-Key", "Referer", "Origin", "If-Match", "Forwarded", "Accept"]
        {
            let sent = client.with(name, &format!("doorward={secret}; sessionid={secret}"));
            sent.delete("/v1/sessions/current");
            sent.get("/api/sessions/");
        }
        client.with("Content-Type", secret).send("POST", "/v1/sessions", "{}");
        client.with("traceparent", secret).get("/livez");
        client.send("PROPFIND", &format!("/v1/users/me/{secret}"), "");
    }
}

/// Bodies that end in the middle of a password, or hold it where nothing of the kind belongs.
pub(crate) fn broken_bodies(server: &Server, secrets: &mut Secrets) {
    let secret = "plover-anvil-cove-6641";
    secrets.know(secret);
    let bodies = [
        format!(r#"{{"identifier":"ada","password":"{secret}"#),
        format!(r#"{{"identifier":"ada","password":{secret}}}"#),
        format!(r#"{{"identifier":"ada","password":["{secret}"]}}"#),
        format!(r#"{{"identifier":"ada","password":{{"{secret}":1}}}}"#),
        format!(r#"{{"password":"{secret}","password":"{secret}"}}"#),
        format!(r#"{{"{secret}":"{secret}"}}"#),
        format!("{{\"password\":\"{secret}\n\u{1}\"}}"),
        format!(r#"["{secret}"]"#),
        format!("password={secret}&username=%zz"),
        format!("--edge\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n{secret}"),
    ];
    let types = ["application/json", "application/x-www-form-urlencoded", FORM, "text/plain"];
    let paths = attempts(secret).map(|(path, _)| path);
    let others =
        ["/v1/users", "/v1/password-resets/confirm", "/users/register", "/api/users/", "/user"];
    for path in paths.into_iter().chain(others) {
        for content_type in types {
            let client = server.client().with("Content-Type", content_type);
            bodies.iter().for_each(|body| drop(client.send("POST", path, body)));
        }
    }
}

/// The sign-ins of all surfaces while the database is gone.
pub(crate) fn sign_ins_in_vain(server: &Server, secrets: &mut Secrets) {
    let client = server.client();
    for (path, body) in attempts(RIGHT).into_iter().chain(attempts(WRONG)) {
        assert_eq!(client.post(path, &body).status, 503, "{path}");
    }
    let person = json!({ "username": "late", "email": "late@example.org", "password": NEXT });
    remember(&client.post("/v1/users", &person).expect(503), secrets);
    client.post("/v1/password-resets", &json!({ "identifier": "ada" })).expect(503);
}
