//! Refresh tokens over the in-memory stores: rotation, the lost reply, reuse, and the limits.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::time::Duration;

use domain::problem::Problem;
use domain::sessions::{Client, Intent, Opened, SecurityEvent, TokenFault};
use secrecy::ExposeSecret;
use testkit::household::{Household, PASSWORD};

async fn signed_in() -> (Household, Opened) {
    let house = Household::new();
    house.register("ada").await.unwrap();
    let opened = house.sign_in("ada", PASSWORD).await.unwrap();
    (house, opened)
}

async fn refresh(house: &Household, token: &str) -> Result<Opened, Problem> {
    house.services.sessions.refresh(token, &Client::default()).await
}

async fn is_open(house: &Household, opened: &Opened) -> bool {
    house
        .services
        .sessions
        .authenticate(opened.access_token.expose_secret(), Intent::Read)
        .await
        .is_ok()
}

fn fault(outcome: Result<Opened, Problem>) -> TokenFault {
    match outcome {
        Err(Problem::Token(fault)) => fault,
        other => panic!("expected a token fault, got {other:?}"),
    }
}

#[tokio::test]
async fn a_refresh_rotates_the_token_and_keeps_the_session() {
    let (house, first) = signed_in().await;
    let second = refresh(&house, first.secret.expose_secret()).await.unwrap();
    assert_eq!(second.session.id, first.session.id);
    assert_ne!(second.secret.expose_secret(), first.secret.expose_secret());
    let third = refresh(&house, second.secret.expose_secret()).await.unwrap();
    assert!(is_open(&house, &third).await);
}

#[tokio::test]
async fn the_retry_after_a_lost_reply_gets_the_same_successor() {
    let (house, first) = signed_in().await;
    let second = refresh(&house, first.secret.expose_secret()).await.unwrap();
    house.clock.advance(Duration::from_secs(10));
    let again = refresh(&house, first.secret.expose_secret()).await.unwrap();
    assert_eq!(again.secret.expose_secret(), second.secret.expose_secret());
    assert!(is_open(&house, &again).await);
}

#[tokio::test]
async fn reuse_after_the_grace_time_closes_the_session_and_is_noted() {
    let (house, first) = signed_in().await;
    let second = refresh(&house, first.secret.expose_secret()).await.unwrap();
    house.clock.advance(Duration::from_secs(11));
    assert_eq!(fault(refresh(&house, first.secret.expose_secret()).await), TokenFault::Reused);
    assert!(!is_open(&house, &second).await);
    assert_eq!(fault(refresh(&house, second.secret.expose_secret()).await), TokenFault::Revoked);
    let reused = SecurityEvent::RefreshReused(first.user.id, first.session.id);
    assert_eq!(house.log.events().iter().filter(|event| **event == reused).count(), 1);
}

#[tokio::test]
async fn a_grandparent_closes_the_session_even_at_once() {
    let (house, first) = signed_in().await;
    let second = refresh(&house, first.secret.expose_secret()).await.unwrap();
    let third = refresh(&house, second.secret.expose_secret()).await.unwrap();
    assert_eq!(fault(refresh(&house, first.secret.expose_secret()).await), TokenFault::Reused);
    assert!(!is_open(&house, &third).await);
}

#[tokio::test]
async fn a_forged_token_of_a_known_session_closes_nothing() {
    let (house, first) = signed_in().await;
    let second = refresh(&house, first.secret.expose_secret()).await.unwrap();
    for token in [first.secret.expose_secret(), second.secret.expose_secret()] {
        let mut forged: Vec<char> = token.chars().collect();
        let middle = forged.len() - 10;
        forged[middle] = if forged[middle] == 'A' { 'B' } else { 'A' };
        let forged: String = forged.into_iter().collect();
        assert_eq!(fault(refresh(&house, &forged).await), TokenFault::BadSignature);
    }
    assert!(is_open(&house, &second).await);
}

#[tokio::test]
async fn other_tokens_are_no_refresh_tokens() {
    let (house, first) = signed_in().await;
    for token in ["", "dwr_", first.access_token.expose_secret()] {
        assert_eq!(fault(refresh(&house, token).await), TokenFault::Malformed);
    }
}

#[tokio::test]
async fn refreshing_does_not_outlive_the_absolute_limit() {
    let (house, mut opened) = signed_in().await;
    for _ in 0..29 {
        house.clock.advance(Duration::from_secs(24 * 3600));
        opened = refresh(&house, opened.secret.expose_secret()).await.unwrap();
    }
    house.clock.advance(Duration::from_secs(24 * 3600 - 60));
    opened = refresh(&house, opened.secret.expose_secret()).await.unwrap();
    assert_eq!(
        opened.expires_in,
        Duration::from_secs(60),
        "the access token ends with its session"
    );
    house.clock.advance(Duration::from_secs(60));
    assert_eq!(fault(refresh(&house, opened.secret.expose_secret()).await), TokenFault::Expired);
}

#[tokio::test]
async fn a_session_in_constant_use_does_not_idle_out() {
    let mut lifetimes = testkit::household::lifetimes();
    lifetimes.idle = Duration::from_secs(4);
    let house = Household::with_lifetimes(lifetimes);
    house.register("ada").await.unwrap();
    let opened = house.sign_in("ada", PASSWORD).await.unwrap();
    for _ in 0..20 {
        house.clock.advance(Duration::from_secs(3));
        assert!(is_open(&house, &opened).await);
        house.services.sessions.write_last_uses().await.unwrap();
    }
    house.clock.advance(Duration::from_secs(4));
    assert!(!is_open(&house, &opened).await);
}

#[tokio::test]
async fn a_session_left_alone_for_its_idle_time_is_over() {
    let (house, opened) = signed_in().await;
    house.clock.advance(Duration::from_secs(14 * 24 * 3600));
    assert_eq!(fault(refresh(&house, opened.secret.expose_secret()).await), TokenFault::Expired);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn twenty_parallel_refreshes_leave_one_live_family() {
    let (house, first) = signed_in().await;
    let house = Arc::new(house);
    let token = first.secret.expose_secret().to_owned();
    let calls = (0..20).map(|_| {
        let (house, token) = (Arc::clone(&house), token.clone());
        tokio::spawn(async move {
            refresh(&house, &token).await.unwrap().secret.expose_secret().to_owned()
        })
    });
    let mut successors = Vec::new();
    for call in calls.collect::<Vec<_>>() {
        successors.push(call.await.unwrap());
    }
    successors.dedup();
    assert_eq!(successors.len(), 1, "all twenty hold the one successor");
    assert_ne!(successors[0], token);
    assert!(refresh(&house, &successors[0]).await.is_ok());
}
