//! No door answers 5xx, HTML or a dropped connection to thousands of seeded random requests, and
//! neither replies nor the log hold a password or a hash. `FUZZ_SEED=<number>` sends others.
#![expect(clippy::panic, reason = "a test fails by panicking")]

mod bodies;
mod cast;
mod requests;
mod routes;

use std::collections::BTreeMap;

use acceptance::{Reply, Server};
use fastrand::Rng;

use cast::{Cast, PASSWORDS};
use requests::Request;

/// Requests of one thread between two changes of the cast.
const ROUND: usize = 50;
/// What a hash of a password begins with, whoever made it.
const HASHES: [&str; 6] = ["$2a$", "$2b$", "$2y$", "$dw1$", "pbkdf2_sha256$", "scrypt:"];

/// Sends `count` requests from two threads, each with a seed of its own.
fn bombard(server: &Server, count: usize) {
    let given = std::env::var("FUZZ_SEED").ok().and_then(|seed| seed.parse::<u64>().ok());
    let first = given.unwrap_or(7);
    std::thread::scope(|scope| {
        for seed in [first, first + 1] {
            scope.spawn(move || send_all(server, seed, count / 2));
        }
    });
    let log = server.log();
    assert!(!log.contains("panicked"), "a handler panicked");
    for secret in PASSWORDS.iter().chain(&HASHES) {
        assert!(!log.contains(secret), "the log holds {secret}");
    }
}

fn send_all(server: &Server, seed: u64, count: usize) {
    let mut rng = Rng::with_seed(seed);
    let mut cast = Cast::gather(server, &format!("{seed}00"));
    let mut statuses = BTreeMap::new();
    for number in 0..count {
        if number > 0 && number % ROUND == 0 {
            cast = Cast::gather(server, &format!("{seed}{number}"));
        }
        let request = Request::random(&mut rng, &cast);
        let mut client = server.client();
        for (name, value) in &request.headers {
            client = client.with(name, value);
        }
        // A dropped connection fails in here.
        let reply = client.send_bytes(request.method, &request.path, &request.body);
        let place = format!(
            "seed {seed}, request {number}: {} {} {:?}\n{}\n{} {}",
            request.method,
            request.path,
            request.headers,
            String::from_utf8_lossy(&request.body),
            reply.status,
            reply.text,
        );
        judge(&request, &reply, &place);
        *statuses.entry(reply.status).or_insert(0) += 1;
    }
    // Requests that no handler sees prove nothing.
    for reached in [200, 201, 400, 401, 403, 404, 405, 413, 415, 422] {
        assert!(statuses.contains_key(&reached), "no {reached} in {statuses:?}");
    }
}

fn judge(request: &Request, reply: &Reply, place: &str) {
    assert!((200..500).contains(&reply.status), "{place}");
    let is_picture = request.path.starts_with("/static/") && reply.status == 200;
    let bodyless = reply.text.is_empty() && ["HEAD", "OPTIONS"].contains(&request.method);
    if !is_picture && !bodyless {
        serde_json::from_str::<serde_json::Value>(&reply.text)
            .unwrap_or_else(|_| panic!("{place}"));
        let kind = reply.header("content-type").unwrap_or_else(|| panic!("{place}"));
        assert!(kind.starts_with("application/") && kind.contains("json"), "{kind}: {place}");
    }
    for secret in PASSWORDS.iter().chain(&HASHES) {
        assert!(!reply.text.contains(secret), "{secret}: {place}");
    }
}

#[test]
fn the_doors_withstand_five_thousand_random_requests() {
    bombard(&Server::start(), 5_000);
}

#[test]
fn the_hardened_doors_withstand_random_requests() {
    // Registering is the same in either mode but for the rules; the cast is active by its number alone
    // in one of them only, hence tokens of fewer doors.
    bombard(&Server::builder().with("compat.mode", "hardened").start(), 2_000);
}
