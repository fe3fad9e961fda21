//! Guessing at one account from many addresses, over two nodes: the limit holds, and its owner gets in.

use acceptance::{Client, Engine, PASSWORD, Reply, Server};
use serde_json::json;

const GUESSES: usize = 200;
const LIMIT: usize = 10;

fn sign_in(client: &Client, address: &str, password: &str) -> Reply {
    let body = json!({ "identifier": "ada", "password": password });
    client.with("X-Forwarded-For", address).post("/v1/sessions", &body)
}

fn an_attack(engine: Engine) {
    let builder = Server::builder().on(engine).with("limits.enabled", "true");
    let builder = builder.with("server.trusted_proxies", "127.0.0.0/8");
    let Some(here) = builder.start_if_there() else { return };
    let there = here.another_node();
    let person = json!({ "username": "ada", "password": PASSWORD });
    here.client().post("/v1/users", &person).expect(201);
    sign_in(&here.client(), "198.51.100.7", PASSWORD).expect(201);

    let guess = |number: usize| {
        let node = if number.is_multiple_of(2) { &here } else { &there };
        let address = format!("203.0.{}.{}", number / 100, number % 100 + 1);
        sign_in(&node.client(), &address, &format!("guess number {number}")).status
    };
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let guess = &guess;
        let calls: Vec<_> = (0..GUESSES).map(|number| scope.spawn(move || guess(number))).collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    let evaluated = statuses.iter().filter(|status| **status == 401).count();
    assert!((1..=LIMIT).contains(&evaluated), "{evaluated} of {statuses:?}");
    let refused = statuses.iter().filter(|status| [429, 503].contains(status)).count();
    assert_eq!(evaluated + refused, GUESSES, "{statuses:?}");

    // Nobody new gets in, right as the password may be; the owner does, where it was before.
    let away =
        sign_in(&there.client(), "192.0.2.9", PASSWORD).expect_problem(429, "too_many_requests");
    assert!(away.header("retry-after").is_some());
    sign_in(&there.client(), "198.51.100.7", PASSWORD).expect(201);
    // Who guesses there has a budget of its own, and no more.
    for _ in 0..LIMIT {
        sign_in(&here.client(), "198.51.100.7", "a wrong guess").expect(401);
    }
    sign_in(&here.client(), "198.51.100.7", PASSWORD).expect(429);
}

#[test]
fn two_hundred_guesses_from_as_many_addresses_on_sqlite() {
    an_attack(Engine::Sqlite);
}

#[test]
fn two_hundred_guesses_from_as_many_addresses_on_mariadb() {
    an_attack(Engine::Mysql);
}

#[test]
fn two_hundred_guesses_from_as_many_addresses_on_postgresql() {
    an_attack(Engine::Postgres);
}
