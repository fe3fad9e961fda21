//! What letters say of whoever they are about, and what forty requests at once make of them.

use acceptance::{Actor, Client, Engine, PASSWORD, Server};
use serde_json::json;

const ADDRESS: &str = "ada@example.org";
const NEW: &str = "eleven quiet lanterns";
const AT_ONCE: usize = 40;

#[test]
fn names_with_markup_get_into_no_letter() {
    let server = Server::start();
    let markup = "<a href=//evil.example>";
    let person = json!({
        "username": "ada", "email": ADDRESS, "password": PASSWORD,
        "first_name": markup, "last_name": "evil.example", "display_name": "http://evil.example/",
    });
    server.client().post("/v1/users", &person).expect(201);
    let ada = Actor::sign_in(server.client(), "ada");
    assert_eq!(ada.me()["first_name"], markup, "the name is kept, and shown as it is");
    server.client().post("/v1/password-resets", &json!({ "identifier": ADDRESS })).expect(202);
    ada.client.post("/v1/verifications", &json!({ "channel": "email" })).expect(202);
    let change = json!({ "current_password": PASSWORD, "new_password": NEW });
    ada.client.json("PUT", "/v1/users/me/password", &change).expect(204);
    let moved = json!({ "current_password": NEW, "email": "ada@example.net" });
    ada.client.json("PATCH", "/v1/users/me", &moved).expect(200);
    server.mail(ADDRESS, 2);
    server.mail("ada@example.net", 0);
    for letter in server.mails("") {
        let text = &letter.text;
        assert!(!text.contains("evil.example"), "{text}");
        let (head, body) = text.split_once("\n\n").unwrap();
        assert!(!body.contains('<'), "{text}");
        let kinds: Vec<&str> =
            head.lines().filter(|line| line.to_lowercase().starts_with("content-type:")).collect();
        assert_eq!(kinds.len(), 1, "{head}");
        assert!(kinds[0].to_lowercase().contains("text/plain"), "{head}");
        assert!(!text.to_lowercase().contains("text/html"), "{text}");
    }
}

/// What forty calls at once are answered with.
fn at_once(call: impl Fn() -> u16 + Sync) -> Vec<u16> {
    std::thread::scope(|scope| {
        let calls: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(&call)).collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    })
}

fn forty_of_each(engine: Engine) {
    // Whoever waits for a connection longer than this would be told 503.
    let patient = Server::builder().on(engine).with("database.acquire_timeout", "30s");
    let Some(server) = patient.start_if_there() else { return };
    let person = json!({ "username": "ada", "email": ADDRESS, "password": PASSWORD });
    server.client().post("/v1/users", &person).expect(201);
    let ada = Actor::sign_in(server.client(), "ada");

    let verification = json!({ "channel": "email" });
    let asked = at_once(|| ada.client.post("/v1/verifications", &verification).status);
    assert!(asked.iter().all(|status| *status == 202), "{asked:?}");
    let reset = json!({ "identifier": ADDRESS });
    let asked = at_once(|| server.client().post("/v1/password-resets", &reset).status);
    assert!(asked.iter().all(|status| *status == 202), "{asked:?}");
    server.mail(ADDRESS, 2 * AT_ONCE - 1);

    // However they fell over each other, the next code counts and no older one does.
    let before = server.mails(ADDRESS);
    ada.client.post("/v1/verifications", &verification).expect(202);
    let newest = server.mail(ADDRESS, 2 * AT_ONCE).code();
    let is_proof = |client: &Client, code: &str| {
        let proof = json!({ "channel": "email", "code": code });
        client.post("/v1/verifications/confirm", &proof).status
    };
    let older = before.iter().filter(|letter| letter.text.contains("/verify#"));
    let older: Vec<String> = older.map(acceptance::Letter::code).collect();
    assert_eq!(older.len(), AT_ONCE);
    let mut stale = older.iter().filter(|code| **code != newest);
    assert_eq!(is_proof(&ada.client, stale.next().unwrap()), 422);
    assert_eq!(is_proof(&ada.client, stale.next_back().unwrap()), 422);
    assert_eq!(is_proof(&ada.client, &newest), 204);

    // Of all the links, one sets a password, and takes the others with it.
    let links = before.iter().filter(|letter| letter.text.contains("/password-reset#"));
    let links: Vec<String> = links.map(acceptance::Letter::token).collect();
    assert_eq!(links.len(), AT_ONCE);
    let mut statuses: Vec<u16> = links
        .iter()
        .map(|token| {
            let body = json!({ "token": token, "new_password": NEW });
            server.client().post("/v1/password-resets/confirm", &body).status
        })
        .collect();
    statuses.sort_unstable();
    assert_eq!(statuses[0], 204, "{statuses:?}");
    assert!(statuses[1..].iter().all(|status| *status == 422), "{statuses:?}");
}

#[test]
fn forty_letters_asked_for_at_once_on_sqlite() {
    forty_of_each(Engine::Sqlite);
}

#[test]
fn forty_letters_asked_for_at_once_on_mariadb() {
    forty_of_each(Engine::Mysql);
}

#[test]
fn forty_letters_asked_for_at_once_on_postgresql() {
    forty_of_each(Engine::Postgres);
}

#[test]
fn a_code_is_nobody_elses() {
    let server = Server::start();
    let person = json!({ "username": "ada", "email": ADDRESS, "password": PASSWORD });
    server.client().post("/v1/users", &person).expect(201);
    let ada = Actor::sign_in(server.client(), "ada");
    let person = json!({ "username": "eve", "email": "eve@example.org", "password": PASSWORD });
    server.client().post("/v1/users", &person).expect(201);
    let eve = Actor::sign_in(server.client(), "eve");
    for one in [&ada, &eve] {
        one.client.post("/v1/verifications", &json!({ "channel": "email" })).expect(202);
    }
    let code = server.mail(ADDRESS, 0).code();
    let own = server.mail("eve@example.org", 0).code();
    let proof = json!({ "channel": "email", "code": code });
    if code != own {
        eve.client.post("/v1/verifications/confirm", &proof).expect_problem(422, "invalid_code");
    }
    assert_eq!(eve.me()["email_verified"], false);
    assert_eq!(ada.me()["email_verified"], false);
    ada.client.post("/v1/verifications/confirm", &proof).expect(204);
    assert_eq!(ada.me()["email_verified"], true);
}
