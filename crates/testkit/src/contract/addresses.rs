//! `CodeStore::redeem`, where it shows that an address is somebody's own.
#![expect(missing_docs, reason = "the name of a contract is its sentence")]

use domain::post::{Code, CodePurpose, Recipient, Redemption, Sequel};
use domain::problem::Field;
use domain::sessions::SessionId;
use domain::users::{Email, Mobile, MobileRules, PasswordHash, Status, User};

use super::StoreSet;
use super::steps::{added, at_once, conflict, found, kept, signed_in};
use crate::builders::{a_code, a_dispatch, a_user, one_code, one_letter};
use crate::time::{moment, noon};

fn email(text: &str) -> Email {
    Email::parse(text).unwrap()
}

fn mobile(text: &str) -> Mobile {
    Mobile::parse(text, &MobileRules { strict: true, default_region: None }).unwrap()
}

async fn issued(stores: &StoreSet, user: &User, purpose: CodePurpose) -> Code {
    let code = Code { purpose, ..a_code(Some(user.id)) };
    assert!(stores.codes.issue(&one_code(&code)).await.unwrap());
    code
}

/// A proof at one o'clock.
fn proof(code: &Code, user: &User, address: Recipient, keep: Option<SessionId>) -> Redemption {
    Redemption::Address {
        code: code.id,
        purpose: code.purpose,
        user_id: user.id,
        address,
        activates: false,
        keep,
        at: moment("2026-11-20T13:00:00Z"),
        sequel: Sequel::none(),
    }
}

/// One change later, at one o'clock.
fn changed(user: &User) -> User {
    let updated_at = moment("2026-11-20T13:00:00Z");
    User { version: user.version + 1, updated_at, ..user.clone() }
}

pub async fn an_address_that_waits_takes_its_place_and_ends_no_session(stores: StoreSet) {
    let before = a_user().with_email("old@example.org").with_mobile("+493012345");
    let before = before.with(|user| {
        user.email_verified_at = Some(noon());
        user.pending_email = Some(email("New@example.org"));
        user.pending_mobile = Some(mobile("+493054321"));
    });
    let before = added(&stores, before).await;
    let session = signed_in(&stores, &before).await;
    let code = issued(&stores, &before, CodePurpose::EmailLink).await;
    let to = Recipient::Mail(email("new@example.org"));
    assert!(stores.codes.redeem(&proof(&code, &before, to.clone(), None)).await.unwrap());
    let at = Some(moment("2026-11-20T13:00:00Z"));
    let moved = found(&stores, before.id).await.unwrap();
    let expected = User {
        email: moved.email.clone(),
        email_verified_at: at,
        pending_email: None,
        ..changed(&before)
    };
    assert_eq!(moved.email.as_ref().map(Email::key), Some("new@example.org"));
    assert_eq!(moved, expected);
    assert_eq!(kept(&stores, session.id).await, Some(session));
    assert!(!stores.codes.redeem(&proof(&code, &before, to, None)).await.unwrap(), "only once");

    let code = issued(&stores, &before, CodePurpose::MobileCode).await;
    let to = Recipient::Sms(mobile("+493054321"));
    assert!(stores.codes.redeem(&proof(&code, &before, to, None)).await.unwrap());
    let expected = User {
        mobile: before.pending_mobile.clone(),
        mobile_verified_at: at,
        pending_mobile: None,
        ..changed(&moved)
    };
    assert_eq!(found(&stores, before.id).await, Some(expected));
}

pub async fn an_address_had_without_proof_ends_all_sessions_but_one(stores: StoreSet) {
    let ada = added(&stores, a_user().with_email("ada@example.org")).await;
    let (kept_one, other) = (signed_in(&stores, &ada).await, signed_in(&stores, &ada).await);
    let code = issued(&stores, &ada, CodePurpose::EmailCode).await;
    let to = Recipient::Mail(email("ada@example.org"));
    assert!(stores.codes.redeem(&proof(&code, &ada, to, Some(kept_one.id))).await.unwrap());
    let at = Some(moment("2026-11-20T13:00:00Z"));
    let expected = User { email_verified_at: at, epoch: ada.epoch + 1, ..changed(&ada) };
    assert_eq!(found(&stores, ada.id).await, Some(expected));
    assert_eq!(kept(&stores, other.id).await, None);
    let goes_on = kept(&stores, kept_one.id).await.unwrap();
    assert_eq!(goes_on.epoch, ada.epoch + 1);
}

pub async fn an_address_that_is_not_the_persons_any_more_changes_nothing(stores: StoreSet) {
    let ada = a_user().with_email("ada@example.org").with_mobile("+493012345");
    let ada = ada.with(|user| user.email_verified_at = Some(noon()));
    let ada = added(&stores, ada).await;
    let session = signed_in(&stores, &ada).await;
    let others = [
        (CodePurpose::EmailLink, Recipient::Mail(email("other@example.org"))),
        // It is verified already.
        (CodePurpose::EmailLink, Recipient::Mail(email("ada@example.org"))),
        (CodePurpose::MobileLink, Recipient::Sms(mobile("+493054321"))),
    ];
    for (purpose, address) in others {
        let code = issued(&stores, &ada, purpose).await;
        let redeemed = stores.codes.redeem(&proof(&code, &ada, address.clone(), None)).await;
        assert!(!redeemed.unwrap(), "{address:?}");
        assert_eq!(found(&stores, ada.id).await.as_ref(), Some(&ada), "{address:?}");
    }
    assert_eq!(kept(&stores, session.id).await, Some(session));
}

pub async fn an_address_that_somebody_else_has_is_a_conflict_and_spends_nothing(stores: StoreSet) {
    let eve = added(&stores, a_user().with_email("taken@example.org")).await;
    let ada = a_user().with(|user| user.pending_email = Some(email("taken@example.org")));
    let ada = added(&stores, ada).await;
    let code = issued(&stores, &ada, CodePurpose::EmailLink).await;
    let redemption = proof(&code, &ada, Recipient::Mail(email("taken@example.org")), None);
    assert_eq!(conflict(stores.codes.redeem(&redemption).await), Field::Email);
    assert_eq!(found(&stores, ada.id).await.as_ref(), Some(&ada));
    assert!(stores.users.delete(eve.id, None, &Sequel::none()).await.unwrap());
    assert!(stores.codes.redeem(&redemption).await.unwrap());
}

pub async fn a_proof_activates_the_inactive_where_it_is_to(stores: StoreSet) {
    for (status, becomes) in [
        (Status::Inactive, Status::Active),
        (Status::Active, Status::Active),
        (Status::Locked, Status::Locked),
    ] {
        let user = a_user().with(|user| user.status = status);
        let address = format!("{}@example.org", status.name());
        let user = added(&stores, user.with_email(&address)).await;
        let code = issued(&stores, &user, CodePurpose::EmailLink).await;
        let letter = a_dispatch();
        let redemption = Redemption::Address {
            code: code.id,
            purpose: code.purpose,
            user_id: user.id,
            address: Recipient::Mail(email(&address)),
            activates: true,
            keep: None,
            at: noon(),
            sequel: one_letter(&letter),
        };
        assert!(stores.codes.redeem(&redemption).await.unwrap(), "{status:?}");
        assert_eq!(found(&stores, user.id).await.unwrap().status, becomes);
        let letters = super::letters::taken_up(&stores, 10).await;
        assert!(letters.iter().any(|kept| kept.id == letter.id), "what follows is kept");
    }
}

pub async fn a_proof_is_for_its_purpose_and_its_person_only(stores: StoreSet) {
    let ada = added(&stores, a_user().with_email("ada@example.org")).await;
    let eve = added(&stores, a_user().with_email("eve@example.org")).await;
    let code = issued(&stores, &ada, CodePurpose::EmailLink).await;
    let to = |text: &str| Recipient::Mail(email(text));
    let stolen = proof(&code, &eve, to("eve@example.org"), None);
    assert!(!stores.codes.redeem(&stolen).await.unwrap());
    let other = Code { purpose: CodePurpose::EmailCode, ..code.clone() };
    assert!(!stores.codes.redeem(&proof(&other, &ada, to("ada@example.org"), None)).await.unwrap());
    assert!(stores.codes.redeem(&proof(&code, &ada, to("ada@example.org"), None)).await.unwrap());
}

pub async fn of_16_uses_of_one_link_one_is_told_true(stores: StoreSet) {
    let ada = added(&stores, a_user().with_email("ada@example.org")).await;
    let code = issued(&stores, &ada, CodePurpose::EmailLink).await;
    let to = Recipient::Mail(email("ada@example.org"));
    let redemption = proof(&code, &ada, to, None);
    let uses = (0..16).map(|_| {
        let (stores, redemption) = (stores.clone(), redemption.clone());
        async move { stores.codes.redeem(&redemption).await.unwrap() }
    });
    assert_eq!(at_once(uses).await.iter().filter(|told| **told).count(), 1);
    assert_eq!(found(&stores, ada.id).await.unwrap().version, ada.version + 1);
}

pub async fn a_password_by_a_link_verifies_where_it_went_and_activates(stores: StoreSet) {
    let ada = added(&stores, a_user().with_email("ada@example.org").inactive()).await;
    let code = issued(&stores, &ada, CodePurpose::ResetLink).await;
    let at = moment("2026-11-20T13:00:00Z");
    let redemption = Redemption::Password {
        code: code.id,
        purpose: CodePurpose::ResetLink,
        user_id: ada.id,
        new_hash: PasswordHash::new("new"),
        address: Recipient::Mail(email("ada@example.org")),
        activates: true,
        at,
        sequel: Sequel::none(),
    };
    assert!(stores.codes.redeem(&redemption).await.unwrap());
    let expected = User {
        password_hash: PasswordHash::new("new"),
        email_verified_at: Some(at),
        status: Status::Active,
        epoch: ada.epoch + 1,
        ..changed(&ada)
    };
    assert_eq!(found(&stores, ada.id).await, Some(expected));
}

pub async fn another_password_closes_the_ways_back_of_who_knew_the_one_before(stores: StoreSet) {
    for (number, (by_mail, proof_left)) in
        [(true, None), (false, Some(noon()))].into_iter().enumerate()
    {
        let before = a_user()
            .with_email(&format!("ada{number}@example.org"))
            .with_mobile(&format!("+49301234{number}"))
            .with(|user| {
                user.mobile_verified_at = Some(noon());
                user.pending_email = Some(email("eve@example.org"));
                user.pending_mobile = Some(mobile("+493054321"));
            });
        let before = added(&stores, before).await;
        let code = issued(&stores, &before, CodePurpose::PasswordReset).await;
        let address = match by_mail {
            true => Recipient::Mail(before.email.clone().unwrap()),
            false => Recipient::Sms(before.mobile.clone().unwrap()),
        };
        let mut redemption = super::codes::password_by(&code, &before, "new");
        if let Redemption::Password { address: to, .. } = &mut redemption {
            *to = address;
        }
        assert!(stores.codes.redeem(&redemption).await.unwrap());
        let after = found(&stores, before.id).await.unwrap();
        assert_eq!((&after.pending_email, &after.pending_mobile), (&None, &None));
        assert_eq!((&after.email, &after.mobile), (&before.email, &before.mobile));
        assert_eq!(after.mobile_verified_at, proof_left);
        assert_eq!(after.email_verified_at.is_some(), by_mail);
    }
}
