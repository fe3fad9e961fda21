//! One user base: who registered anywhere signs in everywhere, and a session opened anywhere is
//! listed with its door and can be closed anywhere.

use acceptance::{Client, Engine, Reply, Server};
use serde_json::{Value, json};

pub(super) const PASSWORD: &str = "Sesame-Ostrich-71";
pub(super) const NAME: &str = "grace";
pub(super) const ADDRESS: &str = "grace@example.org";

/// A door, how one registers there, and whether it knows addresses or user names.
pub(super) struct Place {
    pub(super) door: &'static str,
    path: &'static str,
    person: fn() -> Value,
}

pub(super) const PLACES: [Place; 6] = [
    Place {
        door: "v1",
        path: "/v1/users",
        person: || json!({ "username": NAME, "email": ADDRESS, "password": PASSWORD }),
    },
    Place {
        door: "py-api",
        path: "/sessions/register",
        person: || json!({ "firstname": "Grace", "lastname": "Hopper", "email": ADDRESS, "password": PASSWORD }),
    },
    Place {
        door: "flask-user-auth",
        path: "/user",
        person: || json!({ "username": NAME, "mobile": "01711000000", "password": PASSWORD }),
    },
    Place {
        door: "drf-accounts",
        path: "/api/users/",
        person: || {
            json!({
                "username": NAME, "password": PASSWORD, "password_confirm": PASSWORD,
                "display_name": "Grace", "facility_id": "234",
            })
        },
    },
    Place {
        door: "test-library",
        path: "/users/register",
        person: || json!({ "username": NAME, "email": ADDRESS, "password": PASSWORD }),
    },
    Place {
        door: "chit-chat",
        path: "/users/",
        person: || json!({ "username": NAME, "email": ADDRESS, "password": PASSWORD }),
    },
];

/// Signs in at a door; answers with a client that has what was handed out, or with what was refused.
fn sign_in(client: &Client, door: &str) -> Result<Client, Reply> {
    sign_in_with(client, door, PASSWORD)
}

/// The same with any password.
pub(super) fn sign_in_with(client: &Client, door: &str, password: &str) -> Result<Client, Reply> {
    let by_name = json!({ "username": NAME, "password": password });
    let by_address = json!({ "email": ADDRESS, "password": password });
    let (path, body, token) = match door {
        "v1" => {
            let body = json!({ "identifier": NAME, "password": password });
            let opened = client.post("/v1/sessions", &body);
            if opened.status == 201 {
                return Ok(client.bearer(&opened.text_at("/access_token")));
            }
            if opened.status != 401 {
                return Err(opened);
            }
            // Who has no user name has an address.
            (
                "/v1/sessions",
                json!({ "identifier": ADDRESS, "password": password }),
                "/access_token",
            )
        }
        "py-api" => ("/sessions/login", by_address, "/token"),
        "flask-user-auth" => ("/user/login", by_name, "/access_token"),
        "drf-accounts" => ("/api/sessions/", by_name, "cookie"),
        "test-library" => ("/users/login", by_address, "/access_token"),
        _ => ("/api/auth/session", by_name, "/token"),
    };
    let opened = client.post(path, &body);
    if opened.status >= 300 {
        return Err(opened);
    }
    if token != "cookie" {
        return Ok(client.bearer(&opened.text_at(token)));
    }
    let cookies = opened.headers.iter().filter(|(name, _)| name == "set-cookie");
    let session = cookies.map(|(_, value)| value).find(|value| value.starts_with("sessionid="));
    Ok(client.with("Cookie", session.unwrap().split(';').next().unwrap()))
}

/// Somebody registered at this door; what they have decides where else they can sign in.
fn registered_at(engine: Engine, place: &Place) {
    let Some(server) = Server::builder().on(engine).start_if_there() else { return };
    let client = server.client();
    let person = (place.person)();
    client.post(place.path, &person).expect(201);
    if place.door == "flask-user-auth" {
        let number = json!({ "mobile": person["mobile"] });
        client.post("/user/activate-account", &number).expect(200);
    }
    let mut opened = Vec::new();
    for other in &PLACES {
        let has = |key: &str| !person[key].is_null();
        let known = match other.door {
            "v1" => true,
            "py-api" | "test-library" => has("email"),
            _ => has("username"),
        };
        match sign_in(&client, other.door) {
            Ok(session) if known => opened.push((other.door, session)),
            Err(refused) if !known => assert!(refused.status < 500, "{}", refused.text),
            Ok(_) => panic!("{} -> {}: nobody has that name", place.door, other.door),
            Err(refused) => panic!("{} -> {}: {}", place.door, other.door, refused.text),
        }
    }
    all_are_listed_and_closed(place, &opened);
}

/// Each session is listed with its door, and closing it at `/v1` ends it everywhere.
fn all_are_listed_and_closed(place: &Place, opened: &[(&str, Client)]) {
    let (_, keeper) = &opened[0];
    let listed = keeper.get("/v1/sessions").expect(200).body();
    let listed = listed["data"].as_array().unwrap();
    for (door, session) in &opened[1..] {
        let ids: Vec<&str> = listed
            .iter()
            .filter(|session| session["door"] == *door && session["current"] != true)
            .map(|session| session["id"].as_str().unwrap())
            .collect();
        // Registering at door 3 or 5 opens a session as well.
        assert!(!ids.is_empty(), "{}: no session of {door} in {listed:?}", place.door);
        // A cookie of door 3 counts there; tokens count everywhere.
        let everywhere =
            ["/v1/users/me", "/user", "/api/users/me/", "/users/getall", "/messages/all_messages"];
        let counts = if *door == "drf-accounts" { &everywhere[2..3] } else { &everywhere[..] };
        counts.iter().for_each(|path| drop(session.get(path).expect(200)));
        for id in ids {
            keeper.delete(&format!("/v1/sessions/{id}")).expect(204);
        }
        everywhere.iter().for_each(|path| drop(session.get(path).expect(401)));
    }
    keeper.get("/v1/users/me").expect(200);
}

#[test]
fn who_registered_anywhere_signs_in_everywhere_on_sqlite() {
    PLACES.iter().for_each(|place| registered_at(Engine::Sqlite, place));
}

#[test]
fn who_registered_anywhere_signs_in_everywhere_on_mariadb() {
    PLACES.iter().for_each(|place| registered_at(Engine::Mysql, place));
}

#[test]
fn who_registered_anywhere_signs_in_everywhere_on_postgresql() {
    PLACES.iter().for_each(|place| registered_at(Engine::Postgres, place));
}
