//! Kept refresh tokens (door 2) over the in-memory stores.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::time::Duration;

use domain::problem::Problem;
use domain::sessions::{Client, Door, Intent, Login, Opened, TokenFault, Transport};
use domain::users::{Password, UserKey};
use secrecy::ExposeSecret;
use testkit::household::{Household, PASSWORD};

async fn signed_in() -> (Household, Opened) {
    let house = Household::new();
    house.register("grace").await.unwrap();
    let login = Login {
        key: UserKey::username("grace"),
        password: Password::parse(PASSWORD).unwrap(),
        door: Door::FlaskUserAuth,
        transport: Transport::Kept,
        bearer_lifetime: None,
        client: Client::default(),
    };
    let opened = house.services.sessions.login(login).await.unwrap();
    (house, opened)
}

async fn renew(house: &Household, token: &str) -> Result<String, Problem> {
    let (access, _) = house.services.sessions.renew(token).await?;
    Ok(access.expose_secret().to_owned())
}

#[track_caller]
fn fault(outcome: Result<String, Problem>) -> TokenFault {
    match outcome {
        Err(Problem::Token(fault)) => fault,
        other => panic!("expected a token fault, got {other:?}"),
    }
}

#[tokio::test]
async fn a_kept_token_gets_access_as_often_as_asked() {
    let (house, opened) = signed_in().await;
    for _ in 0..3 {
        house.clock.advance(Duration::from_secs(24 * 60 * 60));
        let access = renew(&house, opened.secret.expose_secret()).await.unwrap();
        let holder = house.services.sessions.authenticate(&access, Intent::Read).await.unwrap();
        assert_eq!(holder.session.id, opened.session.id);
    }
}

#[tokio::test]
async fn a_kept_token_is_dead_with_its_session() {
    let (house, opened) = signed_in().await;
    let access = opened.access_token.expose_secret();
    let holder = house.services.sessions.authenticate(access, Intent::Read).await.unwrap();
    let sessions = &house.services.sessions;
    sessions.close(&holder, opened.session.id, &Client::default()).await.unwrap();
    let outcome = renew(&house, opened.secret.expose_secret()).await;
    assert_eq!(fault(outcome), TokenFault::Revoked);
}

#[tokio::test]
async fn neither_token_does_the_others_work() {
    let (house, opened) = signed_in().await;
    let (access, kept) = (opened.access_token.expose_secret(), opened.secret.expose_secret());
    assert_eq!(fault(renew(&house, access).await), TokenFault::WrongKind);
    let outcome = house.services.sessions.authenticate(kept, Intent::Read).await;
    assert!(matches!(outcome, Err(Problem::Token(TokenFault::WrongKind))), "{outcome:?}");
    let outcome = house.services.sessions.refresh(kept, &Client::default()).await;
    assert!(matches!(outcome, Err(Problem::Token(_))), "it cannot be rotated either");
}

#[tokio::test]
async fn a_session_ends_after_thirty_days_however_often_it_is_renewed() {
    let (house, opened) = signed_in().await;
    for _ in 0..29 {
        house.clock.advance(Duration::from_secs(24 * 60 * 60));
        renew(&house, opened.secret.expose_secret()).await.unwrap();
        house.services.sessions.write_last_uses().await.unwrap();
    }
    house.clock.advance(Duration::from_secs(24 * 60 * 60));
    let outcome = renew(&house, opened.secret.expose_secret()).await;
    assert_eq!(fault(outcome), TokenFault::Expired);
}

#[tokio::test]
async fn a_session_ends_after_fourteen_days_in_which_nobody_came() {
    let (house, opened) = signed_in().await;
    house.clock.advance(Duration::from_secs(14 * 24 * 60 * 60));
    let outcome = renew(&house, opened.secret.expose_secret()).await;
    assert_eq!(fault(outcome), TokenFault::Expired);
}
