//! What becomes of a request that is sent again under its idempotency key.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::time::Duration;

use domain::idempotency::{Begun, Claim, KEPT_FOR, Submission};
use domain::post::Sequel;
use domain::users::{Status, UserId};
use testkit::household::Household;

const SENT: Submission<'static> =
    Submission { key: "k", principal: None, route: "POST /v1/books", body: b"{}" };

async fn begin(house: &Household, sent: &Submission<'_>) -> Begun {
    house.services.idempotency.begin(sent).await.unwrap()
}

async fn begun(house: &Household) -> Claim {
    let begun = begin(house, &SENT).await;
    let Begun::New(claim) = begun else { panic!("somebody came before: {begun:?}") };
    claim
}

#[tokio::test]
async fn a_reply_is_given_again_for_a_day() {
    let house = Household::new();
    let claim = begun(&house).await;
    assert_eq!(begin(&house, &SENT).await, Begun::Running);
    house.services.idempotency.finish(&claim, b"reply").await.unwrap();
    house.clock.advance(KEPT_FOR - Duration::from_secs(1));
    assert_eq!(begin(&house, &SENT).await, Begun::Done(b"reply".to_vec().into()));
    house.clock.advance(Duration::from_secs(1));
    assert!(matches!(begin(&house, &SENT).await, Begun::New(_)));
}

#[tokio::test]
async fn another_body_is_refused_and_another_person_or_route_is_another_key() {
    let house = Household::new();
    begun(&house).await;
    assert_eq!(begin(&house, &Submission { body: b"{} ", ..SENT }).await, Begun::Other);
    let somebody = Some(UserId(uuid::Uuid::from_u128(7)));
    let elsewhere = Submission { route: "POST /v1/users", ..SENT };
    for other in [Submission { principal: somebody, ..SENT }, elsewhere] {
        assert!(matches!(begin(&house, &other).await, Begun::New(_)), "{other:?}");
    }
}

#[tokio::test]
async fn who_died_before_it_changed_anything_is_followed_by_the_next() {
    let house = Household::new();
    let dead = begun(&house).await;
    house.clock.advance(Duration::from_secs(61));
    let next = begun(&house).await;
    assert_ne!(next.holder, dead.holder);
    house.services.idempotency.finish(&dead, b"late").await.unwrap();
    assert_eq!(begin(&house, &SENT).await, Begun::Running, "its reply is nobody's any more");
}

#[tokio::test]
async fn who_died_after_its_change_leaves_a_key_that_nobody_uses_again() {
    let house = Household::new();
    let ada = house.register("ada").await.unwrap();
    let claim = begun(&house).await;
    let under = Sequel { claim: Some(claim), ..Sequel::none() };
    let users = house.stores.users();
    assert!(users.set_status(ada.id, Status::Locked, house.now(), &under).await.unwrap());
    assert_eq!(begin(&house, &SENT).await, Begun::Running);
    house.clock.advance(Duration::from_secs(61));
    assert_eq!(begin(&house, &SENT).await, Begun::Lost);
    house.services.idempotency.give_up(&claim).await.unwrap();
    assert_eq!(begin(&house, &SENT).await, Begun::Lost);
}
