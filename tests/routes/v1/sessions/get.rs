//! `GET /v1/sessions` and `/v1/sessions/current`.

use acceptance::Server;
use serde_json::json;

#[test]
fn a_person_sees_its_own_sessions_the_newest_first() {
    let server = Server::start();
    let first = server.actor("ada");
    server.actor("eve");
    let second = first.again();
    let list = first.client.get("/v1/sessions").expect(200);
    let ids: Vec<_> =
        list.at("/data").as_array().unwrap().iter().map(|one| one["id"].clone()).collect();
    assert_eq!(ids, [second.opened.at("/session/id"), first.opened.at("/session/id")]);
    assert_eq!(
        (list.at("/data/0/current"), list.at("/data/1/current")),
        (false.into(), true.into())
    );
    let members: Vec<String> = list.at("/data/0").as_object().unwrap().keys().cloned().collect();
    let expected = [
        "address",
        "created_at",
        "current",
        "door",
        "expires_at",
        "id",
        "last_seen_at",
        "user_agent",
    ];
    assert_eq!(members, expected);
    assert_eq!(list.at("/data/0/address"), "127.0.0.1");
    let page = first.client.get("/v1/sessions?limit=1").expect(200);
    let next = format!("/v1/sessions?limit=1&cursor={}", page.text_at("/page/next_cursor"));
    assert_eq!(
        first.client.get(&next).expect(200).at("/data/0/id"),
        first.opened.at("/session/id")
    );
}

#[test]
fn the_current_session_is_the_callers() {
    let server = Server::start();
    let ada = server.actor("ada");
    let current = ada.client.get("/v1/sessions/current").expect(200);
    assert_eq!(current.at("/id"), ada.opened.at("/session/id"));
    server.client().get("/v1/sessions/current").expect_problem(401, "authentication_required");
    server.client().get("/v1/sessions").expect_problem(401, "authentication_required");
    let filter = ada.client.get("/v1/sessions?user_id=1").expect_problem(400, "invalid_parameter");
    assert!(refused_names(&filter.body(), "user_id"));
}

fn refused_names(body: &serde_json::Value, name: &str) -> bool {
    body.to_string().contains(name) && body["errors"] != json!(null)
}
