//! `POST /v1/users`.

use acceptance::{PASSWORD, Server};
use serde_json::json;

#[test]
fn a_person_is_created_and_can_sign_in() {
    let server = Server::start();
    let person = json!({
        "username": "Ada", "email": "Ada@Example.org", "mobile": "+49 151 23456789", "password": PASSWORD,
        "first_name": "Ada", "last_name": "Lovelace", "display_name": "Countess \"A\" <b>",
        "gender": "female", "facility_id": "234", "consent": true
    });
    let created = server.client().post("/v1/users", &person).expect(201);
    let id = created.text_at("/id");
    assert_eq!(created.header("location"), Some(format!("/v1/users/{id}").as_str()));
    assert!(created.header("etag").is_some_and(|tag| tag.starts_with('"')));
    for (member, value) in [
        ("/username", json!("Ada")),
        ("/email", json!("Ada@Example.org")),
        ("/email_verified", json!(false)),
        ("/mobile", json!("+49 151 23456789")),
        ("/display_name", json!("Countess \"A\" <b>")),
        ("/gender", json!("female")),
        ("/consent", json!(true)),
        ("/status", json!("active")),
        ("/roles", json!([])),
        ("/avatar_url", json!(null)),
        ("/number", json!(1)),
    ] {
        assert_eq!(created.at(member), value, "{member}");
    }
    assert!(!created.text.contains("$2b$") && !created.text.contains(PASSWORD));
    for identifier in ["ada", "ADA@example.ORG", "+4915123456789"] {
        let body = json!({ "identifier": identifier, "password": PASSWORD });
        assert_eq!(server.client().post("/v1/sessions", &body).expect(201).text_at("/user/id"), id);
    }
}

#[test]
fn all_faults_are_told_at_once() {
    let server = Server::start();
    let body = json!({ "username": "a b", "email": "nobody", "mobile": "12", "password": "1234", "gender": "x" });
    let refused = server.client().post("/v1/users", &body).expect_problem(422, "validation_failed");
    let pointers: Vec<String> = refused.errors().into_iter().map(|(pointer, _)| pointer).collect();
    for pointer in ["/email", "/gender", "/mobile", "/password", "/username"] {
        assert!(pointers.iter().any(|known| known == pointer), "{pointer}: {}", refused.text);
    }
}

#[test]
fn nobody_is_registered_without_an_identifier_or_password() {
    let client = Server::start();
    let refused = client.client().post("/v1/users", &json!({ "password": PASSWORD }));
    assert_eq!(refused.expect(422).errors(), [("/username".into(), "required".into())]);
    let refused = client.client().post("/v1/users", &json!({ "username": "ada" }));
    assert_eq!(refused.expect(422).errors(), [("/password".into(), "required".into())]);
}

#[test]
fn unknown_members_are_refused_and_grant_nothing() {
    let server = Server::start();
    for member in ["roles", "status", "id", "number", "email_verified", "is_admin", "user_name"] {
        let mut body = json!({ "username": "ada", "password": PASSWORD });
        body[member] = json!(true);
        let refused = server.client().post("/v1/users", &body);
        assert!((400..=422).contains(&refused.status), "{member}: {}", refused.text);
        assert!(refused.text.contains(member));
    }
    let misspelt = json!({ "user_name": "ada", "password": PASSWORD });
    let refused = server.client().post("/v1/users", &misspelt);
    assert!(refused.text.contains("username"), "names the nearest known one: {}", refused.text);
}

#[test]
fn a_taken_identifier_is_409_in_any_spelling_and_writes_nothing() {
    let server = Server::start();
    let first = json!({ "username": "ada", "email": "ada@example.org", "password": PASSWORD });
    server.client().post("/v1/users", &first).expect(201);
    for (field, taken) in [
        (
            "username",
            json!({ "username": "ＡＤＡ", "email": "new@example.org", "password": PASSWORD }),
        ),
        ("email", json!({ "username": "new", "email": "ADA@EXAMPLE.ORG", "password": PASSWORD })),
    ] {
        let refused =
            server.client().post("/v1/users", &taken).expect_problem(409, "already_taken");
        assert_eq!(refused.errors(), [(format!("/{field}"), "already_taken".into())]);
    }
    let free = json!({ "username": "new", "email": "new@example.org", "password": PASSWORD });
    server.client().post("/v1/users", &free).expect(201);
}

#[test]
fn of_sixteen_who_register_one_address_at_once_one_succeeds() {
    let server = Server::start();
    let person = json!({ "email": "ada@example.org", "password": PASSWORD });
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let calls: Vec<_> = (0..16)
            .map(|_| scope.spawn(|| server.client().post("/v1/users", &person).status))
            .collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 409).count(), 15, "{statuses:?}");
}

#[test]
fn closed_registration_is_for_administrators() {
    let server = Server::builder().with("registration.open", "false").start();
    let person = json!({ "username": "ada", "password": PASSWORD });
    server.client().post("/v1/users", &person).expect_problem(403, "registration_closed");
    server.admin().client.post("/v1/users", &person).expect(201);
}

#[test]
fn long_passwords_are_taken_whole() {
    let server = Server::start();
    let long = format!("{}x", "🐘🌵🎻 ".repeat(20));
    let person = json!({ "username": "ada", "password": long });
    server.client().post("/v1/users", &person).expect(201);
    let try_with = |password: &str| {
        server
            .client()
            .post("/v1/sessions", &json!({ "identifier": "ada", "password": password }))
            .status
    };
    assert_eq!(try_with(&long), 201);
    assert_eq!(try_with(&long.replace('x', "y")), 401);
    assert_eq!(try_with(&long[..long.len() - 1]), 401);
    let huge = json!({ "username": "eve", "password": "a".repeat(1025) });
    server.client().post("/v1/users", &huge).expect_problem(422, "validation_failed");
}
