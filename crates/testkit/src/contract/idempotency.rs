//! `IdempotencyStore`, and the keys that changes are made under.
#![expect(missing_docs, reason = "the name of a contract is its sentence")]

use std::time::Duration;

use domain::idempotency::{Claim, Claimed, Hold, Kept};
use domain::post::Sequel;
use domain::sealing::Sealed;
use domain::store::StoreError;
use domain::time::Timestamp;
use domain::users::{Status, User};
use uuid::Uuid;

use super::StoreSet;
use super::steps::{added, at_once, found};
use crate::builders::a_user;
use crate::time::noon;

/// How long after noon.
fn after(seconds: u64) -> Timestamp {
    noon().plus(Duration::from_secs(seconds))
}

/// Asks at noon for the one key of a test.
fn hold(holder: u128) -> Hold {
    Hold {
        claim: Claim { key: [1; 32], holder: Uuid::from_u128(holder) },
        fingerprint: [2; 32],
        principal: None,
        now: noon(),
        held_until: after(60),
        expires_at: after(1_000),
    }
}

async fn claimed(stores: &StoreSet, hold: &Hold) -> Claimed {
    stores.idempotency.claim(hold).await.unwrap()
}

fn under(hold: &Hold) -> Sequel {
    Sequel { claim: Some(hold.claim), ..Sequel::none() }
}

/// A change of this person under the key.
async fn change(stores: &StoreSet, user: &User, hold: &Hold) -> Result<bool, StoreError> {
    stores.users.set_status(user.id, Status::Locked, noon(), &under(hold)).await
}

/// What is told of the key that this one holds.
fn kept(holder: u128, changed: bool, reply: Option<&str>) -> Claimed {
    let reply = reply.map(|text| Sealed(text.to_owned()));
    let holder = Uuid::from_u128(holder);
    Claimed::Known(Kept { holder, fingerprint: [2; 32], changed, reply, held_until: after(60) })
}

pub async fn a_key_is_the_first_ones_and_others_are_told_of_it(stores: StoreSet) {
    assert_eq!(claimed(&stores, &hold(1)).await, Claimed::Mine);
    assert_eq!(claimed(&stores, &hold(2)).await, kept(1, false, None));
    let other = Hold { fingerprint: [9; 32], ..hold(3) };
    assert_eq!(claimed(&stores, &other).await, kept(1, false, None), "the first one's fingerprint");
    let another_key = Claim { key: [7; 32], ..hold(4).claim };
    assert_eq!(claimed(&stores, &Hold { claim: another_key, ..hold(4) }).await, Claimed::Mine);
}

pub async fn of_16_who_claim_one_key_one_has_it(stores: StoreSet) {
    let claiming = |holder| {
        let stores = stores.clone();
        async move { claimed(&stores, &hold(holder)).await }
    };
    let told = at_once((1..=16).map(claiming)).await;
    assert_eq!(told.iter().filter(|told| **told == Claimed::Mine).count(), 1);
}

pub async fn a_kept_reply_comes_back_and_only_the_holder_keeps_one(stores: StoreSet) {
    claimed(&stores, &hold(1)).await;
    let reply = Sealed("v1.reply".into());
    assert!(!stores.idempotency.settle(&hold(2).claim, &reply).await.unwrap());
    assert!(stores.idempotency.settle(&hold(1).claim, &reply).await.unwrap());
    assert_eq!(claimed(&stores, &hold(2)).await, kept(1, false, Some("v1.reply")));
    let long = Sealed("x".repeat(100_000));
    assert!(stores.idempotency.settle(&hold(1).claim, &long).await.unwrap());
    assert_eq!(claimed(&stores, &hold(2)).await, kept(1, false, Some(&long.0)));
}

pub async fn a_key_is_given_back_unless_something_changed_under_it(stores: StoreSet) {
    claimed(&stores, &hold(1)).await;
    assert!(!stores.idempotency.release(&hold(2).claim).await.unwrap());
    assert!(stores.idempotency.release(&hold(1).claim).await.unwrap());
    assert_eq!(claimed(&stores, &hold(2)).await, Claimed::Mine);
    let ada = added(&stores, a_user()).await;
    assert!(change(&stores, &ada, &hold(2)).await.unwrap());
    assert!(!stores.idempotency.release(&hold(2).claim).await.unwrap());
    assert_eq!(claimed(&stores, &hold(3)).await, kept(2, true, None));
}

pub async fn a_change_notes_its_key_and_is_undone_where_it_is_lost(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    claimed(&stores, &hold(1)).await;
    let late = change(&stores, &ada, &hold(2)).await;
    assert!(matches!(late, Err(StoreError::Unavailable(_))), "{late:?}");
    assert_eq!(found(&stores, ada.id).await, Some(ada.clone()));
    assert!(change(&stores, &ada, &hold(1)).await.unwrap());
    // A request may change several things.
    assert!(change(&stores, &ada, &hold(1)).await.unwrap());
    assert_eq!(found(&stores, ada.id).await.unwrap().status, Status::Locked);
}

pub async fn whoever_changed_nothing_in_time_loses_the_key_to_the_same_request(stores: StoreSet) {
    claimed(&stores, &hold(1)).await;
    let later = |holder| Hold { now: after(60), held_until: after(120), ..hold(holder) };
    let other = Hold { fingerprint: [9; 32], ..later(2) };
    assert_eq!(claimed(&stores, &other).await, kept(1, false, None));
    assert_eq!(claimed(&stores, &later(3)).await, Claimed::Mine);
    let ada = added(&stores, a_user()).await;
    assert!(change(&stores, &ada, &hold(1)).await.is_err(), "the first one lost it");
    assert!(change(&stores, &ada, &later(3)).await.unwrap());
    let last = Hold { now: after(500), ..hold(4) };
    assert!(matches!(claimed(&stores, &last).await, Claimed::Known(Kept { changed: true, .. })));
}

pub async fn an_expired_key_is_anybodys_and_is_removed(stores: StoreSet) {
    claimed(&stores, &hold(1)).await;
    stores.idempotency.settle(&hold(1).claim, &Sealed("v1.x".into())).await.unwrap();
    assert_eq!(stores.idempotency.purge(after(1_000)).await.unwrap(), 0);
    let expires_at = after(3_000);
    let late = Hold { fingerprint: [9; 32], now: after(1_000), expires_at, ..hold(2) };
    assert_eq!(claimed(&stores, &late).await, Claimed::Mine);
    assert_eq!(stores.idempotency.purge(after(2_000)).await.unwrap(), 0);
    assert_eq!(stores.idempotency.purge(after(3_001)).await.unwrap(), 1);
    assert_eq!(claimed(&stores, &hold(3)).await, Claimed::Mine);
}

pub async fn keys_go_with_their_person(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    claimed(&stores, &Hold { principal: Some(ada.id), ..hold(1) }).await;
    assert!(stores.users.delete(ada.id, None, &Sequel::none()).await.unwrap());
    assert_eq!(claimed(&stores, &hold(2)).await, Claimed::Mine);
}
