//! `POST /v1/users/{id}/lock` and `/unlock`.

use acceptance::{Actor, PASSWORD, Server};
use serde_json::json;

#[test]
fn a_locked_person_is_out_at_the_next_request_until_unlocked() {
    let server = Server::start();
    let (ada, admin) = (server.actor("ada"), server.admin());
    let call =
        |what: &str| admin.client.send("POST", &format!("/v1/users/{}/{what}", ada.id()), "");
    call("lock").expect(204);
    ada.client.get("/v1/users/me").expect_problem(401, "session_revoked");
    let refresh = json!({ "refresh_token": ada.refresh_token() });
    server.client().post("/v1/sessions/refresh", &refresh).expect(401);
    let login = json!({ "identifier": "ada", "password": PASSWORD });
    let locked =
        server.client().post("/v1/sessions", &login).expect_problem(401, "invalid_credentials");
    let unknown = json!({ "identifier": "nobody", "password": PASSWORD });
    let unknown = server.client().post("/v1/sessions", &unknown).expect(401);
    assert_eq!(locked.at("/detail"), unknown.at("/detail"));
    call("unlock").expect(204);
    assert!(!ada.is_in());
    assert!(Actor::sign_in(server.client(), "ada").is_in());
}

#[test]
fn locking_is_for_administrators() {
    let server = Server::start();
    let (ada, eve) = (server.actor("ada"), server.actor("eve"));
    for what in ["lock", "unlock"] {
        let path = format!("/v1/users/{}/{what}", ada.id());
        eve.client.send("POST", &path, "").expect_problem(403, "forbidden");
        server.client().send("POST", &path, "").expect(401);
    }
    let nobody = "/v1/users/00000000-0000-7000-8000-000000000000/lock";
    server.admin().client.send("POST", nobody, "").expect_problem(404, "not_found");
    assert!(ada.is_in());
}
