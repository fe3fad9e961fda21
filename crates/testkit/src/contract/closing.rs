//! `SessionStore::close`, `SessionStore::close_all` and `SessionStore::purge`.
#![expect(missing_docs, reason = "the name of a contract is its sentence")]

use domain::post::Sequel;
use domain::time::Timestamp;

use super::StoreSet;
use super::steps::{added, at_once, kept, opened, signed_in};
use crate::builders::{a_session, a_user};
use crate::time::moment;

pub async fn a_closed_session_is_gone_and_others_stay(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let other = signed_in(&stores, &ada).await;
    let session = signed_in(&stores, &ada).await;
    assert!(stores.sessions.close(ada.id, session.id, &Sequel::none()).await.unwrap());
    assert_eq!(kept(&stores, session.id).await, None);
    assert_eq!(kept(&stores, other.id).await, Some(other));
    assert!(
        !stores.sessions.close(ada.id, session.id, &Sequel::none()).await.unwrap(),
        "there is none any more"
    );
}

pub async fn nobody_closes_a_session_of_somebody_else(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let grace = added(&stores, a_user()).await;
    let session = signed_in(&stores, &ada).await;
    assert!(!stores.sessions.close(grace.id, session.id, &Sequel::none()).await.unwrap());
    assert_eq!(kept(&stores, session.id).await, Some(session));
}

pub async fn all_sessions_of_one_person_are_closed_and_counted(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let others = signed_in(&stores, &added(&stores, a_user()).await).await;
    for _ in 0..3 {
        signed_in(&stores, &ada).await;
    }
    assert_eq!(stores.sessions.close_all(ada.id, None, &Sequel::none()).await.unwrap(), 3);
    assert_eq!(stores.sessions.close_all(ada.id, None, &Sequel::none()).await.unwrap(), 0);
    assert_eq!(kept(&stores, others.id).await, Some(others));
}

pub async fn all_sessions_but_the_one_to_keep_are_closed(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let kept_one = signed_in(&stores, &ada).await;
    for _ in 0..2 {
        signed_in(&stores, &ada).await;
    }
    assert_eq!(
        stores.sessions.close_all(ada.id, Some(kept_one.id), &Sequel::none()).await.unwrap(),
        2
    );
    assert_eq!(kept(&stores, kept_one.id).await, Some(kept_one));
}

pub async fn a_session_of_somebody_else_to_keep_keeps_none(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let others = signed_in(&stores, &added(&stores, a_user()).await).await;
    signed_in(&stores, &ada).await;
    assert_eq!(
        stores.sessions.close_all(ada.id, Some(others.id), &Sequel::none()).await.unwrap(),
        1
    );
    assert_eq!(kept(&stores, others.id).await, Some(others));
}

/// The moment `micros` microseconds after noon.
fn noon_and(micros: u8) -> Timestamp {
    moment(&format!("2026-11-20T12:00:00.{micros:06}Z"))
}

pub async fn a_purge_removes_what_ended_before_the_bound_and_nothing_at_it(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let ending = |micros| a_session().of(&ada).expires_at(noon_and(micros)).build();
    let before = opened(&stores, ending(4)).await;
    let at = opened(&stores, ending(5)).await;
    let after = opened(&stores, ending(6)).await;
    let idle = moment("2000-01-01T00:00:00Z");
    assert_eq!(stores.sessions.purge(noon_and(5), idle).await.unwrap(), 1);
    assert_eq!(kept(&stores, before.id).await, None);
    assert_eq!(kept(&stores, at.id).await, Some(at));
    assert_eq!(kept(&stores, after.id).await, Some(after));
}

pub async fn a_purge_removes_what_was_last_used_before_the_bound_and_nothing_at_it(
    stores: StoreSet,
) {
    let ada = added(&stores, a_user()).await;
    let seen = |micros| a_session().of(&ada).last_seen_at(noon_and(micros)).build();
    let before = opened(&stores, seen(4)).await;
    let at = opened(&stores, seen(5)).await;
    let after = opened(&stores, seen(6)).await;
    let expired = moment("2000-01-01T00:00:00Z");
    assert_eq!(stores.sessions.purge(expired, noon_and(5)).await.unwrap(), 1);
    assert_eq!(kept(&stores, before.id).await, None);
    assert_eq!(kept(&stores, at.id).await, Some(at));
    assert_eq!(kept(&stores, after.id).await, Some(after));
}

pub async fn a_purge_removes_at_most_1_000_sessions(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    for _ in 0..143 {
        let opening = |_| {
            let (stores, session) = (stores.clone(), a_session().of(&ada).build());
            async move { opened(&stores, session).await }
        };
        at_once((0..7).map(opening)).await;
    }
    let (late, idle) = (moment("2030-01-01T00:00:00Z"), moment("2000-01-01T00:00:00Z"));
    assert_eq!(stores.sessions.purge(late, idle).await.unwrap(), 1_000);
    assert_eq!(stores.sessions.purge(late, idle).await.unwrap(), 1);
    assert_eq!(stores.sessions.purge(late, idle).await.unwrap(), 0);
}
