//! Whose failures are counted where, and what time alone does not change about a password.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use domain::problem::{Problem, SignInFault};
use domain::sessions::{Client, Door, Login, LoginLimits, Opened, Transport};
use domain::users::{Password, Registration, UserKey};
use testkit::household::{Household, PASSWORD, rules};

fn limited_to(per_account: u32) -> Household {
    let window = Duration::from_secs(600);
    Household::with_limits(LoginLimits {
        enabled: true,
        per_account,
        per_network: 100,
        window,
        delay: Duration::ZERO,
    })
}

/// Signs in by user name or address, whichever this is.
async fn sign_in(house: &Household, identifier: &str, password: &str) -> Result<Opened, Problem> {
    let login = Login {
        key: UserKey::read(identifier, &rules().mobiles),
        password: Password::parse(password).unwrap(),
        door: Door::V1,
        transport: Transport::Refresh,
        bearer_lifetime: None,
        client: Client { address: "192.0.2.1".parse().ok(), ..Client::default() },
    };
    house.services.sessions.login(login).await
}

async fn is_wrong(house: &Household, identifier: &str) -> bool {
    let refused = sign_in(house, identifier, "wrong").await;
    matches!(refused, Err(Problem::SignIn(SignInFault::WrongPassword)))
}

async fn is_throttled(house: &Household, identifier: &str) -> bool {
    matches!(sign_in(house, identifier, PASSWORD).await, Err(Problem::Throttled(_)))
}

/// Somebody with a name, an address, or both.
async fn registered(house: &Household, username: Option<&str>, email: Option<&str>) {
    let registration = Registration {
        username: username.map(str::to_owned),
        email: email.map(str::to_owned),
        password: Some(PASSWORD.to_owned()),
        ..Registration::default()
    };
    house.services.users.register(None, registration, &rules()).await.unwrap();
}

#[tokio::test]
async fn who_is_named_alike_has_a_budget_of_its_own() {
    let house = limited_to(3);
    registered(&house, Some("ada"), None).await;
    registered(&house, None, Some("ada@example.org")).await;
    registered(&house, Some("ada.example.org"), None).await;
    for _ in 0..3 {
        assert!(is_wrong(&house, "ada").await);
    }
    assert!(is_throttled(&house, "ada").await);
    sign_in(&house, "ada@example.org", PASSWORD).await.unwrap();
    sign_in(&house, "ada.example.org", PASSWORD).await.unwrap();
}

#[tokio::test]
async fn one_person_has_one_budget_by_whatever_name() {
    let house = limited_to(4);
    registered(&house, Some("ada"), Some("ada@example.org")).await;
    for identifier in ["ada", "ada@example.org", "ADA", "Ada@EXAMPLE.org"] {
        assert!(is_wrong(&house, identifier).await, "{identifier}");
    }
    for identifier in ["ada", "ada@example.org", "aDa", "ada@Example.org"] {
        assert!(is_throttled(&house, identifier).await, "{identifier}");
    }
}

#[tokio::test]
async fn nobodys_names_have_budgets_apart_from_everybodys() {
    let house = limited_to(2);
    registered(&house, Some("ada"), None).await;
    for _ in 0..2 {
        assert!(matches!(house.sign_in("adda", "wrong").await, Err(Problem::SignIn(_))));
    }
    assert!(is_throttled(&house, "adda").await);
    house.sign_in("ada", PASSWORD).await.unwrap();
}

#[tokio::test]
async fn a_password_does_not_grow_old() {
    let house = limited_to(3);
    let ada = house.register("ada").await.unwrap();
    house.clock.advance(Duration::from_secs(3 * 365 * 24 * 60 * 60));
    let opened = house.sign_in("ada", PASSWORD).await.unwrap();
    assert_eq!(opened.user.status, ada.status);
    assert_eq!(opened.user.version, ada.version, "nothing was noted about its age");
}
