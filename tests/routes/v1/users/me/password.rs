//! `PUT /v1/users/me/password`.

use acceptance::{Actor, PASSWORD, Server};
use serde_json::json;

const NEXT: &str = "another horse entirely";

#[test]
fn a_new_password_ends_the_other_sessions_and_keeps_this_one() {
    let server = Server::start();
    let here = server.actor("ada");
    let there = here.again();
    let change = json!({ "current_password": PASSWORD, "new_password": NEXT });
    here.client.json("PUT", "/v1/users/me/password", &change).expect(204);
    assert!(here.is_in() && !there.is_in());
    let old = json!({ "refresh_token": there.refresh_token() });
    server.client().post("/v1/sessions/refresh", &old).expect(401);
    let own = json!({ "refresh_token": here.refresh_token() });
    server.client().post("/v1/sessions/refresh", &own).expect(200);
    let try_with = |password: &str| {
        server
            .client()
            .post("/v1/sessions", &json!({ "identifier": "ada", "password": password }))
            .status
    };
    assert_eq!((try_with(PASSWORD), try_with(NEXT)), (401, 201));
}

#[test]
fn the_owner_is_told_of_a_new_password() {
    let server = Server::start();
    let person = json!({ "username": "ada", "email": "ada@example.org", "password": PASSWORD });
    server.client().post("/v1/users", &person).expect(201);
    let ada = Actor::sign_in(server.client(), "ada");
    let change = |current: &str| json!({ "current_password": current, "new_password": NEXT });
    let put = |current: &str| ada.client.json("PUT", "/v1/users/me/password", &change(current));
    put("a wrong password").expect(403);
    put(PASSWORD).expect(204);
    let mail = server.mail("ada@example.org", 0);
    assert!(mail.text.contains("Your password was changed") && !mail.text.contains(NEXT));
    assert_eq!(server.mails("ada@example.org").len(), 1);
}

#[test]
fn a_wrong_or_weak_password_changes_nothing() {
    let server = Server::start();
    let ada = server.actor("ada");
    let put = |current: &str, new: &str| {
        let change = json!({ "current_password": current, "new_password": new });
        ada.client.json("PUT", "/v1/users/me/password", &change)
    };
    put("wrong", NEXT).expect_problem(403, "wrong_password");
    let weak = put(PASSWORD, "1234").expect_problem(422, "validation_failed");
    let told = weak.errors();
    assert!(told.contains(&("/new_password".into(), "too_short".into())), "{told:?}");
    assert!(told.contains(&("/new_password".into(), "too_common".into())), "{told:?}");
    put(PASSWORD, PASSWORD).expect_problem(422, "validation_failed");
    ada.client.json("PUT", "/v1/users/me/password", &json!({ "new_password": NEXT })).expect(422);
    server.client().json("PUT", "/v1/users/me/password", &json!({})).expect(401);
    let same = json!({ "identifier": "ada", "password": PASSWORD });
    server.client().post("/v1/sessions", &same).expect(201);
}
