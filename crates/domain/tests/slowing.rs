//! Guessing gets slow before it is refused, for everybody alike but who is at home.

use std::time::Duration;

use domain::problem::Problem;
use domain::sessions::LoginLimits;
use testkit::household::{Household, PASSWORD};

const FIRST: Duration = Duration::from_millis(250);

fn house() -> Household {
    let (window, delay) = (Duration::from_secs(600), FIRST);
    let limits = LoginLimits { enabled: true, per_account: 10, per_network: 100, window, delay };
    Household::with_limits(limits)
}

/// What ten wrong passwords have to wait for.
async fn ten_guesses(house: &Household, name: &str) -> Vec<u128> {
    for _ in 0..10 {
        assert!(matches!(house.sign_in(name, "wrong").await, Err(Problem::SignIn(_))));
    }
    assert!(matches!(house.sign_in(name, "wrong").await, Err(Problem::Throttled(_))));
    house.pause.take().iter().map(Duration::as_millis).collect()
}

#[tokio::test]
async fn the_fourth_failure_and_later_ones_wait_whether_there_is_such_a_person_or_not() {
    let house = house();
    house.register("ada").await.unwrap();
    let expected = [250, 500, 1_000, 2_000, 2_000, 2_000, 2_000];
    assert_eq!(ten_guesses(&house, "ada").await, expected);
    assert_eq!(ten_guesses(&house, "nobody").await, expected);
}

#[tokio::test]
async fn a_right_password_waits_like_a_wrong_one_and_then_nobody_waits() {
    let house = house();
    house.register("ada").await.unwrap();
    for _ in 0..4 {
        house.sign_in("ada", "wrong").await.unwrap_err();
    }
    house.sign_in("ada", PASSWORD).await.unwrap();
    assert_eq!(house.pause.take(), [FIRST, FIRST * 2]);
    house.sign_in("ada", "wrong").await.unwrap_err();
    assert!(house.pause.take().is_empty());
}

#[tokio::test]
async fn where_a_person_signed_in_before_it_does_not_wait() {
    let house = house();
    house.register("ada").await.unwrap();
    house.sign_in("ada", PASSWORD).await.unwrap();
    assert!(ten_guesses(&house, "ada").await.is_empty());
}
