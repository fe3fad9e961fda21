//! `/v1/books`, beside the books of door 4.

use acceptance::Server;
use serde_json::json;

#[test]
fn a_book_is_the_same_at_v1_and_at_door_4() {
    let server = Server::start();
    let (ada, eve) = (server.actor("ada"), server.actor("eve"));
    let book = json!({ "title": "100% Rust_acean", "author": "Ferris", "isbn": "0-306-40615-2" });
    let added = ada.client.post("/v1/books", &book).expect(201);
    let path = format!("/v1/books/{}", added.text_at("/id"));
    let at_door = eve.client.get("/books/getByIsbn/9780306406157").expect(200);
    assert_eq!(at_door.at("/result/id"), added.at("/number"));
    assert_eq!(at_door.at("/result/title"), "100% Rust_acean");
    let again = json!({ "title": "Another", "author": "Ferris", "isbn": "978-0-306-40615-7" });
    eve.client.post("/v1/books", &again).expect(409);
    eve.client.post("/books/add", &again).expect(400);

    let change = json!({ "copies": 3 });
    eve.client.json("PATCH", &path, &change).expect(403);
    let tag = ada.client.get(&path).expect(200).header("etag").unwrap().to_owned();
    ada.client.with("If-Match", "\"none\"").json("PATCH", &path, &change).expect(412);
    ada.client.with("If-Match", &tag).json("PATCH", &path, &change).expect(200);
    assert_eq!(eve.client.get(&path).expect(200).at("/copies"), 3);
    for (sought, found) in [("0%25", 1), ("RUST_", 1), ("r%25t", 0), ("ferris", 1)] {
        let page = eve.client.get(&format!("/v1/books?q={sought}")).expect(200);
        assert_eq!(page.at("/data").as_array().map(Vec::len), Some(found), "{sought}");
    }
    eve.client.delete(&path).expect(403);
    ada.client.delete(&path).expect(204);
    eve.client.get(&path).expect(404);
    eve.client.get("/books/getByIsbn/0306406152").expect(404);
}
