//! Letters that changes of addresses send are limited, over the in-memory stores.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use domain::problem::{Field, Problem};
use domain::sessions::{Client, LoginLimits};
use domain::users::{Change, Channel, Password, ProfileChange, Rules, User};
use testkit::household::{Household, PASSWORD, rules};

const HOUR: Duration = Duration::from_secs(60 * 60);

fn household() -> Household {
    let window = Duration::from_secs(600);
    Household::with_limits(LoginLimits {
        enabled: true,
        per_account: 10,
        per_network: 100,
        window,
        delay: Duration::ZERO,
    })
}

async fn moves(house: &Household, who: &User, to: &str, rules: &Rules) -> Result<User, Problem> {
    let change = ProfileChange {
        email: Change::Set(to.to_owned()),
        current_password: Some(Password::parse(PASSWORD).unwrap()),
        ..ProfileChange::default()
    };
    let users = &house.services.users;
    users.change_profile(who, who.id, None, &change, rules, &Client::default()).await
}

async fn letters(house: &Household) -> usize {
    while let Some(letter) = house.services.post.take_up().await.unwrap() {
        assert!(house.services.post.deliver(&letter).await.unwrap());
    }
    house.courier.letters().len()
}

#[tokio::test]
async fn five_letters_an_hour_go_to_one_address_whoever_asks_for_them() {
    let house = household();
    let people = [house.register("ada").await.unwrap(), house.register("eve").await.unwrap()];
    for round in 0..5 {
        let who = &people[round % 2];
        moves(&house, who, "victim@example.org", &rules()).await.unwrap();
        // Back and forth: the same address again would be no change. Elsewhere is written to as well.
        moves(&house, who, &format!("own{round}@example.org"), &rules()).await.unwrap();
    }
    let refused = moves(&house, &people[1], "Victim@example.org", &rules()).await;
    assert!(matches!(refused, Err(Problem::Throttled(wait)) if wait <= HOUR), "{refused:?}");
    assert_eq!(letters(&house).await, 10);
    let user = house.services.users.find(&domain::users::UserKey::Id(people[1].id)).await.unwrap();
    assert_eq!(user.pending_email.unwrap().as_str(), "own3@example.org", "nothing has changed");
    house.clock.advance(HOUR);
    moves(&house, &people[1], "victim@example.org", &rules()).await.unwrap();
}

#[tokio::test]
async fn letters_that_verify_an_address_count_for_it_as_well() {
    let house = household();
    let people = [house.register("ada").await.unwrap(), house.register("eve").await.unwrap()];
    let mut asked = Vec::new();
    for who in &people {
        let user = moves(&house, who, "victim@example.org", &rules()).await.unwrap();
        for _ in 0..2 {
            let users = &house.services.users;
            asked.push(
                users
                    .request_verification(&user, Channel::Email, &rules(), &Client::default())
                    .await,
            );
        }
    }
    let sent = asked.iter().filter(|outcome| outcome.is_ok()).count();
    assert_eq!(sent, 3, "two letters of changes and three of these: {asked:?}");
    assert_eq!(letters(&house).await, 5);
}

#[tokio::test]
async fn ten_changes_an_hour_of_one_person_send_letters() {
    let house = household();
    let ada = house.register("ada").await.unwrap();
    for round in 0..10 {
        moves(&house, &ada, &format!("ada{round}@example.org"), &rules()).await.unwrap();
    }
    let refused = moves(&house, &ada, "ada@example.org", &rules()).await;
    assert!(matches!(refused, Err(Problem::Throttled(_))), "{refused:?}");
    assert_eq!(letters(&house).await, 10);
    // Who sends no letter is not concerned.
    let change =
        ProfileChange { first_name: Change::Set("Ada".into()), ..ProfileChange::default() };
    let users = &house.services.users;
    users.change_profile(&ada, ada.id, None, &change, &rules(), &Client::default()).await.unwrap();
}

#[tokio::test]
async fn where_changes_hold_at_once_the_letters_to_the_address_before_are_counted() {
    let house = household();
    let ada = house.register("ada").await.unwrap();
    let at_once = Rules { verify_changes: false, ..rules() };
    // The first change has no address before it that could be told.
    for round in 0..11 {
        moves(&house, &ada, &format!("ada{round}@example.org"), &at_once).await.unwrap();
    }
    let refused = moves(&house, &ada, "ada@example.org", &at_once).await;
    assert!(matches!(refused, Err(Problem::Throttled(_))), "{refused:?}");
    assert_eq!(letters(&house).await, 10);
}

#[tokio::test]
async fn asking_whose_address_it_is_costs_what_a_letter_costs() {
    let house = household();
    let (ada, eve) = (house.register("ada").await.unwrap(), house.register("eve").await.unwrap());
    let at_once = Rules { verify_changes: false, ..rules() };
    moves(&house, &ada, "ada@example.org", &at_once).await.unwrap();
    for round in 0..12 {
        let told = moves(&house, &eve, "ada@example.org", &rules()).await;
        match round {
            0..10 => assert!(matches!(told, Err(Problem::Taken(Field::Email))), "{told:?}"),
            _ => assert!(matches!(told, Err(Problem::Throttled(_))), "{told:?}"),
        }
    }
    let told = moves(&house, &eve, "other@example.org", &rules()).await;
    assert!(matches!(told, Err(Problem::Throttled(_))), "{told:?}");
    assert_eq!(letters(&house).await, 0);
    // Nobody used up what the address has: its owner may leave it.
    let leave = ProfileChange {
        username: Change::Set("ada2".into()),
        email: Change::Clear,
        current_password: Some(Password::parse(PASSWORD).unwrap()),
        ..ProfileChange::default()
    };
    let users = &house.services.users;
    users.change_profile(&ada, ada.id, None, &leave, &rules(), &Client::default()).await.unwrap();
}
