//! `UserStore::add` and `UserStore::find`.
#![expect(missing_docs, reason = "the name of a contract is its sentence")]

use domain::post::Sequel;
use domain::problem::Field;
use domain::users::{Gender, Role, Roles, Status, User, UserKey};

use super::StoreSet;
use super::steps::{added, changed, conflict, find, found};
use crate::builders::{UserBuilder, a_user};
use crate::time::moment;

/// A person with a value in every member.
fn a_complete_person() -> UserBuilder {
    let pending =
        a_user().named("ada2").with_email("ada2@example.org").with_mobile("+4915123456780");
    let pending = pending.build();
    a_user().named("Ada").with_email("Ada@Example.org").with_mobile("+49 151 23456789").with(
        |user| {
            user.email_verified_at = Some(moment("2026-11-01T08:00:00.000001Z"));
            user.pending_email = pending.email;
            user.mobile_verified_at = Some(moment("2026-11-02T08:00:00.999999Z"));
            user.pending_mobile = pending.mobile;
            user.gender = Some(Gender::Female);
            user.facility_id = Some("ward 7".into());
            user.profile_picture = Some("https://example.org/ada.png".into());
            user.avatar = Some("0123456789abcdef0123456789abcdef.webp".into());
            user.consent = true;
            user.status = Status::Inactive;
            user.roles = Roles::new([Role::Admin]);
            (user.epoch, user.version) = (7, 11);
            user.updated_at = moment("2026-11-20T12:34:56.789012Z");
        },
    )
}

pub async fn a_person_is_found_by_every_key_it_has(stores: StoreSet) {
    added(&stores, a_user()).await;
    let ada = added(&stores, a_user().named("ada").with_mobile("+4915123456789")).await;
    let keys = [
        UserKey::Id(ada.id),
        UserKey::Number(ada.number),
        UserKey::Username(ada.username.clone().unwrap()),
        UserKey::Email(ada.email.clone().unwrap()),
        UserKey::Mobile(ada.mobile.clone().unwrap()),
    ];
    for key in keys {
        assert_eq!(find(&stores, &key).await.as_ref(), Some(&ada), "{key:?}");
    }
}

pub async fn a_key_that_nobody_has_finds_nobody(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let nobody = a_user().with_mobile("+4915100000000").build();
    let keys = [
        UserKey::Id(nobody.id),
        UserKey::Number(ada.number + 1),
        UserKey::Number(0),
        UserKey::Number(-1),
        UserKey::Username(nobody.username.unwrap()),
        UserKey::Email(nobody.email.unwrap()),
        UserKey::Mobile(nobody.mobile.unwrap()),
    ];
    for key in keys {
        assert_eq!(find(&stores, &key).await, None, "{key:?}");
    }
}

pub async fn every_member_comes_back_as_it_was_given(stores: StoreSet) {
    let ada = added(&stores, a_complete_person()).await;
    assert_eq!(found(&stores, ada.id).await, Some(ada));
}

pub async fn absent_members_stay_absent(stores: StoreSet) {
    let nobody = added(&stores, a_user().bare()).await;
    assert_eq!(found(&stores, nobody.id).await, Some(nobody));
}

pub async fn every_status_gender_and_role_comes_back(stores: StoreSet) {
    for status in [Status::Active, Status::Inactive, Status::Locked] {
        let user = added(&stores, a_user().with(|user| user.status = status)).await;
        assert_eq!(found(&stores, user.id).await.unwrap().status, status);
    }
    for gender in [Gender::Female, Gender::Male, Gender::Other] {
        let user = added(&stores, a_user().with(|user| user.gender = Some(gender))).await;
        assert_eq!(found(&stores, user.id).await.unwrap().gender, Some(gender));
    }
    for roles in [Roles::default(), Roles::new([Role::Admin])] {
        let user = added(&stores, a_user().with(|user| user.roles = roles.clone())).await;
        assert_eq!(found(&stores, user.id).await.unwrap().roles, roles);
    }
}

pub async fn any_number_of_people_may_lack_identifiers(stores: StoreSet) {
    for _ in 0..3 {
        let user = added(&stores, a_user().bare()).await;
        assert_eq!(found(&stores, user.id).await, Some(user));
    }
}

pub async fn the_number_of_the_person_to_add_is_not_looked_at(stores: StoreSet) {
    let first = added(&stores, a_user().with(|user| user.number = 7)).await;
    let second = added(&stores, a_user().with(|user| user.number = 7)).await;
    assert!(second.number > first.number);
    assert_eq!(find(&stores, &UserKey::Number(second.number)).await, Some(second));
}

pub async fn numbers_grow_and_are_not_used_again_when_the_newest_person_goes(stores: StoreSet) {
    let mut last = 0;
    for _ in 0..4 {
        let user = added(&stores, a_user()).await;
        assert!(user.number > last, "{} after {last}", user.number);
        assert!(stores.users.delete(user.id, None, &Sequel::none()).await.unwrap());
        last = user.number;
    }
}

pub async fn a_taken_username_is_named(stores: StoreSet) {
    added(&stores, a_user().named("ada")).await;
    let second = a_user().named("Ada").build();
    assert_eq!(conflict(stores.users.add(&second, &Sequel::none()).await), Field::Username);
}

pub async fn a_taken_email_address_is_named(stores: StoreSet) {
    added(&stores, a_user().with_email("ada@example.org")).await;
    let second = a_user().with_email("ADA@Example.org").build();
    assert_eq!(conflict(stores.users.add(&second, &Sequel::none()).await), Field::Email);
}

pub async fn a_taken_mobile_number_is_named(stores: StoreSet) {
    added(&stores, a_user().with_mobile("+4915123456789")).await;
    let second = a_user().with_mobile("+49 (151) 234-56789").build();
    assert_eq!(conflict(stores.users.add(&second, &Sequel::none()).await), Field::Mobile);
}

pub async fn nothing_is_kept_of_a_person_who_was_refused(stores: StoreSet) {
    let ada = added(&stores, a_user().with_mobile("+4915123456789")).await;
    let refused = a_user().with_mobile("+4915123456789").build();
    conflict(stores.users.add(&refused, &Sequel::none()).await);
    assert_eq!(found(&stores, refused.id).await, None);
    assert_eq!(find(&stores, &UserKey::Username(refused.username.clone().unwrap())).await, None);
    assert_eq!(find(&stores, &UserKey::Email(refused.email.clone().unwrap())).await, None);
    assert_eq!(found(&stores, ada.id).await, Some(ada));
    assert_eq!(stores.users.count(&Default::default()).await.unwrap(), 1);
    let accepted = User { mobile: None, ..refused };
    stores.users.add(&accepted, &Sequel::none()).await.unwrap();
}

pub async fn a_pending_identifier_finds_nobody_and_takes_nothing_from_anybody(stores: StoreSet) {
    let wanted = a_user().with_email("new@example.org").with_mobile("+4915123456789").build();
    let waiting = || {
        let (email, mobile) = (wanted.email.clone(), wanted.mobile.clone());
        a_user().with(|user| (user.pending_email, user.pending_mobile) = (email, mobile))
    };
    let one = added(&stores, waiting()).await;
    let other = added(&stores, waiting()).await;
    assert_eq!(find(&stores, &UserKey::Email(wanted.email.clone().unwrap())).await, None);
    assert_eq!(find(&stores, &UserKey::Mobile(wanted.mobile.clone().unwrap())).await, None);
    let verified = changed(&one, |user| (user.email, user.mobile) = (wanted.email, wanted.mobile));
    assert!(stores.users.replace(&verified, &Sequel::none()).await.unwrap());
    assert_eq!(found(&stores, other.id).await, Some(other));
}
