//! Promised letters over the in-memory stores: taken up, held, delivered, put off, given up.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use domain::post::{Dispatch, HOLD_EVERY};
use domain::sessions::Client;
use domain::users::Email;
use testkit::builders::a_user;
use testkit::household::Household;

const SECOND: Duration = Duration::from_secs(1);

/// A household in which one letter is promised.
async fn with_a_letter() -> Household {
    let house = Household::new();
    let user = a_user().with_email("grace@example.org").build();
    house.stores.users().add(&user, &domain::post::Sequel::none()).await.unwrap();
    let email = Email::parse("grace@example.org").unwrap();
    house.services.users.request_recovery(&email, &Client::default()).await.unwrap();
    house
}

async fn taken_up(house: &Household) -> Option<Dispatch> {
    house.services.post.take_up().await.unwrap()
}

async fn delivered(house: &Household) -> bool {
    let letter = taken_up(house).await.unwrap();
    house.services.post.deliver(&letter).await.unwrap()
}

#[tokio::test]
async fn a_letter_is_delivered_once() {
    let house = with_a_letter().await;
    assert!(delivered(&house).await);
    assert_eq!(house.courier.letters().len(), 1);
    assert!(house.courier.last_code().is_some());
    house.clock.advance(Duration::from_secs(3_600));
    assert_eq!(taken_up(&house).await, None);
}

#[tokio::test]
async fn nobody_else_has_a_letter_that_is_held() {
    let house = with_a_letter().await;
    let letter = taken_up(&house).await.unwrap();
    for _ in 0..20 {
        house.clock.advance(HOLD_EVERY);
        assert!(house.services.post.hold(&letter).await.unwrap());
        assert_eq!(taken_up(&house).await, None);
    }
}

#[tokio::test]
async fn a_letter_that_nobody_holds_is_taken_up_again() {
    let house = with_a_letter().await;
    let letter = taken_up(&house).await.unwrap();
    house.clock.advance(HOLD_EVERY * 2);
    assert_eq!(taken_up(&house).await, None, "one late beat loses nothing");
    house.clock.advance(HOLD_EVERY * 2);
    let again = taken_up(&house).await.unwrap();
    assert_eq!((again.id, again.attempts), (letter.id, 2));
    assert!(!house.services.post.hold(&letter).await.unwrap(), "somebody else has it");
}

#[tokio::test]
async fn a_refused_letter_waits_longer_each_time() {
    let house = with_a_letter().await;
    house.courier.set_refuses(true);
    for pause in [5, 10, 20, 40] {
        assert!(!delivered(&house).await);
        house.clock.advance(pause * SECOND - SECOND);
        assert_eq!(taken_up(&house).await, None, "{pause} s");
        house.clock.advance(SECOND);
    }
    house.courier.set_refuses(false);
    assert!(delivered(&house).await);
    assert_eq!(house.log.degradations().len(), 4, "each refusal is noted");
}

#[test]
fn no_pause_is_longer_than_an_hour() {
    for attempts in [11, 60, i64::MAX] {
        assert_eq!(Dispatch::back_off(attempts), Duration::from_secs(3_600));
    }
    assert_eq!(Dispatch::back_off(0), 5 * SECOND);
}

#[tokio::test]
async fn a_letter_that_nobody_takes_for_three_days_is_given_up_and_noted() {
    let house = with_a_letter().await;
    house.courier.set_refuses(true);
    house.clock.advance(Duration::from_secs(3 * 24 * 60 * 60 + 1));
    assert!(!delivered(&house).await);
    assert!(house.log.degradations().iter().any(|(what, _)| what.contains("lost")));
    house.clock.advance(Duration::from_secs(24 * 60 * 60));
    assert_eq!(taken_up(&house).await, None);
}
