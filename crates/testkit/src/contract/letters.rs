//! `Outbox`, and the letters that are kept with a change.
#![expect(missing_docs, reason = "the name of a contract is its sentence")]

use std::collections::HashSet;
use std::time::Duration;

use domain::post::{Dispatch, Turn};
use domain::problem::Field;
use domain::time::Timestamp;
use domain::users::PasswordChange;

use super::StoreSet;
use super::codes::password_by;
use super::steps::{added, at_once, changed, conflict, found, password_change, signed_in};
use crate::builders::{a_code, a_dispatch, a_user, one_code, one_letter};
use crate::time::{moment, noon};

/// When what is taken up at noon is due again.
fn until() -> Timestamp {
    moment("2026-11-20T12:01:30Z")
}

/// At most so many letters that are due at noon.
pub(super) async fn taken_up(stores: &StoreSet, limit: u16) -> Vec<Dispatch> {
    let turn = Turn { now: noon(), until: until(), limit };
    stores.outbox.take_up(&turn).await.unwrap()
}

async fn promised(stores: &StoreSet, dispatch: Dispatch) -> Dispatch {
    assert!(stores.codes.issue(&one_letter(&dispatch)).await.unwrap());
    dispatch
}

pub async fn a_letter_comes_back_whole_when_it_is_due_and_not_before(stores: StoreSet) {
    let soon = noon().plus(Duration::from_micros(1));
    promised(&stores, Dispatch { due_at: soon, ..a_dispatch() }).await;
    let letter = promised(&stores, a_dispatch()).await;
    let expected = Dispatch { attempts: 1, due_at: until(), ..letter };
    assert_eq!(taken_up(&stores, 10).await, [expected]);
}

pub async fn the_longest_due_are_taken_up_first_and_no_more_than_asked_for(stores: StoreSet) {
    let mut letters = Vec::new();
    for seconds in [3, 1, 2] {
        let due_at = noon().minus(Duration::from_secs(seconds));
        letters.push(promised(&stores, Dispatch { due_at, ..a_dispatch() }).await);
    }
    letters.sort_by_key(|letter| letter.due_at);
    let ids = |letters: &[Dispatch]| letters.iter().map(|letter| letter.id).collect::<Vec<_>>();
    assert_eq!(ids(&taken_up(&stores, 2).await), ids(&letters[..2]));
    assert_eq!(ids(&taken_up(&stores, 2).await), ids(&letters[2..]));
}

pub async fn a_letter_whose_bearer_died_is_due_again_when_its_turn_ends(stores: StoreSet) {
    promised(&stores, a_dispatch()).await;
    assert_eq!(taken_up(&stores, 1).await.len(), 1);
    assert_eq!(taken_up(&stores, 1).await, []);
    let again = Turn { now: until(), until: moment("2026-11-20T13:00:00Z"), limit: 1 };
    let letters = stores.outbox.take_up(&again).await.unwrap();
    assert_eq!(letters.iter().map(|letter| letter.attempts).collect::<Vec<_>>(), [2]);
}

pub async fn a_delivered_letter_is_gone(stores: StoreSet) {
    let letter = promised(&stores, a_dispatch()).await;
    let other = promised(&stores, a_dispatch()).await;
    assert!(stores.outbox.delivered(letter.id).await.unwrap());
    assert!(!stores.outbox.delivered(letter.id).await.unwrap());
    let left = taken_up(&stores, 10).await;
    assert_eq!(left.iter().map(|letter| letter.id).collect::<Vec<_>>(), [other.id]);
}

pub async fn a_letter_is_postponed_by_who_has_it_only(stores: StoreSet) {
    let letter = promised(&stores, a_dispatch()).await;
    taken_up(&stores, 1).await;
    let later = moment("2026-11-20T12:00:05Z");
    assert!(!stores.outbox.postpone(letter.id, 0, later).await.unwrap());
    assert!(stores.outbox.postpone(letter.id, 1, later).await.unwrap());
    let turn = Turn { now: later, until: until(), limit: 1 };
    assert_eq!(stores.outbox.take_up(&turn).await.unwrap().len(), 1);
    assert!(!stores.outbox.postpone(letter.id, 1, later).await.unwrap(), "somebody else has it");
    assert!(!stores.outbox.postpone(a_dispatch().id, 1, later).await.unwrap());
}

pub async fn what_follows_a_new_person_is_kept_with_it_or_not_at_all(stores: StoreSet) {
    let ada = a_user().named("ada").build();
    let mut sequel = one_letter(&a_dispatch());
    sequel.codes.push(a_code(Some(ada.id)));
    stores.users.add(&ada, &sequel).await.unwrap();
    assert!(stores.codes.find(&sequel.codes[0].handle_hash).await.unwrap().is_some());
    assert_eq!(taken_up(&stores, 10).await.len(), 1);
    let second = a_user().named("ADA").build();
    let refused = stores.users.add(&second, &one_letter(&a_dispatch())).await;
    assert_eq!(conflict(refused), Field::Username);
    assert_eq!(taken_up(&stores, 10).await, []);
}

pub async fn what_follows_a_change_is_kept_with_it_or_not_at_all(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let next = changed(&ada, |user| user.consent = true);
    assert!(stores.users.replace(&next, &one_letter(&a_dispatch())).await.unwrap());
    assert_eq!(taken_up(&stores, 10).await.len(), 1);
    let stale = one_letter(&a_dispatch());
    assert!(!stores.users.replace(&next, &stale).await.unwrap());
    assert_eq!(taken_up(&stores, 10).await, []);
}

pub async fn of_16_who_take_letters_up_at_once_no_two_get_the_same(stores: StoreSet) {
    for _ in 0..8 {
        promised(&stores, a_dispatch()).await;
    }
    let taking = |_| {
        let stores = stores.clone();
        async move { taken_up(&stores, 2).await }
    };
    let taken: Vec<Dispatch> = at_once((0..16).map(taking)).await.into_iter().flatten().collect();
    let ids: HashSet<_> = taken.iter().map(|letter| letter.id).collect();
    assert_eq!(ids.len(), taken.len(), "nobody has another's letter");
    let left = Turn { now: noon(), until: until(), limit: 16 };
    let rest = stores.outbox.take_up(&left).await.unwrap();
    assert_eq!(taken.len() + rest.len(), 8, "none is lost");
}

pub async fn of_20_tries_at_once_no_more_are_granted_than_the_code_had(stores: StoreSet) {
    let code = a_code(None);
    stores.codes.issue(&one_code(&code)).await.unwrap();
    let trying = |_| {
        let (stores, code) = (stores.clone(), code.clone());
        async move { stores.codes.attempt(&code.handle_hash, code.purpose, noon()).await.unwrap() }
    };
    let granted = at_once((0..20).map(trying)).await.into_iter().flatten().count();
    assert_eq!(granted, 5);
}

pub async fn of_20_who_redeem_one_code_one_is_told_true(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let code = a_code(Some(ada.id));
    stores.codes.issue(&one_code(&code)).await.unwrap();
    let redeeming = |turn: u32| {
        let (stores, by) = (stores.clone(), password_by(&code, &ada, &format!("hash {turn}")));
        async move { stores.codes.redeem(&by).await.unwrap() }
    };
    let told = at_once((0..20).map(redeeming)).await;
    assert_eq!(told.into_iter().filter(|told| *told).count(), 1);
    assert_eq!(found(&stores, ada.id).await.unwrap().epoch, ada.epoch + 1);
}

pub async fn a_letter_is_kept_with_the_session_that_is_closed_and_with_no_other(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let session = signed_in(&stores, &ada).await;
    let (letter, late) = (a_dispatch(), a_dispatch());
    let close = |letter: &Dispatch| {
        let (stores, sequel) = (stores.clone(), one_letter(letter));
        async move { stores.sessions.close(ada.id, session.id, &sequel).await.unwrap() }
    };
    assert!(close(&letter).await);
    assert!(!close(&late).await, "it is closed already");
    let kept: Vec<_> = taken_up(&stores, 10).await.iter().map(|letter| letter.id).collect();
    assert_eq!(kept, [letter.id]);
}

pub async fn a_letter_is_kept_with_a_password_that_changes_and_with_no_other(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let (letter, late) = (a_dispatch(), a_dispatch());
    let change = |letter: &Dispatch| PasswordChange {
        sequel: one_letter(letter),
        ..password_change(&ada, "new")
    };
    assert!(stores.users.change_password(&change(&letter)).await.unwrap());
    assert!(!stores.users.change_password(&change(&late)).await.unwrap(), "another was first");
    let kept: Vec<_> = taken_up(&stores, 10).await.iter().map(|letter| letter.id).collect();
    assert_eq!(kept, [letter.id]);
}
