//! The hasher as services use it: in parallel, overloaded, and set up wrongly.

use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

use domain::audit::Nowhere;

use super::*;

fn hasher(lanes: usize, queue: usize) -> Arc<BcryptHasher> {
    Arc::new(
        BcryptHasher::start(BcryptOptions { cost: 4, lanes, queue }, Arc::new(Nowhere)).unwrap(),
    )
}

fn password(text: &str) -> Password {
    Password::parse(text).unwrap()
}

fn refused(options: BcryptOptions) -> BcryptError {
    BcryptHasher::start(options, Arc::new(Nowhere)).err().unwrap()
}

#[test]
fn wrong_options_are_errors() {
    let options = BcryptOptions { cost: 4, lanes: 1, queue: 1 };
    for cost in [0, 3, 32, u32::MAX] {
        assert!(matches!(refused(BcryptOptions { cost, ..options }), BcryptError::Cost(_)));
    }
    assert!(matches!(refused(BcryptOptions { lanes: 0, ..options }), BcryptError::NoLanes));
    for cost in [4, 31] {
        assert!(BcryptHasher::start(BcryptOptions { cost, ..options }, Arc::new(Nowhere)).is_ok());
    }
}

#[tokio::test]
async fn the_right_password_matches_and_no_other() {
    let hasher = hasher(1, 4);
    let hash = hasher.hash(&Place::free(), &password("correct horse")).await.unwrap();
    let verdict =
        hasher.verify(&Place::free(), &password("correct horse"), Some(&hash)).await.unwrap();
    assert_eq!(verdict, Verdict::Match { outdated: false });
    let verdict =
        hasher.verify(&Place::free(), &password("wrong horse"), Some(&hash)).await.unwrap();
    assert_eq!(verdict, Verdict::Mismatch);
    let verdict = hasher.verify(&Place::free(), &password("correct horse"), None).await.unwrap();
    assert_eq!(verdict, Verdict::Mismatch);
    let malformed = PasswordHash::new("$2b$04$");
    let verdict =
        hasher.verify(&Place::free(), &password("correct horse"), Some(&malformed)).await.unwrap();
    assert_eq!(verdict, Verdict::Mismatch);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_hundred_mixed_calls_at_once_all_get_their_own_verdict() {
    let hasher = hasher(2, 200);
    let mut calls = tokio::task::JoinSet::new();
    for number in 0..200 {
        let hasher = Arc::clone(&hasher);
        calls.spawn(async move {
            let own = password(&format!("{number}{}", "x".repeat(number)));
            let hash = hasher.hash(&Place::free(), &own).await.unwrap();
            let (candidate, expected) = match number % 3 {
                0 => (own, Verdict::Match { outdated: false }),
                1 => (password("another"), Verdict::Mismatch),
                _ => {
                    return hasher.verify(&Place::free(), &own, None).await.unwrap()
                        == Verdict::Mismatch;
                }
            };
            hasher.verify(&Place::free(), &candidate, Some(&hash)).await.unwrap() == expected
        });
    }
    assert!(calls.join_all().await.into_iter().all(|right| right));
    assert_eq!(hasher.lane.waiting(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn exactly_as_many_wait_as_may_and_the_rest_is_told_when_to_come_again() {
    let hasher = hasher(1, 10);
    let (begin, begun) = channel();
    let (open, opened) = channel::<()>();
    let occupied = Arc::clone(&hasher);
    let gate = tokio::spawn(async move {
        let work = move || (begin.send(()).unwrap(), opened.recv().unwrap());
        occupied.lane.enter(None).unwrap_or_else(|_| panic!("no place")).run(work).await.unwrap();
    });
    tokio::task::spawn_blocking(move || begun.recv().unwrap()).await.unwrap();

    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let hasher = Arc::clone(&hasher);
        calls
            .spawn(async move { hasher.verify(&Place::free(), &password("whatever"), None).await });
    }
    let mut busy = 0;
    while busy < 40 {
        match calls.join_next().await.unwrap().unwrap() {
            Err(HashError::Busy(wait)) => {
                assert!(wait >= Duration::from_secs(1) && wait.subsec_nanos() == 0);
                busy += 1;
            }
            other => panic!("nothing else can be answered while the gate is shut: {other:?}"),
        }
    }
    // Whoever has a place comes to its line in a moment.
    while hasher.lane.waiting() < 10 {
        tokio::task::yield_now().await;
    }
    assert_eq!(hasher.lane.waiting(), 10);
    open.send(()).unwrap();
    gate.await.unwrap();
    assert!(calls.join_all().await.into_iter().all(|call| matches!(call, Ok(Verdict::Mismatch))));
}
