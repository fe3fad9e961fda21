//! What holds when many change people at once.
#![expect(missing_docs, reason = "the name of a contract is its sentence")]

use std::collections::HashSet;

use domain::post::Sequel;
use domain::problem::Field;
use domain::store::StoreError;
use domain::users::{User, UserKey, Username};

use super::StoreSet;
use super::steps::{
    added, at_once, changed, conflict, find, found, kept, password_change, signed_in,
};
use crate::builders::a_user;

/// Exactly one succeeded, and all the others were told that `field` is taken.
fn one_wins<T: std::fmt::Debug>(results: Vec<Result<T, StoreError>>, field: Field) {
    let (won, lost): (Vec<_>, Vec<_>) = results.into_iter().partition(Result::is_ok);
    assert_eq!(won.len(), 1, "one of {} wins", won.len() + lost.len());
    for refusal in lost {
        assert_eq!(conflict(refusal), field);
    }
}

async fn all_added(stores: &StoreSet, people: Vec<User>) -> Vec<Result<i64, StoreError>> {
    let adding = |user: User| {
        let stores = stores.clone();
        async move { stores.users.add(&user, &Sequel::none()).await }
    };
    at_once(people.into_iter().map(adding)).await
}

pub async fn of_16_who_register_one_email_address_one_succeeds(stores: StoreSet) {
    let people = (0..16).map(|_| a_user().with_email("ada@example.org").build()).collect();
    one_wins(all_added(&stores, people).await, Field::Email);
    assert_eq!(stores.users.count(&Default::default()).await.unwrap(), 1);
}

pub async fn of_16_who_register_one_mobile_number_one_succeeds(stores: StoreSet) {
    let people = (0..16).map(|_| a_user().with_mobile("+4915123456789").build()).collect();
    one_wins(all_added(&stores, people).await, Field::Mobile);
    assert_eq!(stores.users.count(&Default::default()).await.unwrap(), 1);
}

pub async fn of_16_spellings_of_one_username_one_succeeds(stores: StoreSet) {
    let spelling = |turn: u32| {
        let letters = "lace".chars().enumerate();
        let flip = |(bit, letter): (usize, char)| match turn >> bit & 1 {
            0 => letter,
            _ => letter.to_ascii_uppercase(),
        };
        a_user().named(&letters.map(flip).collect::<String>()).build()
    };
    let people: Vec<User> = (0..16).map(spelling).collect();
    let spellings: HashSet<_> =
        people.iter().filter_map(|user| user.username.as_ref()).map(Username::as_str).collect();
    assert_eq!(spellings.len(), 16);
    one_wins(all_added(&stores, people).await, Field::Username);
    assert_eq!(stores.users.count(&Default::default()).await.unwrap(), 1);
}

pub async fn people_who_register_at_once_get_numbers_of_their_own(stores: StoreSet) {
    let people: Vec<User> = (0..16).map(|_| a_user().build()).collect();
    let results = all_added(&stores, people.clone()).await;
    let numbers: HashSet<i64> = results.into_iter().map(Result::unwrap).collect();
    assert_eq!(numbers.len(), 16);
    for number in numbers {
        let user = find(&stores, &UserKey::Number(number)).await.unwrap();
        assert!(people.iter().any(|person| person.id == user.id));
    }
}

pub async fn of_16_who_change_to_one_username_one_succeeds(stores: StoreSet) {
    let name = a_user().named("ada").build().username;
    let mut changes = Vec::new();
    for _ in 0..16 {
        let user = added(&stores, a_user()).await;
        changes.push(changed(&user, |user| user.username = name.clone()));
    }
    let replacing = |user: User| {
        let stores = stores.clone();
        async move { stores.users.replace(&user, &Sequel::none()).await }
    };
    one_wins(at_once(changes.into_iter().map(replacing)).await, Field::Username);
}

pub async fn of_16_replacements_from_one_version_one_is_told_true(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let replacing = |turn: u32| {
        let next = changed(&ada, |user| user.display_name = Some(format!("Writer {turn}")));
        let stores = stores.clone();
        async move { stores.users.replace(&next, &Sequel::none()).await.unwrap().then_some(next) }
    };
    let results = at_once((0..16).map(replacing)).await;
    let winners: Vec<User> = results.into_iter().flatten().collect();
    assert_eq!(winners.len(), 1);
    assert_eq!(found(&stores, ada.id).await.as_ref(), winners.first());
}

pub async fn no_update_of_40_writers_is_lost(stores: StoreSet) {
    let ada = added(&stores, a_user().with(|user| user.facility_id = Some("0".into()))).await;
    let writing = |_| {
        let (stores, id) = (stores.clone(), ada.id);
        async move {
            for _ in 0..1_000 {
                let present = found(&stores, id).await.unwrap();
                let count: u32 = present.facility_id.as_ref().unwrap().parse().unwrap();
                let next =
                    changed(&present, |user| user.facility_id = Some((count + 1).to_string()));
                if stores.users.replace(&next, &Sequel::none()).await.unwrap() {
                    return;
                }
            }
            panic!("not one of 1,000 attempts succeeded");
        }
    };
    at_once((0..40).map(writing)).await;
    let last = found(&stores, ada.id).await.unwrap();
    assert_eq!((last.facility_id.as_deref(), last.version), (Some("40"), ada.version + 40));
}

pub async fn of_8_password_changes_from_one_hash_one_is_told_true(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let session = signed_in(&stores, &ada).await;
    let changing = |turn: u32| {
        let change = password_change(&ada, &format!("hash {turn}"));
        let stores = stores.clone();
        async move { stores.users.change_password(&change).await.unwrap().then_some(change.new_hash) }
    };
    let results = at_once((0..8).map(changing)).await;
    let winners: Vec<_> = results.into_iter().flatten().collect();
    assert_eq!(winners.len(), 1);
    let present = found(&stores, ada.id).await.unwrap();
    assert_eq!((present.epoch, present.version), (ada.epoch + 1, ada.version + 1));
    assert_eq!(Some(&present.password_hash), winners.first());
    assert_eq!(kept(&stores, session.id).await, None);
}

pub async fn a_profile_change_never_undoes_a_password_change_beside_it(stores: StoreSet) {
    for round in 0..10 {
        let ada = added(&stores, a_user()).await;
        let password = password_change(&ada, "new");
        let profile = changed(&ada, |user| user.consent = true);
        let of = |profile_too: bool| {
            let (stores, password, profile) = (stores.clone(), password.clone(), profile.clone());
            async move {
                match profile_too {
                    true => stores.users.replace(&profile, &Sequel::none()).await.unwrap(),
                    false => stores.users.change_password(&password).await.unwrap(),
                }
            }
        };
        let results = at_once([of(true), of(false)]).await;
        assert!(results[1], "round {round}: the hash was still the old one");
        let present = found(&stores, ada.id).await.unwrap();
        assert_eq!(present.password_hash, password.new_hash, "round {round}");
        assert_eq!(present.epoch, ada.epoch + 1, "round {round}");
        assert_eq!(present.consent, results[0], "round {round}");
        assert_eq!(present.version, ada.version + 1 + i64::from(results[0]), "round {round}");
    }
}
