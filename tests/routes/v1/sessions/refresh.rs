//! `POST /v1/sessions/refresh`.

use std::collections::BTreeSet;
use std::time::Duration;

use acceptance::{Actor, Engine, PASSWORD, Reply, Server};
use serde_json::json;

fn refresh(server: &Server, token: &str) -> Reply {
    server.client().post("/v1/sessions/refresh", &json!({ "refresh_token": token }))
}

#[test]
fn a_refresh_hands_out_the_next_pair() {
    let server = Server::start();
    let ada = server.actor("ada");
    let next = refresh(&server, &ada.refresh_token()).expect(200);
    assert_ne!(next.text_at("/refresh_token"), ada.refresh_token());
    assert_eq!(next.at("/session/id"), ada.opened.at("/session/id"));
    assert_eq!(next.header("cache-control"), Some("no-store"));
    server.client().bearer(&next.text_at("/access_token")).get("/v1/users/me").expect(200);
}

#[test]
fn twenty_at_once_get_one_successor_and_the_family_lives() {
    let server = Server::start();
    let ada = server.actor("ada");
    let token = ada.refresh_token();
    let mut successors: Vec<String> = std::thread::scope(|scope| {
        let calls: Vec<_> = (0..20)
            .map(|_| scope.spawn(|| refresh(&server, &token).expect(200).text_at("/refresh_token")))
            .collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    successors.dedup();
    assert_eq!(successors.len(), 1, "{successors:?}");
    refresh(&server, &successors[0]).expect(200);
    assert_eq!(ada.client.get("/v1/sessions").at("/data").as_array().unwrap().len(), 1);
}

/// Fifty threads with one token over two processes (CVE-2026-53517): one family goes on, and what is
/// used again later ends all of it.
fn a_race_over_two_nodes(engine: Engine) {
    let builder = Server::builder().on(engine).with("sessions.refresh_grace", "3s");
    let Some(here) = builder.start_if_there() else { return };
    let there = here.another_node();
    let ada = here.actor("ada");
    let token = ada.refresh_token();
    let replies: Vec<Reply> = std::thread::scope(|scope| {
        let nodes = [&here, &there].into_iter().cycle().take(50);
        let calls: Vec<_> =
            nodes.map(|node| scope.spawn(|| refresh(node, &token).expect(200))).collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    let text = |name: &'static str| replies.iter().map(move |reply| reply.text_at(name));
    let successors: BTreeSet<String> = text("/refresh_token").collect();
    assert_eq!(successors.len(), 1, "all are given the one successor: {successors:?}");
    let listed = there.client().bearer(&replies[0].text_at("/access_token")).get("/v1/sessions");
    assert_eq!(listed.expect(200).at("/data").as_array().unwrap().len(), 1, "one live family");
    // Real time has to pass: the grace time, which must outlast fifty refreshes before.
    std::thread::sleep(Duration::from_millis(3100));
    refresh(&there, &token).expect_problem(401, "refresh_token_reused");
    let dead = |reply: &Reply| {
        here.client().bearer(&reply.text_at("/access_token")).get("/v1/users/me").expect(401);
    };
    replies.iter().for_each(dead);
    refresh(&here, successors.first().unwrap()).expect_problem(401, "session_revoked");
}

#[test]
fn fifty_at_once_over_two_nodes_leave_one_family_on_sqlite() {
    a_race_over_two_nodes(Engine::Sqlite);
}

#[test]
fn fifty_at_once_over_two_nodes_leave_one_family_on_mariadb() {
    a_race_over_two_nodes(Engine::Mysql);
}

#[test]
fn fifty_at_once_over_two_nodes_leave_one_family_on_postgresql() {
    a_race_over_two_nodes(Engine::Postgres);
}

#[test]
fn reuse_after_the_grace_time_closes_the_session() {
    let server = Server::builder().with("sessions.refresh_grace", "1s").start();
    let ada = server.actor("ada");
    let second = refresh(&server, &ada.refresh_token()).expect(200);
    let retried = refresh(&server, &ada.refresh_token()).expect(200);
    assert_eq!(retried.text_at("/refresh_token"), second.text_at("/refresh_token"));
    // The one place where real time has to pass: the grace time is a second.
    std::thread::sleep(Duration::from_millis(1100));
    refresh(&server, &ada.refresh_token()).expect_problem(401, "refresh_token_reused");
    refresh(&server, &second.text_at("/refresh_token")).expect_problem(401, "session_revoked");
    assert!(!ada.is_in());
}

#[test]
fn the_owner_is_told_of_a_reuse_once() {
    let server = Server::builder().with("sessions.refresh_grace", "0s").start();
    let person = json!({ "username": "ada", "email": "ada@example.org", "password": PASSWORD });
    server.client().post("/v1/users", &person).expect(201);
    let ada = Actor::sign_in(server.client(), "ada");
    let second = refresh(&server, &ada.refresh_token()).expect(200);
    refresh(&server, &second.text_at("/refresh_token")).expect(200);
    for _ in 0..3 {
        refresh(&server, &ada.refresh_token()).expect(401);
    }
    let mail = server.mail("ada@example.org", 0);
    assert!(mail.text.contains("was signed out"), "{}", mail.text);
    assert_eq!(server.mails("ada@example.org").len(), 1);
}

#[test]
fn nothing_but_a_refresh_token_refreshes() {
    let server = Server::start();
    let ada = server.actor("ada");
    for token in
        [ada.access_token(), String::new(), "dwr_x".into(), format!("{}A", ada.refresh_token())]
    {
        let refused = refresh(&server, &token);
        assert!([401, 422].contains(&refused.status), "{}", refused.text);
    }
    let in_header =
        server.client().bearer(&ada.refresh_token()).post("/v1/sessions/refresh", &json!({}));
    assert_eq!(in_header.status, 422);
    assert!(ada.is_in());
}
