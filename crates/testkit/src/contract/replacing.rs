//! `UserStore::replace`: compare-and-swap on the version.
#![expect(missing_docs, reason = "the name of a contract is its sentence")]

use domain::post::Sequel;
use domain::problem::Field;
use domain::users::{Gender, PasswordHash, User, UserKey};

use super::StoreSet;
use super::steps::{added, changed, conflict, find, found, kept, signed_in};
use crate::builders::a_user;
use crate::time::moment;

pub async fn everything_but_number_and_password_is_replaced(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let other =
        a_user().named("countess").with_email("c@example.org").with_mobile("+4915123456789");
    let other =
        other.admin().inactive().arrived_at(moment("2025-01-01T00:00:00.5Z")).with(|user| {
            (user.id, user.version) = (ada.id, ada.version + 1);
            (user.number, user.password_hash) = (ada.number + 50, PasswordHash::new("another"));
            (user.gender, user.consent) = (Some(Gender::Other), true);
            (user.facility_id, user.profile_picture) = (Some("7".into()), Some("a.png".into()));
            user.pending_email = ada.email.clone();
            user.email_verified_at = Some(moment("2026-01-01T00:00:00Z"));
        });
    let other = other.build();
    assert!(stores.users.replace(&other, &Sequel::none()).await.unwrap());
    let expected = User { number: ada.number, password_hash: ada.password_hash, ..other };
    assert_eq!(found(&stores, ada.id).await, Some(expected));
}

pub async fn members_can_be_taken_away_again(stores: StoreSet) {
    let ada = added(&stores, a_user().with_mobile("+4915123456789")).await;
    let bare = a_user().bare().with(|user| {
        *user = User {
            id: ada.id,
            number: ada.number,
            password_hash: ada.password_hash.clone(),
            version: ada.version + 1,
            ..user.clone()
        };
    });
    let bare = bare.build();
    assert!(stores.users.replace(&bare, &Sequel::none()).await.unwrap());
    assert_eq!(found(&stores, ada.id).await, Some(bare));
    assert_eq!(find(&stores, &UserKey::Username(ada.username.unwrap())).await, None);
}

pub async fn only_the_version_before_is_replaced(stores: StoreSet) {
    let ada = added(&stores, a_user().with(|user| user.version = 5)).await;
    signed_in(&stores, &ada).await;
    for version in [0, 1, 4, 5, 7, 100] {
        let stale = changed(&ada, |user| {
            (user.version, user.epoch) = (version, 9);
            user.display_name = Some("Stale".into());
        });
        assert!(
            !stores.users.replace(&stale, &Sequel::none()).await.unwrap(),
            "version {version} after 5"
        );
        assert_eq!(found(&stores, ada.id).await.as_ref(), Some(&ada));
    }
    assert_eq!(
        stores.sessions.close_all(ada.id, None, &Sequel::none()).await.unwrap(),
        1,
        "its session stayed"
    );
    assert!(stores.users.replace(&changed(&ada, |_| ()), &Sequel::none()).await.unwrap());
}

pub async fn nobody_is_made_by_a_replacement(stores: StoreSet) {
    let nobody = a_user().with(|user| user.version = 2).build();
    assert!(!stores.users.replace(&nobody, &Sequel::none()).await.unwrap());
    assert_eq!(found(&stores, nobody.id).await, None);
}

pub async fn a_person_keeps_its_own_identifiers_without_conflict(stores: StoreSet) {
    let ada = added(&stores, a_user().named("ada").with_mobile("+4915123456789")).await;
    let respelt = a_user().named("ADA").build().username;
    let next = changed(&ada, |user| user.username = respelt);
    assert!(stores.users.replace(&next, &Sequel::none()).await.unwrap());
    assert_eq!(found(&stores, ada.id).await, Some(next));
}

pub async fn an_identifier_given_up_is_free_for_others(stores: StoreSet) {
    let ada = added(&stores, a_user().named("ada").with_email("ada@example.org")).await;
    let next = changed(&ada, |user| (user.username, user.email) = (None, None));
    assert!(stores.users.replace(&next, &Sequel::none()).await.unwrap());
    let heir = added(&stores, a_user().named("ada").with_email("ada@example.org")).await;
    assert_eq!(find(&stores, &UserKey::Username(ada.username.unwrap())).await, Some(heir));
}

pub async fn a_replacement_that_takes_an_identifier_is_refused_and_nothing_changes(
    stores: StoreSet,
) {
    let holder = added(&stores, a_user().with_mobile("+4915123456789")).await;
    let ada = added(&stores, a_user().with_mobile("+4915198765432")).await;
    let session = signed_in(&stores, &ada).await;
    let takes = |field: Field, take: fn(&mut User, &User)| {
        let next = changed(&ada, |user| {
            take(user, &holder);
            user.display_name = Some("Half".into());
            user.epoch += 1;
        });
        (field, next)
    };
    for (field, next) in [
        takes(Field::Username, |user, holder| user.username = holder.username.clone()),
        takes(Field::Email, |user, holder| user.email = holder.email.clone()),
        takes(Field::Mobile, |user, holder| user.mobile = holder.mobile.clone()),
    ] {
        assert_eq!(conflict(stores.users.replace(&next, &Sequel::none()).await), field);
        assert_eq!(found(&stores, ada.id).await.as_ref(), Some(&ada), "{field}");
        assert_eq!(found(&stores, holder.id).await.as_ref(), Some(&holder), "{field}");
        assert_eq!(kept(&stores, session.id).await.as_ref(), Some(&session), "{field}");
    }
    assert!(
        stores.users.replace(&changed(&ada, |_| ()), &Sequel::none()).await.unwrap(),
        "the store goes on"
    );
}

pub async fn a_replacement_in_the_same_epoch_leaves_sessions_open(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let session = signed_in(&stores, &ada).await;
    assert!(
        stores
            .users
            .replace(&changed(&ada, |user| user.consent = true), &Sequel::none())
            .await
            .unwrap()
    );
    assert_eq!(kept(&stores, session.id).await, Some(session));
}

pub async fn a_replacement_of_another_epoch_removes_the_sessions_of_that_person_only(
    stores: StoreSet,
) {
    let ada = added(&stores, a_user()).await;
    let grace = added(&stores, a_user()).await;
    let hers = [signed_in(&stores, &ada).await, signed_in(&stores, &ada).await];
    let others = signed_in(&stores, &grace).await;
    assert!(
        stores
            .users
            .replace(&changed(&ada, |user| user.epoch += 1), &Sequel::none())
            .await
            .unwrap()
    );
    for session in hers {
        assert_eq!(kept(&stores, session.id).await, None);
    }
    assert_eq!(kept(&stores, others.id).await, Some(others));
}
