//! The main job, end to end, on each engine, over restarts and over two nodes.

use std::time::{Duration, Instant};

use acceptance::{Engine, PASSWORD, Server};
use serde_json::json;

/// Runs the same story on one engine; a machine without it says so.
fn on(engine: Engine, story: impl Fn(&mut Server)) {
    if let Some(mut server) = Server::builder().on(engine).start_if_there() {
        story(&mut server);
    }
}

fn main_job(server: &mut Server) {
    let ada = server.actor("ada");
    assert_eq!(ada.me()["username"], "ada");
    let body = json!({ "refresh_token": ada.refresh_token() });
    let renewed = server.client().post("/v1/sessions/refresh", &body).expect(200);
    let client = server.client().bearer(&renewed.text_at("/access_token"));
    let other = ada.again();
    assert_eq!(client.get("/v1/sessions").at("/data").as_array().map(Vec::len), Some(2));
    client.delete("/v1/sessions?except=current").expect(204);
    assert!(!other.is_in());

    server.kill_and_restart();
    let client = server.client().bearer(&renewed.text_at("/access_token"));
    client.get("/v1/users/me").expect(200);
    client.delete("/v1/sessions/current").expect(204);
    client.get("/v1/users/me").expect_problem(401, "session_revoked");
    let spent = json!({ "refresh_token": renewed.text_at("/refresh_token") });
    server.client().post("/v1/sessions/refresh", &spent).expect_problem(401, "session_revoked");

    server.kill_and_restart();
    server.client().bearer(&ada.access_token()).get("/v1/users/me").expect(401);
    door_one(server);
    twenty_refreshes(server);
}

fn door_one(server: &Server) {
    let person = json!({ "firstname": "Ada", "lastname": "Lovelace", "email": "ada@example.org", "password": "password" });
    server.client().post("/sessions/register", &person).expect(201);
    server.client().post("/sessions/register", &person).expect(409);
    let login = json!({ "email": "ADA@example.org", "password": "password" });
    let opened = server.client().post("/sessions/login", &login).expect(200);
    let client = server.client().bearer(&opened.text_at("/token"));
    assert_eq!(client.get("/sessions/me").expect(200).text_at("/user/firstname"), "Ada");
    assert_eq!(client.get("/v1/sessions").expect(200).text_at("/data/0/door"), "py-api");
    client.get("/sessions/logout").expect(200);
    client.get("/sessions/me").expect(401);
    client.get("/v1/users/me").expect(401);
}

fn twenty_refreshes(server: &Server) {
    let eve = server.actor("eve");
    let body = json!({ "refresh_token": eve.refresh_token() });
    let mut tokens: Vec<String> = std::thread::scope(|scope| {
        let refresh = || {
            server
                .client()
                .post("/v1/sessions/refresh", &body)
                .expect(200)
                .text_at("/refresh_token")
        };
        let calls: Vec<_> = (0..20).map(|_| scope.spawn(refresh)).collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    tokens.dedup();
    assert_eq!(tokens.len(), 1);
}

#[test]
fn the_main_job_on_sqlite() {
    on(Engine::Sqlite, main_job);
}

#[test]
fn the_main_job_on_mariadb() {
    on(Engine::Mysql, main_job);
}

#[test]
fn the_main_job_on_postgresql() {
    on(Engine::Postgres, main_job);
}

fn two_nodes(first: &mut Server) {
    let second = first.another_node();
    let ada = first.actor("ada");
    let there = second.client().bearer(&ada.access_token());
    there.get("/v1/users/me").expect(200);
    there.delete("/v1/sessions/current").expect(204);
    ada.client.get("/v1/users/me").expect_problem(401, "session_revoked");

    let eve = first.actor("eve");
    let body = json!({ "refresh_token": eve.refresh_token() });
    let nodes = [&*first, &second];
    let mut tokens: Vec<String> = std::thread::scope(|scope| {
        let refresh = |n: usize| {
            let (client, body) = (nodes[n % 2].client(), &body);
            scope.spawn(move || {
                client.post("/v1/sessions/refresh", body).expect(200).text_at("/refresh_token")
            })
        };
        let calls: Vec<_> = (0..20).map(refresh).collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    tokens.dedup();
    assert_eq!(tokens.len(), 1, "two nodes, one family");
    let people: Vec<u16> = std::thread::scope(|scope| {
        let person = json!({ "username": "twin", "password": PASSWORD });
        let calls: Vec<_> = (0..10)
            .map(|n: usize| {
                let (client, person) = (nodes[n % 2].client(), person.clone());
                scope.spawn(move || client.post("/v1/users", &person).status)
            })
            .collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    assert_eq!(people.iter().filter(|status| **status == 201).count(), 1, "{people:?}");
}

#[test]
fn two_nodes_on_mariadb_agree_at_once() {
    on(Engine::Mysql, two_nodes);
}

#[test]
fn two_nodes_on_postgresql_agree_at_once() {
    on(Engine::Postgres, two_nodes);
}

/// Where a reading may be half a minute old, what another node ends is heard of long before.
fn two_nodes_that_remember(engine: Engine) {
    let builder = Server::builder().on(engine).with("sessions.cache", "30s");
    let Some(first) = builder.start_if_there() else { return };
    let second = first.another_node();
    let ada = first.actor("ada");
    let there = second.client().bearer(&ada.access_token());
    for _ in 0..3 {
        there.get("/v1/users/me").expect(200);
    }
    let figures = second.client().get("/metrics").text;
    assert!(figures.contains("doorward_session_readings_total{from=\"memory\"} 2"), "{figures}");
    ada.client.delete("/v1/sessions/current").expect(204);
    let since = Instant::now();
    ada.client.get("/v1/users/me").expect_problem(401, "session_revoked");
    there.delete("/v1/sessions/current").expect_problem(401, "session_revoked");
    while there.get("/v1/users/me").status == 200 {
        assert!(since.elapsed() < Duration::from_secs(15), "not heard of");
    }
}

#[test]
fn a_node_on_mariadb_that_remembers_hears_of_an_end_elsewhere() {
    two_nodes_that_remember(Engine::Mysql);
}

#[test]
fn a_node_on_postgresql_that_remembers_hears_of_an_end_elsewhere() {
    two_nodes_that_remember(Engine::Postgres);
}
