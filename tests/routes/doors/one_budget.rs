//! One budget of failures and one standing for all surfaces: whoever is refused at one is at each.

use acceptance::{Actor, Client, Reply, Server};
use serde_json::json;

use super::one_user_base::{ADDRESS, NAME, PASSWORD, PLACES, sign_in_with};

const WRONG: &str = "not the password 17";
const NEW: &str = "eleven quiet lanterns";

/// One attempt at one surface, by a name that it knows.
fn attempt(client: &Client, door: &str, password: &str) -> Result<Client, Reply> {
    if door != "v1" {
        return sign_in_with(client, door, password);
    }
    let body = json!({ "identifier": NAME, "password": password });
    let opened = client.post("/v1/sessions", &body);
    if opened.status == 201 {
        Ok(client.bearer(&opened.text_at("/access_token")))
    } else {
        Err(opened)
    }
}

fn refusal(client: &Client, door: &str, password: &str) -> Reply {
    attempt(client, door, password).err().unwrap_or_else(|| panic!("{door} let somebody in"))
}

/// Somebody with a name and an address, who may sign in at every surface.
fn registered(server: &Server) -> Reply {
    let person = json!({ "username": NAME, "email": ADDRESS, "password": PASSWORD });
    server.client().post("/v1/users", &person).expect(201)
}

fn limited(mode: &str) -> Server {
    let limited = Server::builder().with("limits.enabled", "true").with("compat.mode", mode);
    limited.with("limits.account_failures", "6").start()
}

/// The right password is refused unseen, at each surface.
fn is_spent(client: &Client) {
    for place in &PLACES {
        let refused = refusal(client, place.door, PASSWORD);
        assert_eq!(refused.status, 429, "{}: {}", place.door, refused.text);
        assert!(refused.header("retry-after").is_some(), "{}", place.door);
    }
}

fn one_failure_at_each(mode: &str) {
    let server = limited(mode);
    registered(&server);
    let client = server.client();
    for place in &PLACES {
        let refused = refusal(&client, place.door, WRONG);
        assert!([400, 401].contains(&refused.status), "{}: {}", place.door, refused.text);
    }
    is_spent(&client);
}

#[test]
fn a_failure_at_each_of_six_surfaces_spends_a_budget_of_six() {
    one_failure_at_each("documented");
}

#[test]
fn a_failure_at_each_of_six_hardened_surfaces_does_too() {
    one_failure_at_each("hardened");
}

#[test]
fn wrong_current_passwords_spend_the_same_budget() {
    let server = limited("documented");
    registered(&server);
    let client = server.client();
    let Ok(session) = attempt(&client, "v1", PASSWORD) else { panic!("the password is right") };
    let id = session.get("/v1/users/me").text_at("/id");
    let change = json!({ "current_password": WRONG, "new_password": NEW });
    let address = json!({ "current_password": WRONG, "email": "other@example.org" });
    let at_door_2 = json!({ "old_password": WRONG, "new_password": NEW });
    for _ in 0..2 {
        let refused = session.json("PUT", "/v1/users/me/password", &change);
        assert!((400..429).contains(&refused.status), "{}", refused.text);
        let refused = session.json("PATCH", "/v1/users/me", &address);
        assert!((400..429).contains(&refused.status), "{}", refused.text);
        session.post(&format!("/user/change-password/{id}"), &at_door_2).expect(401);
    }
    is_spent(&client);
    // Nor are these a way to go on.
    let right = json!({ "current_password": PASSWORD, "new_password": NEW });
    session.json("PUT", "/v1/users/me/password", &right).expect(429);
    let right = json!({ "old_password": PASSWORD, "new_password": NEW });
    session.post(&format!("/user/change-password/{id}"), &right).expect(429);
}

/// What a refusal says, without what names the request.
fn told(reply: &Reply) -> (u16, String) {
    let mut body = reply.body();
    if let Some(body) = body.as_object_mut() {
        body.remove("request_id");
    }
    (reply.status, body.to_string())
}

fn a_locked_person_is_out_everywhere(mode: &str) {
    let server = Server::builder().with("compat.mode", mode).start();
    let id = registered(&server).text_at("/id");
    let client = server.client();
    let sessions: Vec<(&str, Client)> = PLACES
        .iter()
        .map(|place| match attempt(&client, place.door, PASSWORD) {
            Ok(session) => (place.door, session),
            Err(refused) => panic!("{}: {}", place.door, refused.text),
        })
        .collect();
    let at_v1 = client.post("/v1/sessions", &json!({ "identifier": NAME, "password": PASSWORD }));
    let at_door_2 = client.post("/user/login", &json!({ "username": NAME, "password": PASSWORD }));
    client.post("/v1/password-resets", &json!({ "identifier": ADDRESS })).expect(202);
    let link = server.mail(ADDRESS, 0).token();

    let root = server.admin().client;
    root.send("POST", &format!("/v1/users/{id}/lock"), "").expect(204);
    for (door, session) in &sessions {
        let path = if *door == "drf-accounts" { "/api/users/me/" } else { "/v1/users/me" };
        assert_eq!(session.get(path).status, 401, "{door}");
    }
    let body = json!({ "refresh_token": at_v1.text_at("/refresh_token") });
    client.post("/v1/sessions/refresh", &body).expect_problem(401, "session_revoked");
    let refresh = client.bearer(&at_door_2.text_at("/refresh_token"));
    let method = if mode == "hardened" { "POST" } else { "GET" };
    assert_eq!(refresh.send(method, "/user/refresh-token/", "").status, 401);
    let refused_alike = |password: &str| {
        for place in &PLACES {
            let wrong = told(&refusal(&client, place.door, WRONG));
            assert_eq!(told(&refusal(&client, place.door, password)), wrong, "{}", place.door);
        }
    };
    refused_alike(PASSWORD);

    // Who still holds a link may set a password with it, and is as locked as before.
    let reset = json!({ "token": link, "new_password": NEW });
    let outcome = client.post("/v1/password-resets/confirm", &reset).status;
    assert!([204, 422].contains(&outcome), "{outcome}");
    refused_alike(NEW);
    assert_eq!(root.get(&format!("/v1/users/{id}")).text_at("/status"), "locked");
    root.send("POST", &format!("/v1/users/{id}/unlock"), "").expect(204);
    let now = if outcome == 204 { NEW } else { PASSWORD };
    assert!(attempt(&client, "v1", now).is_ok());
    assert!(Actor::sign_in(client.clone(), "root@example.org").is_in());
}

#[test]
fn who_is_locked_is_out_of_all_six_surfaces() {
    a_locked_person_is_out_everywhere("documented");
}

#[test]
fn who_is_locked_is_out_of_all_six_hardened_surfaces() {
    a_locked_person_is_out_everywhere("hardened");
}
