//! `UserStore::change_password` and `UserStore::rehash`.
#![expect(missing_docs, reason = "the name of a contract is its sentence")]

use domain::users::{PasswordChange, PasswordHash, User};

use super::StoreSet;
use super::steps::{added, found, kept, password_change, signed_in};
use crate::builders::a_user;

pub async fn a_new_password_raises_epoch_and_version_and_changes_nothing_else(stores: StoreSet) {
    let ada = added(&stores, a_user().with_mobile("+4915123456789").admin()).await;
    let change = password_change(&ada, "new");
    assert!(stores.users.change_password(&change).await.unwrap());
    let expected = User {
        password_hash: change.new_hash,
        epoch: ada.epoch + 1,
        version: ada.version + 1,
        updated_at: change.at,
        ..ada
    };
    assert_eq!(found(&stores, expected.id).await, Some(expected));
}

pub async fn a_password_is_changed_only_from_the_hash_that_was_verified(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let session = signed_in(&stores, &ada).await;
    for wrong in ["", "plain", "PLAIN$CURRENT$"] {
        let old_hash = PasswordHash::new(wrong);
        let change = PasswordChange { old_hash, ..password_change(&ada, "new") };
        assert!(!stores.users.change_password(&change).await.unwrap(), "{wrong:?}");
    }
    assert_eq!(found(&stores, ada.id).await.as_ref(), Some(&ada));
    assert_eq!(kept(&stores, session.id).await, Some(session));
}

pub async fn hashes_are_told_apart_byte_by_byte(stores: StoreSet) {
    let ada = added(&stores, a_user().with_hash(&PasswordHash::new("$2b$12$AbC"))).await;
    for alike in ["$2b$12$abc", "$2b$12$AbC ", "$2b$12$ÀbC"] {
        let old_hash = PasswordHash::new(alike);
        assert!(!stores.users.rehash(ada.id, &old_hash, &PasswordHash::new("x")).await.unwrap());
        let change = PasswordChange { old_hash, ..password_change(&ada, "new") };
        assert!(!stores.users.change_password(&change).await.unwrap(), "{alike:?}");
    }
}

pub async fn a_spent_password_changes_nothing_a_second_time(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    assert!(stores.users.change_password(&password_change(&ada, "first")).await.unwrap());
    assert!(!stores.users.change_password(&password_change(&ada, "second")).await.unwrap());
    assert_eq!(found(&stores, ada.id).await.unwrap().password_hash, PasswordHash::new("first"));
}

pub async fn the_password_of_nobody_is_not_changed(stores: StoreSet) {
    let nobody = a_user().build();
    assert!(!stores.users.change_password(&password_change(&nobody, "new")).await.unwrap());
    let (old, new) = (&nobody.password_hash, PasswordHash::new("new"));
    assert!(!stores.users.rehash(nobody.id, old, &new).await.unwrap());
}

pub async fn a_new_password_closes_all_sessions_of_that_person(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let grace = added(&stores, a_user()).await;
    let hers = [signed_in(&stores, &ada).await, signed_in(&stores, &ada).await];
    let others = signed_in(&stores, &grace).await;
    assert!(stores.users.change_password(&password_change(&ada, "new")).await.unwrap());
    for session in hers {
        assert_eq!(kept(&stores, session.id).await, None);
    }
    assert_eq!(kept(&stores, others.id).await, Some(others));
}

pub async fn the_kept_session_goes_on_under_the_new_epoch_alone(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let other = signed_in(&stores, &ada).await;
    let mut session = signed_in(&stores, &ada).await;
    let change = PasswordChange { keep: Some(session.id), ..password_change(&ada, "new") };
    assert!(stores.users.change_password(&change).await.unwrap());
    session.epoch = ada.epoch + 1;
    assert_eq!(kept(&stores, session.id).await, Some(session));
    assert_eq!(kept(&stores, other.id).await, None);
}

pub async fn a_session_of_somebody_else_is_not_kept_under_the_new_epoch(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let grace = added(&stores, a_user()).await;
    let hers = signed_in(&stores, &ada).await;
    let others = signed_in(&stores, &grace).await;
    let change = PasswordChange { keep: Some(others.id), ..password_change(&ada, "new") };
    assert!(stores.users.change_password(&change).await.unwrap());
    assert_eq!(kept(&stores, hers.id).await, None);
    assert_eq!(kept(&stores, others.id).await, Some(others));
}

pub async fn a_rehash_changes_the_hash_and_nothing_else(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let session = signed_in(&stores, &ada).await;
    let new = PasswordHash::new("stronger");
    assert!(stores.users.rehash(ada.id, &ada.password_hash, &new).await.unwrap());
    assert_eq!(found(&stores, ada.id).await, Some(User { password_hash: new, ..ada }));
    assert_eq!(kept(&stores, session.id).await, Some(session));
}

pub async fn a_rehash_never_undoes_a_change_of_password(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    assert!(stores.users.change_password(&password_change(&ada, "new")).await.unwrap());
    let stronger = PasswordHash::new("stronger hash of the old password");
    assert!(!stores.users.rehash(ada.id, &ada.password_hash, &stronger).await.unwrap());
    assert_eq!(found(&stores, ada.id).await.unwrap().password_hash, PasswordHash::new("new"));
}
