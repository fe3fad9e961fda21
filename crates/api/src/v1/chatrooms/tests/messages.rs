//! Messages through HTTP.

use actix_web::test::TestRequest;
use serde_json::{Value, json};

use super::ward::{Ward, refused};

fn texts(page: &Value) -> Vec<&str> {
    page["data"].as_array().unwrap().iter().map(|said| said["text"].as_str().unwrap()).collect()
}

#[actix_web::test]
async fn a_message_is_said_and_read_back() {
    let ward = Ward::open().await;
    let room = ward.a_room().await;
    let sent = json!({ "text": "Who has\nthe <key>?" });
    let reply = ward.post(&ward.ada, &format!("{room}/messages"), sent).await;
    assert_eq!((reply.status, reply.field("etag").as_str()), (201, "\"1-0\""));
    let said = reply.json();
    let expected = json!({
        "id": said["id"], "number": 1, "chatroom_id": room.rsplit('/').next().unwrap(),
        "text": "Who has\nthe <key>?", "like_count": 0,
        "author": {
            "id": ward.ada.user.id.to_string(), "username": "ada", "display_name": null,
            "avatar_url": null,
        },
        "created_at": said["created_at"], "updated_at": said["created_at"],
    });
    assert_eq!(said, expected);
    assert_eq!(ward.get(&ward.eve, &reply.field("location")).await.json(), said);
    let known = TestRequest::get().uri(&reply.field("location"));
    let known = known.insert_header(("if-none-match", "\"1-0\""));
    assert_eq!(ward.call(&ward.eve, known).await.status, 304);
}

#[actix_web::test]
async fn what_is_no_text_is_refused() {
    let ward = Ward::open().await;
    let messages = format!("{}/messages", ward.a_room().await);
    for (text, code) in [
        (json!(""), "required"),
        (json!(" "), "too_short"),
        (json!("a\u{0}"), "control_character"),
        (json!("é".repeat(5_001)), "too_long"),
        (json!(5), "invalid_type"),
        (json!(null), "required"),
    ] {
        let reply = ward.post(&ward.ada, &messages, json!({ "text": text })).await;
        let told = &reply.json()["errors"][0];
        assert_eq!(
            (reply.status, &told["pointer"], &told["code"]),
            (422, &json!("/text"), &json!(code)),
            "{text}"
        );
    }
    assert_eq!(
        ward.post(&ward.ada, &messages, json!({ "text": "é".repeat(5_000) })).await.status,
        201
    );
}

#[actix_web::test]
async fn messages_are_listed_upward_and_searched_literally() {
    let ward = Ward::open().await;
    let room = ward.a_room().await;
    for text in ["100% Über", "a_b", "plain über"] {
        ward.said(&ward.eve, &room, text).await;
    }
    let first = ward.get(&ward.ada, &format!("{room}/messages?limit=2")).await;
    assert_eq!(texts(&first.json()), ["100% Über", "a_b"]);
    let cursor = first.json()["page"]["next_cursor"].as_str().unwrap().to_owned();
    let rest = ward.get(&ward.ada, &format!("{room}/messages?limit=2&cursor={cursor}")).await;
    assert_eq!(texts(&rest.json()), ["plain über"]);
    for (part, expected) in [
        ("%C3%9CBER", vec!["100% Über", "plain über"]),
        ("%25", vec!["100% Über"]),
        ("_", vec!["a_b"]),
    ] {
        let found = ward.get(&ward.ada, &format!("{room}/messages?q={part}")).await;
        assert_eq!(texts(&found.json()), expected);
    }
}

#[actix_web::test]
async fn strangers_neither_read_nor_speak_nor_like() {
    let ward = Ward::open().await;
    let room = ward.a_room().await;
    let said = ward.said(&ward.ada, &room, "hi").await;
    let messages = format!("{room}/messages");
    let replies = [
        ward.get(&ward.boss, &messages).await,
        ward.post(&ward.boss, &messages, json!({ "text": "hi" })).await,
        ward.get(&ward.boss, &said).await,
        ward.put(&ward.boss, &format!("{said}/like")).await,
        ward.delete(&ward.boss, &format!("{said}/like")).await,
        ward.patch(&ward.boss, &said, json!({ "text": "mine" })).await,
        ward.delete(&ward.boss, &said).await,
    ];
    for reply in replies {
        assert_eq!(reply.status, 403, "{}", reply.body);
    }
}

#[actix_web::test]
async fn a_message_is_changed_and_removed_by_who_said_it_under_its_tag() {
    let ward = Ward::open().await;
    let said = ward.said(&ward.ada, &ward.a_room().await, "before").await;
    let patched = |tag: &str| {
        let request = TestRequest::patch().uri(&said).set_json(json!({ "text": "after" }));
        request.insert_header(("if-match", tag.to_owned()))
    };
    assert_eq!(refused(&ward.patch(&ward.eve, &said, json!({ "text": "x" })).await).0, 403);
    assert_eq!(ward.call(&ward.ada, patched("\"4-0\"")).await.status, 412);
    let reply = ward.call(&ward.ada, patched("\"1-0\"")).await;
    assert_eq!((reply.status, reply.field("etag").as_str()), (200, "\"2-0\""));
    assert_eq!(reply.json()["text"], json!("after"));
    assert_eq!(refused(&ward.delete(&ward.eve, &said).await).0, 403);
    let late = TestRequest::delete().uri(&said).insert_header(("if-match", "\"1-0\""));
    assert_eq!(ward.call(&ward.ada, late).await.status, 412);
    assert_eq!(ward.delete(&ward.ada, &said).await.status, 204);
    assert_eq!(refused(&ward.delete(&ward.ada, &said).await), (404, "not_found".into()));
}

#[actix_web::test]
async fn a_like_counts_once() {
    let ward = Ward::open().await;
    let said = ward.said(&ward.ada, &ward.a_room().await, "hi").await;
    let like = format!("{said}/like");
    for _ in 0..2 {
        assert_eq!(ward.put(&ward.eve, &like).await.status, 204);
    }
    assert_eq!(ward.put(&ward.ada, &like).await.status, 204);
    let liked = ward.get(&ward.ada, &said).await;
    assert_eq!((&liked.json()["like_count"], liked.field("etag").as_str()), (&json!(2), "\"1-2\""));
    for _ in 0..2 {
        assert_eq!(ward.delete(&ward.eve, &like).await.status, 204);
    }
    assert_eq!(ward.get(&ward.ada, &said).await.json()["like_count"], json!(1));
}

#[actix_web::test]
async fn what_is_no_id_names_nothing() {
    let ward = Ward::open().await;
    for path in
        ["/v1/chatrooms/1", "/v1/messages/x", "/v1/chatrooms/x/messages", "/v1/chatrooms/x/events"]
    {
        assert_eq!(refused(&ward.get(&ward.ada, path).await), (404, "not_found".into()), "{path}");
    }
}
