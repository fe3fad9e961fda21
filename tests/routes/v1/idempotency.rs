//! `Idempotency-Key` at `/v1`, on every engine and over two nodes.

use acceptance::{Client, Engine, PASSWORD, Reply, Server};
use serde_json::{Value, json};

fn keyed(client: &Client, key: &str, path: &str, body: &Value) -> Reply {
    client.with("Idempotency-Key", key).post(path, body)
}

fn titles(client: &Client) -> usize {
    client.get("/v1/books").expect(200).at("/data").as_array().unwrap().len()
}

fn story(engine: Engine) {
    let Some(mut here) = Server::builder().on(engine).start_if_there() else { return };
    let there = here.another_node();
    let ada = here.actor("ada");
    let elsewhere = there.client().bearer(&ada.access_token());
    let book = json!({ "title": "Notes", "author": "Ada" });

    // Sixteen at once over two nodes: one book, and everybody who is answered is answered alike.
    let replies: Vec<Reply> = std::thread::scope(|scope| {
        let clients = [&ada.client, &elsewhere].into_iter().cycle().take(16);
        let book = &book;
        let send = |client| scope.spawn(move || keyed(client, "k1", "/v1/books", book));
        let calls: Vec<_> = clients.map(send).collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    let statuses: Vec<u16> = replies.iter().map(|reply| reply.status).collect();
    assert!(statuses.iter().all(|status| [201, 409].contains(status)), "{statuses:?}");
    assert_eq!(titles(&ada.client), 1);
    let first = replies.iter().find(|reply| reply.status == 201).unwrap();
    let again = keyed(&elsewhere, "k1", "/v1/books", &book).expect(201);
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(again.at("/id"), first.at("/id"));
    assert_eq!(again.header("location"), first.header("location"));

    // Another body, another path, another person.
    let other = json!({ "title": "Other", "author": "Ada" });
    keyed(&ada.client, "k1", "/v1/books", &other).expect_problem(422, "idempotency_key_reused");
    keyed(&ada.client, "k1", "/v1/chatrooms", &json!({ "name": "Room" })).expect(201);
    let eve = there.actor("eve");
    keyed(&eve.client, "k1", "/v1/books", &other).expect(201);
    assert_eq!(titles(&ada.client), 2);

    // A change is made once, though it was made again by others meanwhile.
    let path = format!("/v1/books/{}", first.text_at("/id"));
    let patch = |text: &str, key: &str| {
        let client = ada.client.with("Idempotency-Key", key);
        client.json("PATCH", &path, &json!({ "title": text })).expect(200)
    };
    let once = patch("Second", "k2");
    patch("Third", "k3");
    let again = patch("Second", "k2");
    assert_eq!(
        (again.at("/title"), again.header("etag")),
        (once.at("/title"), once.header("etag"))
    );
    assert_eq!(ada.client.get(&path).at("/title"), "Third");

    // The reply outlives the server, and is sealed where it lies.
    let login = json!({ "identifier": "ada", "password": PASSWORD });
    let opened = keyed(&here.client(), "k4", "/v1/sessions", &login).expect(201);
    here.kill_and_restart();
    let again = keyed(&here.client(), "k4", "/v1/sessions", &login).expect(201);
    assert_eq!(again.at("/refresh_token"), opened.at("/refresh_token"));
}

#[test]
fn what_is_sent_twice_is_done_once_on_sqlite() {
    story(Engine::Sqlite);
}

#[test]
fn what_is_sent_twice_is_done_once_on_mariadb() {
    story(Engine::Mysql);
}

#[test]
fn what_is_sent_twice_is_done_once_on_postgresql() {
    story(Engine::Postgres);
}

#[test]
fn what_did_not_fit_may_be_mended_under_the_same_key() {
    let server = Server::start();
    let wrong = json!({ "username": "ada", "password": "short" });
    keyed(&server.client(), "k", "/v1/users", &wrong).expect_problem(422, "validation_failed");
    let right = json!({ "username": "ada", "password": PASSWORD });
    keyed(&server.client(), "k", "/v1/users", &right).expect(201);
    keyed(&server.client(), "k", "/v1/users", &wrong).expect_problem(422, "idempotency_key_reused");
    let guess = json!({ "identifier": "ada", "password": "a wrong guess" });
    keyed(&server.client(), "g", "/v1/sessions", &guess).expect(401);
    let again = keyed(&server.client(), "g", "/v1/sessions", &guess).expect(401);
    assert_eq!(again.header("idempotent-replayed"), None, "a guess is a guess each time");
    let twice = server.client().with("Idempotency-Key", "a").with("Idempotency-Key", "b");
    twice.post("/v1/users", &right).expect_problem(400, "invalid_header");
}
