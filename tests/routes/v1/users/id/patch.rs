//! `PATCH /v1/users/{id}` and `/v1/users/me`.

use acceptance::{PASSWORD, Server};
use serde_json::json;

#[test]
fn a_merge_patch_sets_clears_and_keeps() {
    let server = Server::start();
    let ada = server.actor("ada");
    let named = json!({ "first_name": "Ada", "display_name": "Countess", "gender": "female" });
    let changed = ada.client.json("PATCH", "/v1/users/me", &named).expect(200);
    assert_eq!(changed.at("/first_name"), "Ada");
    let patch = json!({ "first_name": null, "consent": true });
    let merge = ada.client.with("Content-Type", "application/merge-patch+json");
    let changed = merge.send("PATCH", "/v1/users/me", &patch.to_string()).expect(200);
    assert_eq!(changed.at("/first_name"), json!(null));
    assert_eq!(
        (changed.at("/display_name"), changed.at("/consent")),
        ("Countess".into(), true.into())
    );
    assert_eq!(changed.body(), ada.me());
}

#[test]
fn nobody_changes_somebody_else_or_its_own_standing() {
    let server = Server::start();
    let (ada, eve) = (server.actor("ada"), server.actor("eve"));
    let path = format!("/v1/users/{}", ada.id());
    let before = ada.me();
    eve.client
        .json("PATCH", &path, &json!({ "display_name": "x" }))
        .expect_problem(403, "forbidden");
    for standing in [json!({ "roles": ["admin"] }), json!({ "status": "locked" })] {
        ada.client.json("PATCH", &path, &standing).expect_problem(403, "forbidden");
    }
    for member in ["id", "number", "email_verified", "created_at", "version", "password"] {
        let refused = ada.client.json("PATCH", &path, &json!({ member: "x" }));
        assert!((400..=422).contains(&refused.status), "{member}");
    }
    assert_eq!(ada.me(), before);
}

#[test]
fn an_administrator_changes_standing_and_what_it_ends_is_over() {
    let server = Server::start();
    let (ada, admin) = (server.actor("ada"), server.admin());
    let path = format!("/v1/users/{}", ada.id());
    admin
        .client
        .json("PATCH", &path, &json!({ "status": "gone" }))
        .expect_problem(422, "validation_failed");
    admin.client.json("PATCH", &path, &json!({ "roles": ["admin"] })).expect(200);
    ada.client.get("/v1/users/me").expect_problem(401, "session_revoked");
    let ada = ada_again(&server);
    ada.client.get("/v1/users").expect(200);
    admin.client.json("PATCH", &path, &json!({ "status": "inactive" })).expect(200);
    assert!(!ada.is_in());
}

fn ada_again(server: &Server) -> acceptance::Actor {
    acceptance::Actor::sign_in(server.client(), "ada")
}

#[test]
fn the_version_named_must_be_the_present_one() {
    let server = Server::start();
    let ada = server.actor("ada");
    let named = |name: &str| json!({ "display_name": name });
    let tag = ada.client.get("/v1/users/me").header("etag").unwrap().to_owned();
    let conditional = ada.client.with("If-Match", &tag);
    let changed = conditional.json("PATCH", "/v1/users/me", &named("one")).expect(200);
    assert_ne!(changed.header("etag"), Some(tag.as_str()));
    conditional
        .json("PATCH", "/v1/users/me", &named("two"))
        .expect_problem(412, "version_mismatch");
    let weak = format!("W/{}", changed.header("etag").unwrap());
    ada.client.with("If-Match", &weak).json("PATCH", "/v1/users/me", &named("three")).expect(412);
    ada.client.with("If-Match", "*").json("PATCH", "/v1/users/me", &named("four")).expect(200);
    ada.client
        .with("If-Match", "no tag")
        .json("PATCH", "/v1/users/me", &named("five"))
        .expect_problem(400, "invalid_header");
    assert_eq!(ada.me()["display_name"], "four");
}

#[test]
fn a_server_may_insist_on_the_version() {
    let server = Server::builder().with("server.require_if_match", "true").start();
    let ada = server.actor("ada");
    let patch = json!({ "display_name": "x" });
    ada.client.json("PATCH", "/v1/users/me", &patch).expect_problem(428, "precondition_required");
    ada.client.delete("/v1/users/me").expect_problem(428, "precondition_required");
}

#[test]
fn of_forty_changes_at_once_none_is_lost() {
    let server = Server::start();
    let ada = server.actor("ada");
    std::thread::scope(|scope| {
        for n in 0..40 {
            let client = ada.client.clone();
            scope.spawn(move || {
                loop {
                    let tag = client.get("/v1/users/me").header("etag").unwrap().to_owned();
                    let patch = json!({ "display_name": format!("writer {n}") });
                    let outcome =
                        client.with("If-Match", &tag).json("PATCH", "/v1/users/me", &patch);
                    if outcome.status == 200 {
                        break;
                    }
                    outcome.expect(412);
                }
            });
        }
    });
    assert!(ada.client.get("/v1/users/me").header("etag").unwrap().contains("41"));
}

#[test]
fn forty_changes_at_once_without_a_condition_all_get_through() {
    let server = Server::start();
    let ada = server.actor("ada");
    std::thread::scope(|scope| {
        for n in 0..40 {
            let client = ada.client.clone();
            let patch = json!({ "display_name": format!("writer {n}") });
            scope.spawn(move || client.json("PATCH", "/v1/users/me", &patch).expect(200));
        }
    });
    assert!(ada.client.get("/v1/users/me").header("etag").unwrap().contains("41"));
}

#[test]
fn a_new_address_needs_the_password_and_stays_pending() {
    let server = Server::start();
    let ada = server.actor("ada");
    let address = json!({ "email": "ada@example.org" });
    let refused =
        ada.client.json("PATCH", "/v1/users/me", &address).expect_problem(422, "validation_failed");
    assert_eq!(refused.errors(), [("/current_password".into(), "required".into())]);
    let wrong = json!({ "email": "ada@example.org", "current_password": "wrong" });
    ada.client.json("PATCH", "/v1/users/me", &wrong).expect_problem(403, "wrong_password");
    let right = json!({ "email": "ada@example.org", "current_password": PASSWORD });
    let changed = ada.client.json("PATCH", "/v1/users/me", &right).expect(200);
    assert_eq!(
        (changed.at("/email"), changed.text_at("/pending_email")),
        (json!(null), "ada@example.org".into())
    );
}
