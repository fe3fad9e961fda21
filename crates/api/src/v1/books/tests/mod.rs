//! Books through HTTP: what is shown, what is refused, tags and conditions, pages.

mod library;

use actix_web::test::TestRequest;
use serde_json::json;

use library::{Library, told};

use crate::ApiSettings;
use crate::testing::Reply;

#[actix_web::test]
async fn a_book_is_made_and_read_back() {
    let library = Library::open(ApiSettings::default()).await;
    let reply = library.add(json!({
        "title": "Flush", "author": "Virginia Woolf", "isbn": "0-8044-2957-x",
        "published_year": 1933, "copies": 2,
    }));
    let reply = reply.await;
    assert_eq!((reply.status, reply.field("etag").as_str()), (201, "\"1\""));
    let book = reply.json();
    let expected = json!({
        "id": book["id"], "number": 1, "title": "Flush", "author": "Virginia Woolf",
        "isbn": "080442957X", "published_year": 1933, "copies": 2,
        "added_by": library.ada.0.id.to_string(),
        "created_at": book["created_at"], "updated_at": book["created_at"],
    });
    assert_eq!(book, expected);
    assert_eq!(reply.field("location"), format!("/v1/books/{}", book["id"].as_str().unwrap()));
    let read = library.get(&reply.field("location")).await;
    assert_eq!((read.status, read.json(), read.field("etag").as_str()), (200, book, "\"1\""));
}

#[actix_web::test]
async fn what_is_not_said_of_a_book_has_its_default() {
    let library = Library::open(ApiSettings::default()).await;
    let nothing = json!({
        "title": "Orlando", "author": "V", "isbn": null, "published_year": null, "copies": null,
    });
    for body in [json!({ "title": "Orlando", "author": "V" }), nothing] {
        let book = library.add(body).await.json();
        assert_eq!(
            (&book["isbn"], &book["published_year"], &book["copies"]),
            (&json!(null), &json!(null), &json!(1))
        );
    }
}

#[actix_web::test]
async fn everything_that_is_wrong_with_a_book_is_told_at_once() {
    let library = Library::open(ApiSettings::default()).await;
    let reply = library.add(json!({
        "title": "", "isbn": "0306406153", "published_year": 10_000, "copies": -1,
    }));
    let reply = reply.await;
    assert_eq!((reply.status, &reply.json()["code"]), (422, &json!("validation_failed")));
    let expected = [
        ("/title", "too_short"),
        ("/author", "required"),
        ("/isbn", "invalid_format"),
        ("/published_year", "out_of_range"),
        ("/copies", "out_of_range"),
    ];
    assert_eq!(told(&reply), expected.map(|(at, code)| (at.to_owned(), code.to_owned())));
    let odd = json!({ "titel": "Flush", "author": 5, "copies": 1.5, "published_year": "1933" });
    let mut told = told(&library.add(odd).await);
    told.sort();
    let expected = [
        ("/author", "invalid_type"),
        ("/copies", "invalid_type"),
        ("/published_year", "invalid_type"),
        ("/titel", "unknown"),
    ];
    assert_eq!(told, expected.map(|(at, code)| (at.to_owned(), code.to_owned())));
}

#[actix_web::test]
async fn an_isbn_is_one_books_only() {
    let library = Library::open(ApiSettings::default()).await;
    let body = |isbn| json!({ "title": "Flush", "author": "V", "isbn": isbn });
    assert_eq!(library.add(body("0-306-40615-2")).await.status, 201);
    let twin = library.add(body("978-0-306-40615-7")).await;
    assert_eq!((twin.status, &twin.json()["code"]), (409, &json!("already_taken")));
    assert_eq!(told(&twin), [("/isbn".to_owned(), "already_taken".to_owned())]);
    let (_, other) = library.a_book("Orlando").await;
    let takes = json!({ "isbn": "9780306406157" });
    assert_eq!(library.patch(&library.ada.1, &other, takes).await.status, 409);
}

#[actix_web::test]
async fn books_are_for_people_who_are_signed_in() {
    let library = Library::open(ApiSettings::default()).await;
    let (_, path) = library.a_book("Orlando").await;
    let body = json!({ "title": "Flush", "author": "V" });
    for request in [
        TestRequest::get().uri("/v1/books"),
        TestRequest::post().uri("/v1/books").set_json(&body),
        TestRequest::get().uri(&path),
        TestRequest::patch().uri(&path).set_json(&body),
        TestRequest::delete().uri(&path),
    ] {
        let reply = library.world.call(request).await;
        assert_eq!((reply.status, &reply.json()["code"]), (401, &json!("authentication_required")));
    }
}

#[actix_web::test]
async fn a_book_is_changed_by_who_added_it_and_by_administrators() {
    let library = Library::open(ApiSettings::default()).await;
    let (book, path) = library.a_book("Orlando").await;
    let copies = |copies: u32| json!({ "copies": copies });
    let refused = library.patch(&library.eve, &path, copies(2)).await;
    assert_eq!((refused.status, &refused.json()["code"]), (403, &json!("forbidden")));
    let refused = library.call(&library.eve, TestRequest::delete().uri(&path)).await;
    assert_eq!(refused.status, 403);
    assert_eq!(library.get(&path).await.json(), book);
    let own = library.patch(&library.ada.1, &path, copies(3)).await;
    assert_eq!((own.status, own.field("etag").as_str()), (200, "\"2\""));
    let by_boss = library.patch(&library.boss, &path, copies(4)).await;
    assert_eq!((by_boss.status, &by_boss.json()["copies"]), (200, &json!(4)));
    let removed = library.call(&library.boss, TestRequest::delete().uri(&path)).await;
    assert_eq!((removed.status, removed.body.as_str()), (204, ""));
    for request in [
        TestRequest::get().uri(&path),
        TestRequest::patch().uri(&path).set_json(copies(5)),
        TestRequest::delete().uri(&path),
        TestRequest::get().uri("/v1/books/1"),
    ] {
        let gone = library.call(&library.ada.1, request).await;
        assert_eq!((gone.status, &gone.json()["code"]), (404, &json!("not_found")));
    }
}

#[actix_web::test]
async fn a_patch_clears_what_a_book_may_lack_and_nothing_else() {
    let library = Library::open(ApiSettings::default()).await;
    let full = json!({
        "title": "Flush", "author": "V", "isbn": "0306406152", "published_year": 1933,
    });
    let path = library.add(full).await.field("location");
    let less = json!({ "isbn": null, "published_year": null });
    let bare = library.patch(&library.ada.1, &path, less).await.json();
    assert_eq!((&bare["isbn"], &bare["published_year"]), (&json!(null), &json!(null)));
    let nothing = json!({ "title": null, "author": null, "copies": null });
    let refused = library.patch(&library.ada.1, &path, nothing).await;
    let expected = ["/title", "/author", "/copies"];
    assert_eq!(told(&refused), expected.map(|at| (at.to_owned(), "required".to_owned())));
}

#[actix_web::test]
async fn a_book_that_is_known_already_is_not_sent_again() {
    let library = Library::open(ApiSettings::default()).await;
    let (_, path) = library.a_book("Orlando").await;
    let unless = async |tags: &'static str| {
        let request = TestRequest::get().uri(&path).insert_header(("if-none-match", tags));
        library.call(&library.eve, request).await
    };
    let known = unless("\"x\", W/\"1\"").await;
    assert_eq!((known.status, known.body.as_str(), &*known.field("etag")), (304, "", "\"1\""));
    assert_eq!(unless("\"2\"").await.status, 200);
    assert_eq!(unless("1").await.status, 400);
    let users = &library.world.state.services().users;
    users.delete(&library.ada.0, library.ada.0.id, None).await.unwrap();
    let left = unless("\"1\"").await;
    assert_eq!((left.status, &left.json()["added_by"]), (200, &json!(null)));
}

#[actix_web::test]
async fn a_book_is_changed_only_at_the_version_that_was_read() {
    let library = Library::open(ApiSettings::default()).await;
    let (_, path) = library.a_book("Orlando").await;
    let call = async |request: TestRequest, tags: &'static str| {
        library.call(&library.ada.1, request.insert_header(("if-match", tags))).await
    };
    let patch = || TestRequest::patch().uri(&path).set_json(json!({ "copies": 5 }));
    let delete = || TestRequest::delete().uri(&path);
    for stale in ["\"2\"", "W/\"1\"", "\"x\", \"0\"", ""] {
        let reply = call(patch(), stale).await;
        assert_eq!((reply.status, &reply.json()["code"]), (412, &json!("version_mismatch")));
        assert_eq!(call(delete(), stale).await.status, 412, "{stale}");
    }
    assert_eq!(call(patch(), "1").await.status, 400);
    assert_eq!(call(patch(), "\"7\", \"1\"").await.field("etag"), "\"2\"");
    assert_eq!(call(patch(), "*").await.field("etag"), "\"2\"", "nothing is changed by it");
    assert_eq!(call(delete(), "\"2\"").await.status, 204);
}

#[actix_web::test]
async fn a_condition_is_required_of_books_where_the_operator_says_so() {
    let settings = ApiSettings { require_if_match: true, ..ApiSettings::default() };
    let library = Library::open(settings).await;
    let (_, path) = library.a_book("Orlando").await;
    let reply = library.patch(&library.ada.1, &path, json!({ "copies": 5 })).await;
    assert_eq!((reply.status, &reply.json()["code"]), (428, &json!("precondition_required")));
    let delete = TestRequest::delete().uri(&path);
    assert_eq!(library.call(&library.ada.1, delete).await.status, 428);
}

#[actix_web::test]
async fn books_are_searched_and_paged() {
    let library = Library::open(ApiSettings::default()).await;
    for title in ["100% Wool", "1000 Wools", "100% wool again", "Wool"] {
        library.a_book(title).await;
    }
    let titles = |reply: &Reply| -> Vec<String> {
        let data = reply.json()["data"].as_array().unwrap().clone();
        data.iter().map(|book| book["title"].as_str().unwrap().to_owned()).collect()
    };
    let first = library.get("/v1/books?q=100%25%20WOOL&limit=1").await;
    assert_eq!(titles(&first), ["100% Wool"]);
    let cursor = first.json()["page"]["next_cursor"].as_str().unwrap().to_owned();
    let next = format!("/v1/books?q=100%25+WOOL&limit=1&cursor={cursor}");
    assert!(first.field("link").ends_with(&format!("{next}>; rel=\"next\"")));
    let last = library.get(&next).await;
    assert_eq!(titles(&last), ["100% wool again"]);
    assert_eq!(
        (last.field("link"), &last.json()["page"]["has_more"]),
        (String::new(), &json!(false))
    );
    assert_eq!(titles(&library.get("/v1/books").await).len(), 4);
    for (query, code) in [
        ("limit=0", "invalid_parameter"),
        ("search=x", "invalid_parameter"),
        ("q=a%00", "invalid_parameter"),
        ("cursor=x", "invalid_cursor"),
    ] {
        let reply = library.get(&format!("/v1/books?{query}")).await;
        assert_eq!((reply.status, &reply.json()["code"]), (400, &json!(code)), "{query}");
    }
}

#[actix_web::test]
async fn a_library_that_does_not_answer_is_unavailable_and_not_empty() {
    let library = Library::open(ApiSettings::default()).await;
    library.world.stores.set_available(false);
    assert_eq!(library.get("/v1/books").await.status, 503);
}
