//! Failures in a row over any time, on the in-memory stores.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use domain::problem::{Problem, SignInFault};
use domain::sessions::{Client, Door, Login, LoginLimits, Transport};
use domain::users::{Email, Password, Registration, UserKey};
use testkit::household::{Household, PASSWORD, rules};

const HOME: &str = "192.0.2.1";
const AWAY: &str = "198.51.100.7";
const WINDOW: Duration = Duration::from_secs(600);

fn household() -> Household {
    let limits = LoginLimits {
        enabled: true,
        per_account: 10,
        per_network: 1_000,
        window: WINDOW,
        delay: Duration::ZERO,
    };
    Household::with_limits(limits)
}

async fn sign_in(house: &Household, from: &str, password: &str) -> Result<(), Problem> {
    let login = Login {
        key: UserKey::username("ada"),
        password: Password::parse(password).unwrap(),
        door: Door::V1,
        transport: Transport::Refresh,
        bearer_lifetime: None,
        client: Client { address: from.parse().ok(), ..Client::default() },
    };
    house.services.sessions.login(login).await.map(drop)
}

/// Fails so often, however long it takes.
async fn fail(house: &Household, from: &str, times: u32) {
    for number in 0..times {
        if number % 10 == 0 {
            house.clock.advance(WINDOW);
        }
        let told = sign_in(house, from, "wrong").await;
        let wrong =
            matches!(told, Err(Problem::SignIn(SignInFault::WrongPassword | SignInFault::Unknown)));
        assert!(wrong, "failure {number}: {told:?}");
    }
    house.clock.advance(WINDOW);
}

#[track_caller]
fn is_throttled(told: Result<(), Problem>) {
    assert!(matches!(told, Err(Problem::Throttled(_))), "{told:?}");
}

#[tokio::test]
async fn the_101st_failure_in_a_row_is_not_looked_at_however_long_one_waits() {
    let house = household();
    house.register("ada").await.unwrap();
    fail(&house, AWAY, 100).await;
    let looked_at = house.hasher.verified().len();
    for _ in 0..3 {
        is_throttled(sign_in(&house, AWAY, "wrong").await);
        is_throttled(sign_in(&house, "203.0.113.9", PASSWORD).await);
        house.clock.advance(Duration::from_secs(30 * 24 * 60 * 60));
    }
    assert_eq!(house.hasher.verified().len(), looked_at);
}

#[tokio::test]
async fn nobody_is_refused_after_as_many() {
    let house = household();
    fail(&house, AWAY, 100).await;
    is_throttled(sign_in(&house, AWAY, "wrong").await);
}

#[tokio::test]
async fn the_owner_gets_in_where_it_signed_in_before_and_ends_it_everywhere() {
    let house = household();
    house.register("ada").await.unwrap();
    sign_in(&house, HOME, PASSWORD).await.unwrap();
    fail(&house, AWAY, 100).await;
    is_throttled(sign_in(&house, AWAY, PASSWORD).await);
    sign_in(&house, HOME, PASSWORD).await.unwrap();
    fail(&house, AWAY, 99).await;
    sign_in(&house, AWAY, PASSWORD).await.unwrap();
    fail(&house, AWAY, 100).await;
}

#[tokio::test]
async fn failures_at_home_are_counted_for_themselves() {
    let house = household();
    house.register("ada").await.unwrap();
    sign_in(&house, HOME, PASSWORD).await.unwrap();
    fail(&house, HOME, 100).await;
    is_throttled(sign_in(&house, HOME, PASSWORD).await);
    sign_in(&house, AWAY, PASSWORD).await.unwrap();
}

#[tokio::test]
async fn a_reset_ends_it_at_home_and_elsewhere() {
    let house = household();
    let registration = Registration {
        username: Some("ada".into()),
        email: Some("ada@example.org".into()),
        password: Some(PASSWORD.into()),
        ..Registration::default()
    };
    house.services.users.register(None, registration, &rules()).await.unwrap();
    sign_in(&house, HOME, PASSWORD).await.unwrap();
    fail(&house, HOME, 100).await;
    fail(&house, AWAY, 100).await;
    let key = UserKey::Email(Email::parse("ada@example.org").unwrap());
    let users = &house.services.users;
    let user = users.find(&key).await.unwrap();
    let link = users.hand_over_link(&user, &rules()).await.unwrap().unwrap();
    let handle = domain::post::Handle::sent(link.split_once('#').unwrap().1);
    let new = Password::parse("eleven quiet lanterns").unwrap();
    users.reset_by_link(&handle, &new, &rules()).await.unwrap();
    for place in [HOME, AWAY, "203.0.113.9"] {
        sign_in(&house, place, new.expose()).await.unwrap();
    }
}
