//! `/v1/password-resets`: asking for a link, and setting another password with it.

use acceptance::{Actor, Client, PASSWORD, Reply, Server};
use serde_json::{Value, json};

const ADDRESS: &str = "ada@example.org";
const NEW: &str = "eleven quiet lanterns";

fn register(server: &Server) {
    let person = json!({ "username": "ada", "email": ADDRESS, "mobile": "+49 30 123456", "password": PASSWORD });
    server.client().post("/v1/users", &person).expect(201);
}

fn ask(client: &Client, identifier: &str) -> Reply {
    client.post("/v1/password-resets", &json!({ "identifier": identifier })).expect(202)
}

fn reset(server: &Server, token: &str, new: &str) -> Reply {
    let body = json!({ "token": token, "new_password": new });
    server.client().post("/v1/password-resets/confirm", &body)
}

fn sign_in(server: &Server, password: &str) -> Reply {
    server.client().post("/v1/sessions", &json!({ "identifier": "ada", "password": password }))
}

#[test]
fn a_link_sets_another_password_once_and_ends_all_sessions() {
    let server = Server::start();
    register(&server);
    let ada = Actor::sign_in(server.client(), "ada");
    ask(&server.client(), "Ada@Example.org");
    let mail = server.mail(ADDRESS, 0);
    assert!(mail.link().starts_with(&format!("{}/password-reset#dwh_", server.url())));
    // Opening the link uses nothing up.
    for _ in 0..3 {
        server.client().get("/password-reset").expect(200);
    }
    let refused = reset(&server, &mail.token(), "short");
    refused.expect_problem(422, "validation_failed");
    assert!(ada.is_in());
    reset(&server, &mail.token(), NEW).expect(204);
    assert!(!ada.is_in());
    sign_in(&server, PASSWORD).expect(401);
    let opened = sign_in(&server, NEW).expect(201);
    assert_eq!(opened.at("/user/email_verified"), true, "who reads what comes there owns it");
    reset(&server, &mail.token(), PASSWORD).expect_problem(422, "invalid_code");
    let told = server.mail(ADDRESS, 1);
    assert!(told.text.contains("Your password was changed"));
    let log = server.log();
    assert!(!log.contains(&mail.token()) && !log.contains(NEW));
}

#[test]
fn nobody_and_somebody_are_answered_alike() {
    let server = Server::start();
    register(&server);
    let plain = |reply: Reply| -> (u16, String, Vec<(String, String)>) {
        let mut headers = reply.headers;
        headers.retain(|(name, _)| name != "x-request-id" && name != "date");
        headers.sort();
        (reply.status, reply.text, headers)
    };
    let known = plain(ask(&server.client(), ADDRESS));
    for identifier in ["nobody@example.org", "nobody", "+49 30 999999", "  ", "a\u{202e}b", "@"] {
        assert_eq!(plain(ask(&server.client(), identifier)), known, "{identifier}");
    }
    server.mail(ADDRESS, 0);
    assert_eq!(server.mails("nobody@example.org").len(), 0);
}

#[test]
fn who_names_its_number_is_written_to_there() {
    let server = Server::start();
    register(&server);
    ask(&server.client(), "+49 30 123456");
    let message = server.message("+4930123456", 0);
    reset(&server, &message.token(), NEW).expect(204);
    assert_eq!(sign_in(&server, NEW).expect(201).at("/user/mobile_verified"), true);
}

#[test]
fn a_hostile_host_does_not_get_into_a_letter() {
    let server = Server::start();
    register(&server);
    for name in ["Host", "X-Forwarded-Host", "Forwarded", "X-Forwarded-Proto"] {
        ask(&server.client().with(name, "evil.example"), ADDRESS);
    }
    for number in 0..4 {
        let mail = server.mail(ADDRESS, number);
        assert!(mail.link().starts_with(server.url()), "{}", mail.text);
        assert!(!mail.text.contains("evil.example"));
    }
}

#[test]
fn of_twenty_uses_at_once_one_succeeds() {
    let server = Server::start();
    register(&server);
    ask(&server.client(), ADDRESS);
    let token = server.mail(ADDRESS, 0).token();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let uses: Vec<_> = (0..20)
            .map(|number| {
                let (server, token) = (&server, token.as_str());
                scope.spawn(move || reset(server, token, &format!("{NEW} {number}")).status)
            })
            .collect();
        uses.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 204).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 422).count(), 19, "{statuses:?}");
}

#[test]
fn a_link_is_dead_once_the_address_or_the_password_changed() {
    let server = Server::start();
    register(&server);
    let root = server.admin();
    for _ in 0..2 {
        ask(&server.client(), ADDRESS);
    }
    let (first, second) = (server.mail(ADDRESS, 0).token(), server.mail(ADDRESS, 1).token());
    reset(&server, &first, NEW).expect(204);
    reset(&server, &second, PASSWORD).expect_problem(422, "invalid_code");
    ask(&server.client(), ADDRESS);
    // Mails so far: two links, the news of the change.
    let third = server.mail(ADDRESS, 3).token();
    let id = sign_in(&server, NEW).expect(201).text_at("/user/id");
    let moved = json!({ "email": "other@example.org" });
    root.client.json("PATCH", &format!("/v1/users/{id}"), &moved).expect(200);
    reset(&server, &third, PASSWORD).expect_problem(422, "invalid_code");
}

#[test]
fn a_link_is_for_its_purpose_only() {
    let server = Server::start();
    register(&server);
    // The handle of door 4 is given to whoever asks: it must not be a link of /v1.
    let asked = json!({ "your_email": ADDRESS });
    let asked = server.client().post("/users/requestResetPassword", &asked).expect(200);
    let handle = asked.text_at("/access_token");
    reset(&server, &handle, NEW).expect_problem(422, "invalid_code");
    ask(&server.client(), ADDRESS);
    let token = server.mail(ADDRESS, 1).token();
    let proof = json!({ "token": token });
    server.client().post("/v1/verifications/confirm", &proof).expect_problem(422, "invalid_code");
    let otp = json!({ "OTP": "000000", "new_password": NEW, "confirm_new_password": NEW });
    let at_door = server.client().with("access_token", &token);
    at_door.json("PUT", "/users/reset_password", &otp).expect(401);
    server.client().bearer(&token).get("/v1/users/me").expect(401);
    reset(&server, &token, NEW).expect(204);
}

#[test]
fn what_is_no_request_is_told_so() {
    let server = Server::start();
    let post = |path: &str, body: &Value| server.client().post(path, body);
    for body in [json!({}), json!({ "identifier": 5 }), json!({ "identifier": "", "x": 1 })] {
        post("/v1/password-resets", &body).expect_problem(422, "validation_failed");
    }
    let nothing = post("/v1/password-resets/confirm", &json!({}));
    let missing = |name: &str| (format!("/{name}"), "required".to_owned());
    assert_eq!(nothing.errors(), [missing("new_password"), missing("token")]);
    reset(&server, "dwh_no-such-token", NEW).expect_problem(422, "invalid_code");
}

#[test]
fn no_more_than_five_letters_an_hour_go_to_one_person() {
    let server = Server::builder().with("limits.enabled", "true").start();
    register(&server);
    for _ in 0..8 {
        ask(&server.client(), ADDRESS);
        ask(&server.client(), "ada");
    }
    server.mail(ADDRESS, 4);
    ask(&server.client(), "nobody@example.org");
    std::thread::sleep(std::time::Duration::from_secs(1));
    assert_eq!(server.mails(ADDRESS).len(), 5);
}
