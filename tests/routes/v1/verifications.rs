//! `/v1/verifications`: links and codes that show that an address is one's own.

use acceptance::{Actor, Client, PASSWORD, Reply, Server};
use serde_json::{Value, json};

const ADDRESS: &str = "ada@example.org";

fn register(server: &Server) -> Actor {
    let person = json!({ "username": "ada", "email": ADDRESS, "mobile": "+49 30 123456", "password": PASSWORD });
    server.client().post("/v1/users", &person).expect(201);
    Actor::sign_in(server.client(), "ada")
}

fn ask(actor: &Actor, channel: &str) -> Reply {
    actor.client.post("/v1/verifications", &json!({ "channel": channel }))
}

fn confirm(client: &Client, proof: &Value) -> Reply {
    client.post("/v1/verifications/confirm", proof)
}

#[test]
fn a_code_verifies_for_who_is_signed_in_and_ends_all_other_sessions() {
    let server = Server::start();
    let ada = register(&server);
    let other = ada.again();
    ask(&ada, "email").expect(202);
    let code = server.mail(ADDRESS, 0).code();
    let proof = json!({ "channel": "email", "code": code });
    confirm(&server.client(), &proof).expect_problem(401, "authentication_required");
    let as_mobile = json!({ "channel": "mobile", "code": code });
    confirm(&ada.client, &as_mobile).expect_problem(422, "invalid_code");
    confirm(&ada.client, &proof).expect(204);
    assert_eq!(ada.me()["email_verified"], true);
    assert!(!other.is_in(), "somebody else may have claimed the address");
    confirm(&ada.client, &proof).expect_problem(422, "invalid_code");
    ask(&ada, "email").expect_problem(422, "validation_failed");

    ask(&ada, "mobile").expect(202);
    let code = server.message("+4930123456", 0).code();
    confirm(&ada.client, &json!({ "channel": "mobile", "code": code })).expect(204);
    assert_eq!(ada.me()["mobile_verified"], true);
}

#[test]
fn a_link_verifies_once_for_whoever_opens_it() {
    let server = Server::start();
    let ada = register(&server);
    ask(&ada, "email").expect(202);
    let mail = server.mail(ADDRESS, 0);
    assert!(mail.link().starts_with(&format!("{}/verify#dwh_", server.url())));
    server.client().get("/verify").expect(200);
    let proof = json!({ "token": mail.token() });
    confirm(&server.client(), &proof).expect(204);
    confirm(&server.client(), &proof).expect_problem(422, "invalid_code");
    assert!(!ada.is_in());
    let again = Actor::sign_in(server.client(), "ada");
    assert_eq!(again.me()["email_verified"], true);
    let log = server.log();
    assert!(!log.contains(&mail.token()) && !log.contains(&mail.code()));
}

#[test]
fn five_wrong_codes_spend_the_right_one() {
    let server = Server::start();
    let ada = register(&server);
    ask(&ada, "email").expect(202);
    let code = server.mail(ADDRESS, 0).code();
    let wrong = format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000);
    for _ in 0..5 {
        let proof = json!({ "channel": "email", "code": wrong });
        confirm(&ada.client, &proof).expect_problem(422, "invalid_code");
    }
    let proof = json!({ "channel": "email", "code": code });
    confirm(&ada.client, &proof).expect_problem(422, "invalid_code");
}

#[test]
fn a_new_address_waits_for_its_link_and_the_old_one_is_told() {
    let server = Server::start();
    let ada = register(&server);
    let other = ada.again();
    let change = |email: &str| json!({ "email": email, "current_password": PASSWORD });
    let patched = ada.client.json("PATCH", "/v1/users/me", &change("first@example.org"));
    assert_eq!(patched.expect(200).at("/email"), ADDRESS);
    assert_eq!(ada.me()["pending_email"], "first@example.org");
    let first = server.mail("first@example.org", 0);
    ada.client.json("PATCH", "/v1/users/me", &change("second@example.org")).expect(200);
    let second = server.mail("second@example.org", 0);
    let stale = json!({ "token": first.token() });
    confirm(&server.client(), &stale).expect_problem(422, "invalid_code");
    let stale = json!({ "channel": "email", "code": first.code() });
    confirm(&ada.client, &stale).expect_problem(422, "invalid_code");
    confirm(&server.client(), &json!({ "token": second.token() })).expect(204);
    let me = ada.me();
    assert_eq!(me["email"], "second@example.org");
    assert_eq!((&me["email_verified"], &me["pending_email"]), (&true.into(), &Value::Null));
    assert!(other.is_in(), "its owner changed it, and proved to be that");
    assert!(server.mail(ADDRESS, 0).text.contains("was changed"));
}

#[test]
fn an_address_that_somebody_took_meanwhile_is_a_conflict() {
    let server = Server::start();
    let ada = register(&server);
    let change = json!({ "email": "wanted@example.org", "current_password": PASSWORD });
    ada.client.json("PATCH", "/v1/users/me", &change).expect(200);
    let token = server.mail("wanted@example.org", 0).token();
    let eve = json!({ "email": "wanted@example.org", "password": PASSWORD });
    server.client().post("/v1/users", &eve).expect(201);
    let proof = json!({ "token": token });
    confirm(&server.client(), &proof).expect_problem(409, "already_taken");
    assert_eq!(ada.me()["email"], ADDRESS);
}

#[test]
fn who_must_be_verified_is_inactive_until_then() {
    let server = Server::builder().with("registration.require_verification", "true").start();
    let person = json!({ "email": ADDRESS, "password": PASSWORD });
    let added = server.client().post("/v1/users", &person).expect(201);
    assert_eq!(added.at("/status"), "inactive");
    let login = json!({ "identifier": ADDRESS, "password": PASSWORD });
    server.client().post("/v1/sessions", &login).expect_problem(401, "invalid_credentials");
    let token = server.mail(ADDRESS, 0).token();
    confirm(&server.client(), &json!({ "token": token })).expect(204);
    let opened = server.client().post("/v1/sessions", &login).expect(201);
    assert_eq!(opened.at("/user/email_verified"), true);

    // Only a number: the link comes there.
    let person = json!({ "mobile": "+49 30 123456", "password": PASSWORD });
    server.client().post("/v1/users", &person).expect(201);
    let token = server.message("+4930123456", 0).token();
    confirm(&server.client(), &json!({ "token": token })).expect(204);
    let login = json!({ "identifier": "+4930123456", "password": PASSWORD });
    server.client().post("/v1/sessions", &login).expect(201);
}

#[test]
fn who_was_made_inactive_is_not_activated_by_a_link() {
    let server = Server::start();
    let (ada, root) = (register(&server), server.admin());
    ask(&ada, "email").expect(202);
    let code = server.mail(ADDRESS, 0).code();
    confirm(&ada.client, &json!({ "channel": "email", "code": code })).expect(204);
    ask(&ada, "mobile").expect(202);
    let token = server.message("+4930123456", 0).token();
    let path = format!("/v1/users/{}", ada.id());
    root.client.json("PATCH", &path, &json!({ "status": "inactive" })).expect(200);
    confirm(&server.client(), &json!({ "token": token })).expect(204);
    assert_eq!(root.client.get(&path).expect(200).at("/status"), "inactive");
}

#[test]
fn hardened_doors_change_an_address_by_its_link_as_well() {
    let server = Server::builder().with("compat.mode", "hardened").start();
    let ada = register(&server);
    let change = json!({ "email": "new@example.org", "current_password": PASSWORD });
    ada.client.json("PUT", "/users/", &change).expect(200);
    let token = server.mail("new@example.org", 0).token();
    confirm(&server.client(), &json!({ "token": token })).expect(204);
    assert_eq!(ada.me()["email"], "new@example.org");
}

#[test]
fn what_is_no_request_is_told_so() {
    let server = Server::start();
    let ada = register(&server);
    server.client().post("/v1/verifications", &json!({ "channel": "email" })).expect(401);
    for body in [json!({}), json!({ "channel": "pigeon" }), json!({ "channel": null })] {
        ada.client.post("/v1/verifications", &body).expect_problem(422, "validation_failed");
    }
    for body in [
        json!({}),
        json!({ "token": 5 }),
        json!({ "channel": "email" }),
        json!({ "token": "x", "code": "y" }),
    ] {
        confirm(&ada.client, &body).expect_problem(422, "validation_failed");
    }
}

#[test]
fn five_letters_in_ten_minutes_and_then_none() {
    let server = Server::builder().with("limits.enabled", "true").start();
    let ada = register(&server);
    for _ in 0..5 {
        ask(&ada, "email").expect(202);
    }
    let refused = ask(&ada, "email").expect_problem(429, "too_many_requests");
    assert!(refused.header("retry-after").is_some());
    ask(&ada, "mobile").expect(202);
}

#[test]
fn who_gave_a_foreign_address_is_out_once_its_owner_says_so() {
    let server = Server::start();
    // Mallory registers with Ada's address and a number of her own, which she verifies.
    let mallory = register(&server);
    ask(&mallory, "mobile").expect(202);
    let code = server.message("+4930123456", 0).code();
    confirm(&mallory.client, &json!({ "channel": "mobile", "code": code })).expect(204);
    let moved = json!({ "mobile": "+49 30 654321", "current_password": PASSWORD });
    mallory.client.json("PATCH", "/v1/users/me", &moved).expect(200);
    ask(&mallory, "email").expect(202);
    let letter = server.mail(ADDRESS, 0);
    assert!(letter.text.contains("only if you made the account yourself"), "{}", letter.text);

    // Ada verifies without a thought, then does what the letter and the page say.
    confirm(&server.client(), &json!({ "token": letter.token() })).expect(204);
    assert!(!mallory.is_in());
    let page = server.client().get("/verify").expect(200).text;
    assert!(
        page.contains("I made no account") && page.contains("\"/v1/password-resets\""),
        "{page}"
    );
    let asked = json!({ "identifier": ADDRESS });
    server.client().post("/v1/password-resets", &asked).expect(202);
    let reset = json!({ "token": server.mail(ADDRESS, 1).token(), "new_password": "eleven quiet lanterns" });
    server.client().post("/v1/password-resets/confirm", &reset).expect(204);

    // Neither the password, nor a number, nor one that waits leads back.
    let login = json!({ "identifier": "ada", "password": PASSWORD });
    server.client().post("/v1/sessions", &login).expect_problem(401, "invalid_credentials");
    let waiting = server.message("+4930654321", 0);
    for proof in [waiting.token(), letter.token()] {
        confirm(&server.client(), &json!({ "token": proof })).expect_problem(422, "invalid_code");
    }
    server
        .client()
        .post("/v1/password-resets", &json!({ "identifier": "+49 30 123456" }))
        .expect(202);
    server.mail(ADDRESS, 3);
    assert_eq!(server.messages("+4930123456").len(), 1, "nothing more came there");
    let login = json!({ "identifier": ADDRESS, "password": "eleven quiet lanterns" });
    let ada = server.client().post("/v1/sessions", &login).expect(201);
    assert_eq!(ada.at("/user/mobile_verified"), false);
    assert_eq!(ada.at("/user/email_verified"), true);
}
