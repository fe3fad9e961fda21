//! Another password by a code, over the in-memory stores.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::time::Duration;

use domain::post::{CodeSecret, Handle};
use domain::problem::{CodeFault, Fault, Field, FieldError, Problem};
use domain::sessions::{Client, Intent};
use domain::users::{Email, Password, Registration};
use secrecy::ExposeSecret;
use testkit::household::{Household, PASSWORD, rules};

const NEW: &str = "an entirely new one";

async fn household() -> Household {
    let house = Household::new();
    let registration = Registration {
        username: Some("grace".into()),
        email: Some("grace@example.org".into()),
        password: Some(PASSWORD.into()),
        ..Registration::default()
    };
    house.services.users.register(None, registration, &rules()).await.unwrap();
    house
}

async fn asked(house: &Household, email: &str) -> Handle {
    let email = Email::parse(email).unwrap();
    house.services.users.request_recovery(&email, &Client::default()).await.unwrap()
}

/// The code of the youngest letter.
async fn code(house: &Household) -> String {
    deliver(house).await;
    house.courier.last_code().unwrap()
}

async fn deliver(house: &Household) {
    while let Some(letter) = house.services.post.take_up().await.unwrap() {
        assert!(house.services.post.deliver(&letter).await.unwrap());
    }
}

async fn recover(house: &Household, handle: &Handle, code: &str, new: &str) -> Result<(), Problem> {
    let (typed, new) = (CodeSecret::typed(code), Password::parse(new).unwrap());
    house.services.users.recover(handle, &typed, &new, &rules()).await
}

#[track_caller]
fn fault(outcome: Result<(), Problem>) -> CodeFault {
    match outcome {
        Err(Problem::Code(fault)) => fault,
        other => panic!("expected a fault of the code, got {other:?}"),
    }
}

fn another(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

#[tokio::test]
async fn a_code_sets_another_password_once_and_ends_all_sessions() {
    let house = household().await;
    let opened = house.sign_in("grace", PASSWORD).await.unwrap();
    let handle = asked(&house, "GRACE@example.org").await;
    let code = code(&house).await;
    recover(&house, &handle, &code, NEW).await.unwrap();
    assert!(house.sign_in("grace", NEW).await.is_ok());
    assert!(house.sign_in("grace", PASSWORD).await.is_err());
    let access = opened.access_token.expose_secret();
    assert!(house.services.sessions.authenticate(access, Intent::Read).await.is_err());
    assert_eq!(fault(recover(&house, &handle, &code, NEW).await), CodeFault::Unknown);
    deliver(&house).await;
    assert_eq!(house.courier.letters().len(), 2, "the address is told of the change");
}

#[tokio::test]
async fn five_wrong_codes_spend_it() {
    let house = household().await;
    let handle = asked(&house, "grace@example.org").await;
    let code = code(&house).await;
    for _ in 0..5 {
        assert_eq!(fault(recover(&house, &handle, &another(&code), NEW).await), CodeFault::Wrong);
    }
    assert_eq!(fault(recover(&house, &handle, &code, NEW).await), CodeFault::Wrong);
    assert!(house.sign_in("grace", PASSWORD).await.is_ok());
}

#[tokio::test]
async fn a_code_ends_after_a_quarter_of_an_hour() {
    let house = household().await;
    let handle = asked(&house, "grace@example.org").await;
    let code = code(&house).await;
    house.clock.advance(Duration::from_secs(15 * 60));
    assert_eq!(fault(recover(&house, &handle, &code, NEW).await), CodeFault::Wrong);
}

#[tokio::test]
async fn a_code_counts_with_its_own_handle_only() {
    let house = household().await;
    asked(&house, "grace@example.org").await;
    let code = code(&house).await;
    let other = asked(&house, "nobody@example.org").await;
    assert_eq!(fault(recover(&house, &other, &code, NEW).await), CodeFault::Wrong);
    let made_up = Handle::sent("dwh_made-up");
    assert_eq!(fault(recover(&house, &made_up, &code, NEW).await), CodeFault::Unknown);
}

#[tokio::test]
async fn a_letter_to_nobody_is_kept_taken_up_and_never_sent() {
    let house = Household::new();
    asked(&house, "nobody@example.org").await;
    let post = &house.services.post;
    let kept = post.take_up().await.unwrap().expect("a letter is kept");
    assert!(post.deliver(&kept).await.unwrap());
    assert!(house.courier.letters().is_empty());
    house.clock.advance(Duration::from_secs(60));
    assert!(post.take_up().await.unwrap().is_none());
}

#[tokio::test]
async fn nobody_is_sent_nothing_and_is_told_the_same() {
    let house = household().await;
    let handle = asked(&house, "nobody@example.org").await;
    assert_eq!(handle.expose().len(), asked(&house, "grace@example.org").await.expose().len());
    deliver(&house).await;
    assert_eq!(house.courier.letters().len(), 1);
}

#[tokio::test]
async fn a_password_against_the_rules_leaves_the_code_good() {
    let house = household().await;
    let handle = asked(&house, "grace@example.org").await;
    let code = code(&house).await;
    let refused = recover(&house, &handle, &code, "short").await;
    let Err(Problem::Invalid(errors)) = refused else { panic!("{refused:?}") };
    assert!(errors.iter().all(|error| error.field == Field::NewPassword), "{errors:?}");
    assert!(!errors.contains(&FieldError::new(Field::NewPassword, Fault::Missing)));
    recover(&house, &handle, &code, NEW).await.unwrap();
}

#[tokio::test]
async fn a_new_password_by_other_means_spends_all_codes() {
    let house = household().await;
    let handle = asked(&house, "grace@example.org").await;
    let code = code(&house).await;
    let second = asked(&house, "grace@example.org").await;
    recover(&house, &handle, &code, NEW).await.unwrap();
    let outcome = recover(&house, &second, &code, "yet another new one").await;
    assert_eq!(fault(outcome), CodeFault::Unknown);
}
