//! Chatrooms through HTTP: what is shown, what is refused, tags and conditions, pages.

mod events;
mod messages;
mod ward;

use actix_web::test::TestRequest;
use serde_json::json;

use ward::{Ward, refused};

#[actix_web::test]
async fn a_room_is_made_and_read_back_without_its_passkey() {
    let ward = Ward::open().await;
    let body =
        json!({ "name": "Ward 7", "passkey": "heron", "members": [ward.eve.user.id.to_string()] });
    let reply = ward.post(&ward.ada, "/v1/chatrooms", body).await;
    assert_eq!((reply.status, reply.field("etag").as_str()), (201, "\"1-2\""));
    let room = reply.json();
    let expected = json!({
        "id": room["id"], "number": 1, "name": "Ward 7", "private": true, "member_count": 2,
        "created_at": room["created_at"], "updated_at": room["created_at"],
    });
    assert_eq!(room, expected);
    let address = format!("/v1/chatrooms/{}", room["id"].as_str().unwrap());
    assert_eq!(reply.field("location"), address);
    let read = ward.get(&ward.boss, &address).await;
    assert_eq!((read.status, read.json()), (200, room));
    let known = TestRequest::get().uri(&address).insert_header(("if-none-match", "\"1-2\""));
    assert_eq!(ward.call(&ward.boss, known).await.status, 304);
}

#[actix_web::test]
async fn everything_that_is_wrong_with_a_room_is_told_at_once() {
    let ward = Ward::open().await;
    let body = json!({ "name": "a<b", "passkey": "k".repeat(21), "members": ["nobody"] });
    let reply = ward.post(&ward.ada, "/v1/chatrooms", body).await;
    assert_eq!(refused(&reply), (422, "validation_failed".into()));
    let errors = reply.json()["errors"].as_array().unwrap().clone();
    let told: Vec<_> = errors.iter().map(|error| (&error["pointer"], &error["code"])).collect();
    let expected = [
        (json!("/name"), json!("invalid_format")),
        (json!("/passkey"), json!("too_long")),
        (json!("/members"), json!("unknown_person")),
    ];
    assert_eq!(told, expected.iter().map(|(at, code)| (at, code)).collect::<Vec<_>>());
    assert!(!reply.body.contains("kkkk"), "a passkey is not repeated");
    for body in [json!({}), json!({ "name": null }), json!({ "name": 5 }), json!({ "nam": "x" })] {
        assert_eq!(ward.post(&ward.ada, "/v1/chatrooms", body).await.status, 422);
    }
}

#[actix_web::test]
async fn rooms_are_for_those_who_are_signed_in() {
    let ward = Ward::open().await;
    let room = ward.a_room().await;
    let paths = ["", "/members", "/messages", "/events"].map(|part| format!("{room}{part}"));
    for path in paths.iter().map(String::as_str).chain(["/v1/chatrooms"]) {
        let reply = ward.world.call(TestRequest::get().uri(path)).await;
        assert_eq!(refused(&reply), (401, "authentication_required".into()), "{path}");
    }
}

#[actix_web::test]
async fn all_rooms_are_listed_page_by_page() {
    let ward = Ward::open().await;
    for _ in 0..3 {
        ward.a_room().await;
    }
    let first = ward.get(&ward.boss, "/v1/chatrooms?limit=2").await;
    let body = first.json();
    assert_eq!(
        (body["data"].as_array().unwrap().len(), &body["page"]["has_more"]),
        (2, &json!(true))
    );
    assert!(first.field("link").contains("rel=\"next\""));
    let cursor = body["page"]["next_cursor"].as_str().unwrap();
    let rest = ward.get(&ward.boss, &format!("/v1/chatrooms?limit=2&cursor={cursor}")).await.json();
    assert_eq!((&rest["data"][0]["number"], &rest["page"]["has_more"]), (&json!(3), &json!(false)));
    let misled = ward.get(&ward.boss, &format!("/v1/users?cursor={cursor}")).await;
    assert_eq!(misled.status, 400, "a cursor fits its own list only");
    assert_eq!(ward.get(&ward.boss, "/v1/chatrooms?limitt=2").await.status, 400);
}

#[actix_web::test]
async fn one_joins_with_the_passkey_and_leaves() {
    let ward = Ward::open().await;
    let room = ward.a_room().await;
    let (members, me) = (format!("{room}/members"), format!("{room}/members/me"));
    assert_eq!(refused(&ward.get(&ward.boss, &members).await).0, 403);
    for body in [json!({}), json!({ "passkey": null }), json!({ "passkey": "x" })] {
        let reply = ward.post(&ward.boss, &members, body).await;
        assert_eq!(refused(&reply), (403, "wrong_passkey".into()));
    }
    for _ in 0..2 {
        let reply = ward.post(&ward.boss, &members, json!({ "passkey": "heron" })).await;
        assert_eq!((reply.status, reply.body.as_str()), (204, ""));
    }
    let listed = ward.get(&ward.boss, &members).await.json();
    let names: Vec<_> =
        listed["data"].as_array().unwrap().iter().map(|it| &it["username"]).collect();
    assert_eq!(names, ["ada", "eve", "boss"]);
    assert_eq!(listed["data"][0].as_object().unwrap().len(), 4, "as other people are shown");
    assert_eq!(ward.delete(&ward.boss, &me).await.status, 204);
    assert_eq!(refused(&ward.delete(&ward.boss, &me).await).0, 403);
}

#[actix_web::test]
async fn guesses_of_a_passkey_are_limited() {
    let ward = Ward::open().await;
    let members = format!("{}/members", ward.a_room().await);
    for _ in 0..10 {
        assert_eq!(ward.post(&ward.boss, &members, json!({ "passkey": "x" })).await.status, 403);
    }
    let spent = ward.post(&ward.boss, &members, json!({ "passkey": "heron" })).await;
    assert_eq!((spent.status, spent.field("retry-after").as_str()), (429, "600"));
}

#[actix_web::test]
async fn a_room_is_changed_under_its_tag() {
    let ward = Ward::open().await;
    let room = ward.a_room().await;
    let renamed = |tag: &str| {
        let request = TestRequest::patch().uri(&room).set_json(json!({ "name": "Ours" }));
        request.insert_header(("if-match", tag.to_owned()))
    };
    let late = ward.call(&ward.eve, renamed("\"7-2\"")).await;
    assert_eq!(refused(&late).0, 412);
    let reply = ward.call(&ward.eve, renamed("\"1-2\"")).await;
    assert_eq!((reply.status, reply.field("etag").as_str()), (200, "\"2-2\""));
    assert_eq!((&reply.json()["name"], &reply.json()["private"]), (&json!("Ours"), &json!(true)));
    let open = json!({ "passkey": null });
    assert_eq!(refused(&ward.patch(&ward.eve, &room, open.clone()).await).0, 403);
    assert_eq!(refused(&ward.patch(&ward.boss, &room, json!({ "name": "Mine" })).await).0, 403);
    assert_eq!(ward.patch(&ward.ada, &room, open).await.json()["private"], json!(false));
    for body in [json!({ "name": null }), json!({ "name": "" }), json!({ "id": "x" })] {
        assert_eq!(ward.patch(&ward.ada, &room, body).await.status, 422);
    }
}

#[actix_web::test]
async fn a_room_is_removed_by_who_made_it_or_an_administrator() {
    let ward = Ward::open().await;
    for owner in [&ward.ada, &ward.boss] {
        let room = ward.a_room().await;
        let message = ward.said(&ward.eve, &room, "hi").await;
        assert_eq!(refused(&ward.delete(&ward.eve, &room).await).0, 403);
        let late = TestRequest::delete().uri(&room).insert_header(("if-match", "\"9-9\""));
        assert_eq!(ward.call(owner, late).await.status, 412);
        assert_eq!(ward.delete(owner, &room).await.status, 204);
        for path in [&room, &message] {
            assert_eq!(refused(&ward.get(&ward.ada, path).await), (404, "not_found".into()));
        }
    }
}

#[actix_web::test]
async fn a_store_that_is_away_is_503() {
    let ward = Ward::open().await;
    let room = ward.a_room().await;
    ward.world.stores.set_available(false);
    for part in ["", "/members", "/messages", "/events"] {
        assert_eq!(ward.get(&ward.ada, &format!("{room}{part}")).await.status, 503);
    }
}
