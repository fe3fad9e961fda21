//! `SessionStore::rotate` and `SessionStore::touch`.
#![expect(missing_docs, reason = "the name of a contract is its sentence")]

use domain::post::Sequel;
use domain::sessions::{LastUse, Rotation, Session, TokenHash};
use domain::time::Timestamp;

use super::StoreSet;
use super::steps::{added, kept, signed_in};
use crate::builders::{a_session, a_user};
use crate::time::moment;

/// The rotation of this session's present secret to one that is all `next`, an hour after noon.
pub(super) fn rotation(session: &Session, next: u8) -> Rotation {
    Rotation {
        id: session.id,
        spent: session.secret_hash,
        next: TokenHash([next; 32]),
        at: moment("2026-11-20T13:00:00.000001Z"),
        sequel: Sequel::none(),
    }
}

pub async fn a_rotation_replaces_the_secret_and_notes_the_use(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let bystander = signed_in(&stores, &ada).await;
    let session = signed_in(&stores, &ada).await;
    let rotation = rotation(&session, 1);
    assert!(stores.sessions.rotate(&rotation).await.unwrap());
    let expected = Session {
        secret_hash: rotation.next,
        generation: session.generation + 1,
        rotated_at: rotation.at,
        last_seen_at: rotation.at,
        ..session
    };
    assert_eq!(kept(&stores, expected.id).await, Some(expected));
    assert_eq!(kept(&stores, bystander.id).await, Some(bystander));
}

pub async fn a_spent_secret_rotates_nothing_again(stores: StoreSet) {
    let session = signed_in(&stores, &added(&stores, a_user()).await).await;
    assert!(stores.sessions.rotate(&rotation(&session, 1)).await.unwrap());
    let after_once = kept(&stores, session.id).await;
    assert!(!stores.sessions.rotate(&rotation(&session, 1)).await.unwrap());
    assert!(!stores.sessions.rotate(&rotation(&session, 2)).await.unwrap());
    assert_eq!(kept(&stores, session.id).await, after_once);
}

pub async fn each_successor_can_be_rotated_in_turn(stores: StoreSet) {
    let mut session = signed_in(&stores, &added(&stores, a_user()).await).await;
    for turn in 1..=4 {
        assert!(stores.sessions.rotate(&rotation(&session, turn)).await.unwrap());
        session = kept(&stores, session.id).await.unwrap();
        assert_eq!(session.generation, i64::from(turn));
    }
}

pub async fn a_secret_rotates_its_own_session_only(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let (one, other) = (signed_in(&stores, &ada).await, signed_in(&stores, &ada).await);
    let stolen = Rotation { spent: one.secret_hash, ..rotation(&other, 1) };
    assert!(!stores.sessions.rotate(&stolen).await.unwrap());
    let mut nearly = rotation(&one, 1);
    nearly.spent.0[31] ^= 1;
    assert!(!stores.sessions.rotate(&nearly).await.unwrap());
    assert_eq!(kept(&stores, one.id).await, Some(one));
    assert_eq!(kept(&stores, other.id).await, Some(other));
}

pub async fn a_closed_session_is_not_rotated(stores: StoreSet) {
    let session = signed_in(&stores, &added(&stores, a_user()).await).await;
    assert!(stores.sessions.close(session.user_id, session.id, &Sequel::none()).await.unwrap());
    assert!(!stores.sessions.rotate(&rotation(&session, 1)).await.unwrap());
    assert_eq!(kept(&stores, session.id).await, None);
    assert!(!stores.sessions.rotate(&rotation(&a_session().build(), 1)).await.unwrap());
}

/// A session last used at noon.
async fn seen_at_noon(stores: &StoreSet) -> Session {
    signed_in(stores, &added(stores, a_user()).await).await
}

/// A use that is noted unless a later one than `unless_since` is.
fn a_use(session: &Session, at: Timestamp, unless_since: Timestamp) -> LastUse {
    LastUse { session: session.id, at, unless_since }
}

fn micros_after_noon(micros: i64) -> Timestamp {
    Timestamp::from_micros(crate::time::noon().micros() + micros).unwrap()
}

pub async fn a_use_is_noted_and_nothing_else_changes(stores: StoreSet) {
    let session = seen_at_noon(&stores).await;
    let bystander = signed_in(&stores, &added(&stores, a_user()).await).await;
    let at = micros_after_noon(60_000_001);
    let noted = a_use(&session, at, micros_after_noon(1));
    assert_eq!(stores.sessions.touch(&[noted]).await.unwrap(), 1);
    let expected = Session { last_seen_at: at, ..session };
    assert_eq!(kept(&stores, expected.id).await, Some(expected));
    assert_eq!(kept(&stores, bystander.id).await, Some(bystander));
}

pub async fn a_use_is_not_noted_when_a_later_one_than_the_bound_is(stores: StoreSet) {
    let session = seen_at_noon(&stores).await;
    let at = micros_after_noon(100);
    let late = a_use(&session, at, micros_after_noon(-1));
    assert_eq!(stores.sessions.touch(&[late]).await.unwrap(), 0);
    assert_eq!(kept(&stores, session.id).await, Some(session));
}

pub async fn a_use_at_the_very_bound_is_no_later_one(stores: StoreSet) {
    let session = seen_at_noon(&stores).await;
    let at = micros_after_noon(100);
    let noted = a_use(&session, at, micros_after_noon(0));
    assert_eq!(stores.sessions.touch(&[noted]).await.unwrap(), 1);
    assert_eq!(kept(&stores, session.id).await.unwrap().last_seen_at, at);
}

pub async fn a_closed_session_is_not_touched(stores: StoreSet) {
    let session = seen_at_noon(&stores).await;
    assert!(stores.sessions.close(session.user_id, session.id, &Sequel::none()).await.unwrap());
    let at = micros_after_noon(100);
    assert_eq!(stores.sessions.touch(&[a_use(&session, at, at)]).await.unwrap(), 0);
    assert_eq!(kept(&stores, session.id).await, None);
}

pub async fn of_several_uses_each_is_noted_for_itself(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let mut sessions = Vec::new();
    for _ in 0..4 {
        sessions.push(signed_in(&stores, &ada).await);
    }
    let gone = a_session().of(&ada).build();
    let uses: Vec<LastUse> = [&sessions[0], &gone, &sessions[1], &sessions[2]]
        .into_iter()
        .zip([0, 0, -1, 0])
        .enumerate()
        .map(|(number, (session, bound))| {
            let at = micros_after_noon(100 + i64::try_from(number).unwrap());
            a_use(session, at, micros_after_noon(bound))
        })
        .collect();
    assert_eq!(stores.sessions.touch(&uses).await.unwrap(), 2);
    assert_eq!(stores.sessions.touch(&[]).await.unwrap(), 0);
    for (session, micros) in sessions.iter().zip([100, 0, 103, 0]) {
        let seen = kept(&stores, session.id).await.unwrap().last_seen_at;
        assert_eq!(seen, micros_after_noon(micros));
    }
}
