//! `UserStore::set_status`, `UserStore::delete` and `UserStore::has_admin`.
#![expect(missing_docs, reason = "the name of a contract is its sentence")]

use domain::post::Sequel;
use domain::users::{Status, User, UserKey};

use super::StoreSet;
use super::steps::{added, changed, find, found, kept, signed_in};
use crate::builders::a_user;
use crate::time::moment;

pub async fn who_stops_being_active_loses_all_sessions_and_gets_another_epoch(stores: StoreSet) {
    let at = moment("2026-11-20T13:00:00.000007Z");
    let bystander = added(&stores, a_user()).await;
    let untouched = signed_in(&stores, &bystander).await;
    for status in [Status::Locked, Status::Inactive] {
        let ada = added(&stores, a_user()).await;
        let sessions = [signed_in(&stores, &ada).await, signed_in(&stores, &ada).await];
        assert!(stores.users.set_status(ada.id, status, at, &Sequel::none()).await.unwrap());
        let (epoch, version) = (ada.epoch + 1, ada.version + 1);
        let expected = User { status, epoch, version, updated_at: at, ..ada };
        assert_eq!(found(&stores, expected.id).await, Some(expected));
        for session in sessions {
            assert_eq!(kept(&stores, session.id).await, None, "{status:?}");
        }
    }
    assert_eq!(found(&stores, bystander.id).await, Some(bystander));
    assert_eq!(kept(&stores, untouched.id).await, Some(untouched));
}

pub async fn who_becomes_active_keeps_sessions_and_epoch(stores: StoreSet) {
    let at = moment("2026-11-20T13:00:00Z");
    for before in [a_user(), a_user().inactive(), a_user().locked()] {
        let ada = added(&stores, before).await;
        let session = signed_in(&stores, &ada).await;
        assert!(
            stores.users.set_status(ada.id, Status::Active, at, &Sequel::none()).await.unwrap()
        );
        let version = ada.version + 1;
        let expected = User { status: Status::Active, version, updated_at: at, ..ada };
        assert_eq!(found(&stores, expected.id).await, Some(expected));
        assert_eq!(kept(&stores, session.id).await, Some(session));
    }
}

pub async fn a_status_is_set_whatever_the_version_and_raises_it_each_time(stores: StoreSet) {
    let ada = added(&stores, a_user().with(|user| user.version = 41)).await;
    for (turn, status) in
        (1..).zip([Status::Locked, Status::Locked, Status::Active, Status::Active])
    {
        assert!(
            stores.users.set_status(ada.id, status, ada.updated_at, &Sequel::none()).await.unwrap()
        );
        let present = found(&stores, ada.id).await.unwrap();
        assert_eq!((present.version, present.status), (41 + turn, status));
    }
    assert!(
        !stores.users.replace(&changed(&ada, |_| ()), &Sequel::none()).await.unwrap(),
        "the old version is over"
    );
}

pub async fn nobody_gets_no_status(stores: StoreSet) {
    let nobody = a_user().build();
    let set = stores
        .users
        .set_status(nobody.id, Status::Locked, nobody.created_at, &Sequel::none())
        .await;
    assert!(!set.unwrap());
}

pub async fn who_is_deleted_is_found_by_no_key_and_leaves_the_identifiers_free(stores: StoreSet) {
    let person = || a_user().named("ada").with_email("a@example.org").with_mobile("+4915123456789");
    let ada = added(&stores, person()).await;
    assert!(stores.users.delete(ada.id, None, &Sequel::none()).await.unwrap());
    let keys = [
        UserKey::Id(ada.id),
        UserKey::Number(ada.number),
        UserKey::Username(ada.username.unwrap()),
        UserKey::Email(ada.email.unwrap()),
        UserKey::Mobile(ada.mobile.unwrap()),
    ];
    for key in keys {
        assert_eq!(find(&stores, &key).await, None, "{key:?}");
    }
    added(&stores, person()).await;
}

pub async fn a_deletion_takes_all_sessions_of_that_person_only(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let grace = added(&stores, a_user()).await;
    let hers = [signed_in(&stores, &ada).await, signed_in(&stores, &ada).await];
    let others = signed_in(&stores, &grace).await;
    assert!(stores.users.delete(ada.id, Some(ada.version), &Sequel::none()).await.unwrap());
    for session in hers {
        assert_eq!(kept(&stores, session.id).await, None);
    }
    assert_eq!(
        stores.sessions.close_all(ada.id, None, &Sequel::none()).await.unwrap(),
        0,
        "no row is left over"
    );
    assert_eq!(kept(&stores, others.id).await, Some(others));
    assert_eq!(found(&stores, grace.id).await, Some(grace));
}

pub async fn a_deletion_of_another_version_does_nothing(stores: StoreSet) {
    let ada = added(&stores, a_user().with(|user| user.version = 5)).await;
    let session = signed_in(&stores, &ada).await;
    for version in [4, 6, 0] {
        assert!(!stores.users.delete(ada.id, Some(version), &Sequel::none()).await.unwrap());
    }
    assert_eq!(found(&stores, ada.id).await.as_ref(), Some(&ada));
    assert_eq!(kept(&stores, session.id).await, Some(session));
}

pub async fn who_is_gone_cannot_be_deleted_again(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    assert!(stores.users.delete(ada.id, Some(ada.version), &Sequel::none()).await.unwrap());
    assert!(!stores.users.delete(ada.id, Some(ada.version), &Sequel::none()).await.unwrap());
    assert!(!stores.users.delete(ada.id, None, &Sequel::none()).await.unwrap());
}

pub async fn only_an_active_administrator_counts_as_one(stores: StoreSet) {
    let has_admin = async || stores.users.has_admin().await.unwrap();
    assert!(!has_admin().await, "nobody at all");
    added(&stores, a_user()).await;
    added(&stores, a_user().admin().inactive()).await;
    added(&stores, a_user().admin().locked()).await;
    assert!(!has_admin().await, "no active one");
    let admin = added(&stores, a_user().admin()).await;
    assert!(has_admin().await);
    assert!(
        stores
            .users
            .set_status(admin.id, Status::Locked, admin.created_at, &Sequel::none())
            .await
            .unwrap()
    );
    assert!(!has_admin().await, "locked");
    assert!(
        stores
            .users
            .set_status(admin.id, Status::Active, admin.created_at, &Sequel::none())
            .await
            .unwrap()
    );
    assert!(has_admin().await, "active again");
    assert!(stores.users.delete(admin.id, None, &Sequel::none()).await.unwrap());
    assert!(!has_admin().await, "deleted");
}
