//! `GET /v1/audit-events`: what happened, for administrators.

use acceptance::{Actor, Engine, PASSWORD, Server};
use serde_json::{Value, json};

fn events(admin: &Actor, query: &str) -> Vec<Value> {
    let page = admin.client.get(&format!("/v1/audit-events?{query}")).expect(200);
    page.at("/data").as_array().unwrap().clone()
}

/// Action, outcome and detail, the oldest first.
fn told(events: &[Value]) -> Vec<String> {
    let text = |event: &Value, name: &str| event[name].as_str().unwrap_or("-").to_owned();
    let told = events.iter().rev().map(|event| {
        [text(event, "action"), text(event, "outcome"), text(event, "detail")].join(" ")
    });
    told.collect()
}

fn told_of(admin: &Actor, query: &str) -> Vec<String> {
    told(&events(admin, query))
}

#[test]
fn a_life_is_recorded_with_who_what_when_where_and_its_request() {
    let server = Server::start();
    let admin = server.admin();
    let ada = server.actor("ada");
    let id = ada.me()["id"].as_str().unwrap().to_owned();
    let wrong = json!({ "identifier": "ada", "password": "a wrong guess" });
    let client = server.client().with("X-Request-Id", "guess-1").with("User-Agent", "spy/1");
    client.post("/v1/sessions", &wrong).expect(401);
    let body = json!({ "refresh_token": ada.refresh_token() });
    server.client().post("/v1/sessions/refresh", &body).expect(200);
    let change = json!({ "display_name": "Countess" });
    ada.client.json("PATCH", "/v1/users/me", &change).expect(200);
    let passwords = json!({ "current_password": PASSWORD, "new_password": "another heron 78" });
    ada.client.json("PUT", "/v1/users/me/password", &passwords).expect(204);
    ada.client.get("/v1/users").expect(403);
    admin.client.post(&format!("/v1/users/{id}/lock"), &json!({})).expect(204);
    admin.client.post(&format!("/v1/users/{id}/unlock"), &json!({})).expect(204);

    let about_ada = events(&admin, &format!("subject_id={id}"));
    assert_eq!(
        told(&about_ada),
        [
            "registration success -",
            "sign_in success -",
            "sign_in failure wrong_password",
            "refresh success -",
            "account_change success display_name",
            "password_change success -",
            "lock success -",
            "unlock success -",
        ]
    );
    let guess = &about_ada[5];
    assert_eq!(guess["request_id"], "guess-1");
    assert_eq!((&guess["address"], &guess["user_agent"]), (&json!("127.0.0.1"), &json!("spy/1")));
    assert_eq!((&guess["door"], &guess["actor_id"]), (&json!("v1"), &Value::Null));
    let lock = &about_ada[1];
    assert_eq!(lock["actor_id"], admin.me()["id"]);
    assert!(lock["occurred_at"].as_str().unwrap().ends_with('Z'));
    assert_eq!(lock["hash"].as_str().unwrap().len(), 64);

    let denied = events(&admin, &format!("outcome=denied&actor_id={id}"));
    assert_eq!(told(&denied), ["access denied forbidden"]);
    assert_eq!(events(&admin, "request_id=guess-1").len(), 1);
    assert!(!server.log().contains("another heron"));
}

#[test]
fn every_way_in_and_out_is_recorded_and_so_is_what_was_refused() {
    let builder = Server::builder().with("limits.enabled", "true");
    let builder = builder.with("limits.account_failures", "3");
    let server = builder.with("sessions.refresh_grace", "0s").start();
    let admin = server.admin();
    let person = json!({ "username": "ada", "email": "ada@example.org", "password": PASSWORD });
    let id = server.client().post("/v1/users", &person).expect(201).text_at("/id");
    let ada = Actor::sign_in(server.client(), "ada");

    let body = json!({ "refresh_token": ada.refresh_token() });
    let second = server.client().post("/v1/sessions/refresh", &body).expect(200);
    let next = json!({ "refresh_token": second.text_at("/refresh_token") });
    server.client().post("/v1/sessions/refresh", &next).expect(200);
    server.client().post("/v1/sessions/refresh", &body).expect(401);

    Actor::sign_in(server.client(), "ada").client.delete("/v1/sessions/current").expect(204);
    let other = Actor::sign_in(server.client(), "ada");
    other.client.delete("/v1/sessions?except=current").expect(204);
    server.client().post("/v1/password-resets", &json!({ "identifier": "ada" })).expect(202);
    let token = server.mail("ada@example.org", 1).token();
    let reset = json!({ "token": token, "new_password": "another heron 78" });
    server.client().post("/v1/password-resets/confirm", &reset).expect(204);
    server.client().post("/v1/password-resets/confirm", &reset).expect(422);

    let login = |password: &str| json!({ "identifier": "ada", "password": password, "transport": "cookie" });
    let opened = server.client().post("/v1/sessions", &login("another heron 78")).expect(201);
    server.client().bearer("eyJhbGciOiJFZERTQSJ9.e30.AAAA").get("/v1/users/me").expect(401);
    let cookie = opened.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let elsewhere = server.client().with("Cookie", &cookie).with("Sec-Fetch-Site", "cross-site");
    elsewhere.delete("/v1/users/me").expect_problem(403, "cross_site_request");
    let away = server.client();
    for _ in 0..3 {
        away.post("/v1/sessions", &login("a wrong guess")).expect(401);
    }
    for _ in 0..3 {
        away.post("/v1/sessions", &login("a wrong guess")).expect(429);
    }

    let told = told(&events(&admin, &format!("subject_id={id}&limit=200")));
    for (line, times) in [
        ("registration success -", 1),
        ("sign_in success -", 4),
        ("refresh success -", 2),
        ("refresh_reuse failure reused", 1),
        ("sign_out success -", 1),
        ("sessions_close success all others", 1),
        ("password_reset_request success -", 1),
        ("password_reset success -", 1),
        ("sign_in failure wrong_password", 3),
        ("sign_in_throttle denied too_many_failures", 1),
    ] {
        assert_eq!(told.iter().filter(|one| **one == line).count(), times, "{line}: {told:#?}");
    }
    assert_eq!(told_of(&admin, "action=code"), ["code failure opens_nothing"]);
    assert_eq!(told_of(&admin, "action=access"), ["access denied forged_token"]);
    let refused = events(&admin, "action=cross_site");
    assert_eq!((refused.len(), &refused[0]["outcome"]), (1, &json!("denied")));
}

#[test]
fn only_administrators_see_it_and_what_is_asked_must_fit() {
    let server = Server::start();
    let (admin, ada) = (server.admin(), server.actor("ada"));
    server.client().get("/v1/audit-events").expect_problem(401, "authentication_required");
    ada.client.get("/v1/audit-events").expect_problem(403, "forbidden");
    for query in ["action=nothing", "outcome=ok", "actor_id=7", "occurred_after=now", "actor=x"] {
        let asked = admin.client.get(&format!("/v1/audit-events?{query}"));
        asked.expect_problem(400, "invalid_parameter");
    }
    admin.client.post("/v1/audit-events", &json!({})).expect(405);
}

#[test]
fn pages_follow_one_another_to_the_first_event() {
    let server = Server::start();
    let admin = server.admin();
    for name in ["ada", "eve", "mia"] {
        let person = json!({ "username": name, "password": PASSWORD });
        server.client().post("/v1/users", &person).expect(201);
    }
    let (mut path, mut seen) = ("/v1/audit-events?limit=2".to_owned(), Vec::new());
    loop {
        let page = admin.client.get(&path).expect(200);
        seen.extend(page.at("/data").as_array().unwrap().clone());
        let next = page.at("/page/next_cursor");
        let Some(cursor) = next.as_str() else { break };
        path = format!("/v1/audit-events?limit=2&cursor={cursor}");
    }
    let mut ids: Vec<&str> = seen.iter().map(|event| event["id"].as_str().unwrap()).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((ids.len(), count), (5, 5), "each once: {seen:?}");
}

/// Two nodes chain what both record, and who is erased leaves the chain whole.
fn on_two_nodes(engine: Engine) {
    let Some(here) = Server::builder().on(engine).start_if_there() else { return };
    let there = here.another_node();
    let admin = here.admin();
    let people: Vec<String> = (0..12).map(|number| format!("person{number}")).collect();
    std::thread::scope(|scope| {
        for (number, name) in people.iter().enumerate() {
            let node = if number % 2 == 0 { &here } else { &there };
            scope.spawn(move || node.actor(name).client.get("/v1/users/me").expect(200));
        }
    });
    let ada = Actor::sign_in(there.client(), "person0");
    ada.client.delete("/v1/users/me").expect(204);
    let all = events(&admin, "limit=200");
    let mut places: Vec<i64> =
        all.iter().map(|event| event["sequence"].as_i64().unwrap()).collect();
    places.sort_unstable();
    assert_eq!(places, (1..=all.len().try_into().unwrap()).collect::<Vec<i64>>());
    let removed = all.iter().find(|event| event["action"] == "removal").unwrap();
    let about = events(&admin, &format!("subject_id={}", removed["subject_id"].as_str().unwrap()));
    assert_eq!(about.len(), 4);
    assert!(about.iter().all(|event| event["address"].is_null()), "{about:?}");
    let (whole, told) = here.run(&["audit", "verify"], "");
    assert!(whole && told.contains(&format!("{} events, none altered", all.len())), "{told}");
    here.alter("UPDATE audit_events SET outcome = 'failure' WHERE sequence = 7");
    let (whole, told) = there.run(&["audit", "verify"], "");
    assert!(!whole && told.contains("event 7 was altered"), "{told}");
    here.alter("DELETE FROM audit_events WHERE sequence = 3");
    let (whole, told) = here.run(&["audit", "verify", "--json"], "");
    assert!(!whole && told.contains("\"flaw\": 3"), "{told}");
}

#[test]
fn all_of_it_is_exported_as_json_lines() {
    let server = Server::start();
    let admin = server.admin();
    server.actor("ada");
    let (done, text) = server.run(&["audit", "export"], "");
    assert!(done, "{text}");
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut listed = events(&admin, "");
    listed.sort_by_key(|event| event["sequence"].as_i64());
    assert_eq!(lines, listed);
    assert_eq!(lines.len(), 4);
}

#[test]
fn what_stands_in_the_way_of_the_chain_does_not_hide_what_is_wrong_with_it() {
    let server = Server::start();
    let admin = server.admin();
    let last = events(&admin, "").len();
    server.alter(&format!("UPDATE audit_events SET sequence = {} WHERE sequence = 1", last + 1));
    server.actor("ada");
    let (whole, told) = server.run(&["audit", "verify"], "");
    assert!(!whole && told.contains("what is not chained yet is not verified"), "{told}");
    assert!(told.contains("event 1 is missing"), "{told}");
    let unchained = events(&admin, "").iter().filter(|event| event["sequence"].is_null()).count();
    assert_eq!(unchained, 2, "what is not chained is shown all the same");
    // Lines are gathered for a moment before they are written.
    let end = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while !server.log().contains("audit events were not chained") {
        assert!(std::time::Instant::now() < end, "{}", server.log());
        std::thread::yield_now();
    }
}

#[test]
fn two_nodes_make_one_chain_on_sqlite() {
    on_two_nodes(Engine::Sqlite);
}

#[test]
fn two_nodes_make_one_chain_on_mariadb() {
    on_two_nodes(Engine::Mysql);
}

#[test]
fn two_nodes_make_one_chain_on_postgresql() {
    on_two_nodes(Engine::Postgres);
}

/// Whoever reads the trail chains it, and so do both nodes: nobody is in another's way.
fn read_beside_sign_ins(engine: Engine) {
    let Some(here) = Server::builder().on(engine).start_if_there() else { return };
    let there = here.another_node();
    let admin = here.admin();
    here.actor("ada");
    let login = json!({ "identifier": "ada", "password": PASSWORD });
    std::thread::scope(|scope| {
        for node in [&here, &there, &here] {
            let login = &login;
            scope.spawn(move || {
                for _ in 0..15 {
                    node.client().post("/v1/sessions", login).expect(201);
                }
            });
            let reader = node.client().bearer(&admin.access_token());
            scope.spawn(move || {
                for _ in 0..15 {
                    reader.get("/v1/audit-events").expect(200);
                }
            });
        }
    });
    let (whole, told) = there.run(&["audit", "verify"], "");
    assert!(whole, "{told}");
    assert!(!here.log().contains("cannot be chained"), "{}", here.log());
}

#[test]
fn the_trail_is_shown_while_others_sign_in_on_sqlite() {
    read_beside_sign_ins(Engine::Sqlite);
}

#[test]
fn the_trail_is_shown_while_others_sign_in_on_mariadb() {
    read_beside_sign_ins(Engine::Mysql);
}

#[test]
fn the_trail_is_shown_while_others_sign_in_on_postgresql() {
    read_beside_sign_ins(Engine::Postgres);
}
