//! A flood of sign-ins keeps nobody else waiting: no connection is held while a password is hashed.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use acceptance::{PASSWORD, Server};
use serde_json::json;

const SIGN_INS: usize = 20;
/// So long a request may wait for the only connection before it is told 503.
const PATIENCE: Duration = Duration::from_secs(2);

#[test]
fn one_connection_serves_who_is_signed_in_during_twenty_sign_ins() {
    let server = Server::builder()
        .with("database.pool_size", "1")
        .with("database.acquire_timeout", "2s")
        .with("password.bcrypt_cost", "13")
        .start();
    let ada = server.actor("ada");
    let body = json!({ "identifier": "ada", "password": PASSWORD });
    let began = Instant::now();
    server.client().post("/v1/sessions", &body).expect(201);
    let one = began.elapsed();
    let (over, began) = (AtomicBool::new(false), Instant::now());
    let (sign_ins, reads) = std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut reads: Vec<(u16, Duration)> = Vec::new();
            while !over.load(Ordering::Relaxed) {
                let began = Instant::now();
                reads.push((ada.client.get("/v1/users/me").status, began.elapsed()));
            }
            reads
        });
        let sign_in = || server.client().post("/v1/sessions", &body).status;
        let calls: Vec<_> = (0..SIGN_INS).map(|_| scope.spawn(sign_in)).collect();
        let statuses: Vec<u16> = calls.into_iter().map(|call| call.join().unwrap()).collect();
        over.store(true, Ordering::Relaxed);
        (statuses, reader.join().unwrap())
    });
    let took = began.elapsed();
    assert!(sign_ins.iter().all(|status| *status == 201), "{sign_ins:?}");
    assert!(reads.iter().all(|(status, _)| *status == 200), "{reads:?}");
    let longest = reads.iter().map(|(_, took)| *took).max().unwrap();
    assert!(longest < PATIENCE, "{longest:?}");
    // There was a flood to read through, and many reads went through it.
    assert!(took > one, "{took:?} for {SIGN_INS}, {one:?} for one");
    assert!(reads.len() > SIGN_INS, "{} reads in {took:?}", reads.len());
}
