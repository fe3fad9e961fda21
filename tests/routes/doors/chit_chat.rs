//! Door 5, where a table of single exchanges does not reach: what must not be half done, races, and
//! what `hardened` tells nobody.

use acceptance::{Actor, Client, PASSWORD, Reply, Server};
use serde_json::{Value, json};

fn hardened() -> Server {
    Server::builder().with("compat.mode", "hardened").start()
}

/// Somebody with an address, signed in.
fn somebody(server: &Server, name: &str) -> Actor {
    let person =
        json!({ "username": name, "email": format!("{name}@example.org"), "password": PASSWORD });
    server.client().post("/v1/users", &person).expect(201);
    Actor::sign_in(server.client(), name)
}

fn room(actor: &Actor, passkey: &str) -> String {
    let room = json!({ "chat_name": "A room", "chat_passkey": passkey });
    actor.client.post("/chats/", &room).expect(201).at("/id").to_string()
}

/// Sends the same from many threads at once.
fn at_once(count: usize, send: impl Fn(usize) -> Reply + Sync) -> Vec<u16> {
    std::thread::scope(|scope| {
        let send = &send;
        let calls: Vec<_> = (0..count).map(|number| scope.spawn(move || send(number))).collect();
        calls.into_iter().map(|call| call.join().unwrap().status).collect()
    })
}

#[test]
fn a_change_of_which_one_part_is_refused_changes_nothing() {
    let server = hardened();
    let ada = somebody(&server, "ada");
    somebody(&server, "eve");
    let before = ada.me();
    let put = |body: &Value| ada.client.json("PUT", "/users/", body);
    let new = "another heron 99";
    put(&json!({ "username": "hh", "password": new, "current_password": "bad" })).expect(401);
    put(&json!({ "username": "hh", "email": "free@example.org", "current_password": "bad" }))
        .expect(401);
    let weak = json!({ "username": "hh", "password": "password12", "current_password": PASSWORD });
    let refused = put(&weak).expect(400);
    assert!(refused.text.starts_with("{\"password\":[\"password is"), "{}", refused.text);
    put(&json!({ "username": "hh", "password": new })).expect(400);
    let taken = json!({ "email": "eve@example.org", "current_password": PASSWORD });
    assert_eq!(put(&taken).expect(400).at("/message"), "Email already registered");
    let typed = put(&json!({ "email": "free@example.org", "current_password": 1 })).expect(400);
    assert_eq!(typed.body(), json!({ "current_password": ["Not a valid string."] }));
    assert_eq!(ada.me(), before);
    assert_eq!(server.mails("eve@example.org").len(), 0);
    let all = json!({ "username": "hh", "password": new, "current_password": PASSWORD });
    put(&all).expect(200);
    assert_eq!(ada.me()["username"], "hh");
}

#[test]
fn hardened_tells_nobody_what_exists() {
    let server = hardened();
    let (ada, eve) = (somebody(&server, "ada"), somebody(&server, "eve"));
    let private = room(&ada, "sesame");
    let said = ada.client.post(&format!("/messages/chat/{private}"), &json!({ "message": "hi" }));
    let said = said.expect(201).at("/id").to_string();
    let number = |actor: &Actor| actor.me()["number"].to_string();
    let alike = |method: &str, path: &dyn Fn(&str) -> String, known: &str| {
        let there = eve.client.json(method, &path(known), &json!({}));
        let missing = eve.client.json(method, &path("999999"), &json!({}));
        let no_number = eve.client.json(method, &path("99999999999999999999"), &json!({}));
        assert_eq!((there.status, &there.text), (403, &missing.text), "{method} {known}");
        assert_eq!((there.status, &there.text), (no_number.status, &no_number.text));
        assert_eq!(there.status, missing.status);
    };
    alike("PATCH", &|id| format!("/messages/{id}/like/"), &said);
    alike("DELETE", &|id| format!("/messages/{id}"), &said);
    alike("DELETE", &|id| format!("/chats/{id}"), &private);
    alike("PATCH", &|id| format!("/chats/{id}/join"), &private);
    alike("GET", &|id| format!("/chats/{id}"), &private);
    let book = json!({ "title": "A book", "author": "Ada" });
    let book = ada.client.post("/books/add", &book).expect(201).at("/result/id").to_string();
    alike("DELETE", &|id| format!("/books/delete/{id}"), &book);
    let root = server.admin();
    root.client.get(&format!("/users/{}", number(&ada))).expect(200);
    eve.client.get(&format!("/users/{}", number(&ada))).expect(403);
}

#[test]
fn documented_tells_who_is_missing_from_who_is_somebody_else() {
    let server = Server::start();
    let (ada, eve) = (somebody(&server, "ada"), somebody(&server, "eve"));
    let number = ada.me()["number"].to_string();
    eve.client.get(&format!("/users/{number}")).expect(403);
    assert_eq!(eve.client.get("/users/999999").expect(404).at("/error"), "Not Found");
}

#[test]
fn who_has_no_user_name_is_null() {
    let server = Server::start();
    let person = json!({ "firstname": "A", "lastname": "B", "email": "a@example.org", "password": "password" });
    server.client().post("/sessions/register", &person).expect(201);
    let login = json!({ "email": "a@example.org", "password": "password" });
    let token = server.client().post("/sessions/login", &login).expect(200).text_at("/token");
    let client = server.client().bearer(&token);
    let made = client.post("/chats/", &json!({ "chat_name": "c" })).expect(201);
    assert_eq!(made.at("/users"), json!([null]));
    let said = format!("/messages/chat/{}", made.at("/id"));
    let said = client.post(&said, &json!({ "message": "hi" })).expect(201);
    assert_eq!(said.at("/user"), Value::Null);
    let liked = client.send("PATCH", &format!("/messages/{}/like/", said.at("/id")), "");
    assert_eq!(liked.expect(200).at("/likes/users"), json!([null]));
}

#[test]
fn nul_is_refused_in_searches_too() {
    let server = Server::start();
    let ada = somebody(&server, "ada");
    let path = format!("/chats/{}/search?q=", room(&ada, ""));
    for query in ["%00", "a%00b"] {
        ada.client.get(&format!("{path}{query}")).expect(400);
        ada.client.get(&format!("/books/getall?q={query}")).expect(400);
    }
    ada.client.get(&format!("{path}%ff")).expect(200);
}

#[test]
fn simultaneous_changes_all_get_through() {
    let server = Server::start();
    let ada = somebody(&server, "ada");
    let path = format!("/chats/{}", room(&ada, ""));
    let rename = |number: usize| {
        ada.client.json("PUT", &path, &json!({ "chat_name": format!("room {number}") }))
    };
    assert_eq!(at_once(20, rename), [200; 20]);
    let heron =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("transcripts/files/heron.png");
    let heron = std::fs::read(heron).unwrap();
    let picture: Client = ada.client.with("Content-Type", "image/png");
    let put = |_| picture.send_bytes("PUT", "/v1/users/me/avatar", &heron);
    // More pictures at once than are developed at once may be told to come again, never to have lost.
    let told = at_once(20, put);
    assert!(told.iter().all(|status| [200, 503].contains(status)), "{told:?}");
    assert!(told.contains(&200));
}
