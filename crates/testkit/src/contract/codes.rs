//! `CodeStore`.
#![expect(missing_docs, reason = "the name of a contract is its sentence")]

use std::time::Duration;

use domain::post::{Code, CodePurpose, Recipient, Redemption, Sequel};
use domain::users::{Email, PasswordHash, Status, User};

use super::StoreSet;
use super::steps::{added, at_once, found, kept, signed_in};
use crate::builders::{a_code, a_dispatch, a_user, one_code, one_letter};
use crate::time::{moment, noon};

/// Keeps the code and gives it back.
async fn issued(stores: &StoreSet, code: Code) -> Code {
    assert!(stores.codes.issue(&one_code(&code)).await.unwrap(), "its person exists");
    code
}

async fn attempted(stores: &StoreSet, code: &Code) -> Option<Code> {
    stores.codes.attempt(&code.handle_hash, code.purpose, noon()).await.unwrap()
}

/// An address that nobody has.
fn elsewhere() -> Recipient {
    Recipient::Mail(Email::parse("elsewhere@example.org").unwrap())
}

/// Another password, an hour after noon.
pub(super) fn password_by(code: &Code, user: &User, new_hash: &str) -> Redemption {
    Redemption::Password {
        code: code.id,
        purpose: CodePurpose::PasswordReset,
        user_id: user.id,
        new_hash: PasswordHash::new(new_hash),
        address: elsewhere(),
        activates: false,
        at: moment("2026-11-20T13:00:00Z"),
        sequel: Sequel::none(),
    }
}

pub async fn a_code_is_found_by_its_handle_and_comes_back_whole(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    issued(&stores, a_code(Some(ada.id))).await;
    let mut code = a_code(Some(ada.id));
    (code.purpose, code.tries_left) = (CodePurpose::Activation, 3);
    code.created_at = moment("2026-11-20T12:34:56.789012Z");
    let code = issued(&stores, code).await;
    assert_eq!(stores.codes.find(&code.handle_hash).await.unwrap(), Some(code));
    let other = a_code(None);
    assert_eq!(stores.codes.find(&other.handle_hash).await.unwrap(), None);
}

pub async fn a_code_takes_the_place_of_the_one_under_its_handle(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let first = issued(&stores, a_code(Some(ada.id))).await;
    let second = Code { handle_hash: first.handle_hash, ..a_code(Some(ada.id)) };
    let second = issued(&stores, second).await;
    assert_eq!(stores.codes.find(&first.handle_hash).await.unwrap(), Some(second));
    assert!(!stores.codes.redeem(&password_by(&first, &ada, "new")).await.unwrap());
}

pub async fn of_16_codes_under_one_handle_at_once_one_is_left_and_none_fails(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let first = a_code(Some(ada.id));
    let codes: Vec<Code> =
        (0..16).map(|_| Code { handle_hash: first.handle_hash, ..a_code(Some(ada.id)) }).collect();
    let issuing = |code: Code| {
        let stores = stores.clone();
        async move { stores.codes.issue(&one_code(&code)).await }
    };
    for outcome in at_once(codes.clone().into_iter().map(issuing)).await {
        assert!(outcome.unwrap());
    }
    let left = stores.codes.find(&first.handle_hash).await.unwrap().unwrap();
    assert!(codes.contains(&left));
}

pub async fn a_code_of_somebody_who_is_gone_is_not_kept_nor_is_its_letter(stores: StoreSet) {
    let nobody = a_user().build();
    let code = a_code(Some(nobody.id));
    let sequel =
        Sequel { codes: vec![code.clone()], dispatches: vec![a_dispatch()], ..Sequel::none() };
    assert!(!stores.codes.issue(&sequel).await.unwrap());
    assert_eq!(stores.codes.find(&code.handle_hash).await.unwrap(), None);
    assert!(super::letters::taken_up(&stores, 10).await.is_empty());
}

pub async fn a_code_of_nobody_is_kept_and_can_be_tried(stores: StoreSet) {
    let code = issued(&stores, a_code(None)).await;
    assert_eq!(attempted(&stores, &code).await, Some(Code { tries_left: 4, ..code }));
}

pub async fn a_try_is_taken_off_each_time_until_none_is_left(stores: StoreSet) {
    let code = issued(&stores, a_code(None)).await;
    for left in (0..5).rev() {
        assert_eq!(attempted(&stores, &code).await.map(|code| code.tries_left), Some(left));
    }
    assert_eq!(attempted(&stores, &code).await, None);
    assert_eq!(stores.codes.find(&code.handle_hash).await.unwrap().unwrap().tries_left, 0);
}

pub async fn a_code_cannot_be_tried_for_another_purpose(stores: StoreSet) {
    let code = issued(&stores, a_code(None)).await;
    let other = CodePurpose::Activation;
    assert_eq!(stores.codes.attempt(&code.handle_hash, other, noon()).await.unwrap(), None);
    assert_eq!(attempted(&stores, &code).await.unwrap().tries_left, 4);
}

pub async fn a_code_counts_until_its_very_end_and_no_longer(stores: StoreSet) {
    let code = issued(&stores, a_code(None)).await;
    let at = |at| stores.codes.attempt(&code.handle_hash, code.purpose, at);
    assert_eq!(at(code.expires_at).await.unwrap(), None);
    assert!(at(code.expires_at.minus(Duration::from_micros(1))).await.unwrap().is_some());
}

pub async fn a_redeemed_code_sets_the_password_and_ends_all_sessions(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let eve = added(&stores, a_user()).await;
    let (session, others) = (signed_in(&stores, &ada).await, signed_in(&stores, &eve).await);
    let code = issued(&stores, a_code(Some(ada.id))).await;
    assert!(stores.codes.redeem(&password_by(&code, &ada, "new")).await.unwrap());
    let expected = User {
        password_hash: PasswordHash::new("new"),
        epoch: ada.epoch + 1,
        version: ada.version + 1,
        updated_at: moment("2026-11-20T13:00:00Z"),
        ..ada.clone()
    };
    assert_eq!(found(&stores, ada.id).await, Some(expected));
    assert_eq!(kept(&stores, session.id).await, None);
    assert_eq!(kept(&stores, others.id).await, Some(others));
}

pub async fn a_redeemed_code_keeps_what_follows(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let code = issued(&stores, a_code(Some(ada.id))).await;
    let letter = a_dispatch();
    let redemption = Redemption::Password {
        code: code.id,
        purpose: CodePurpose::PasswordReset,
        user_id: ada.id,
        new_hash: PasswordHash::new("new"),
        address: elsewhere(),
        activates: false,
        at: noon(),
        sequel: one_letter(&letter),
    };
    assert!(stores.codes.redeem(&redemption).await.unwrap());
    assert!(!stores.codes.redeem(&redemption).await.unwrap());
    let letters = super::letters::taken_up(&stores, 10).await;
    assert_eq!(letters.iter().map(|letter| letter.id).collect::<Vec<_>>(), [letter.id]);
}

pub async fn a_code_is_redeemed_once_and_by_its_person_only(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let eve = added(&stores, a_user()).await;
    let code = issued(&stores, a_code(Some(ada.id))).await;
    assert!(!stores.codes.redeem(&password_by(&code, &eve, "stolen")).await.unwrap());
    assert!(stores.codes.redeem(&password_by(&code, &ada, "new")).await.unwrap());
    assert!(!stores.codes.redeem(&password_by(&code, &ada, "newer")).await.unwrap());
    assert_eq!(found(&stores, eve.id).await, Some(eve));
    assert_eq!(found(&stores, ada.id).await.unwrap().password_hash, PasswordHash::new("new"));
}

pub async fn a_redeemed_code_takes_the_persons_other_codes_along(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let eve = added(&stores, a_user()).await;
    let first = issued(&stores, a_code(Some(ada.id))).await;
    let second = issued(&stores, a_code(Some(ada.id))).await;
    let of_eve = issued(&stores, a_code(Some(eve.id))).await;
    assert!(stores.codes.redeem(&password_by(&first, &ada, "new")).await.unwrap());
    assert_eq!(stores.codes.find(&second.handle_hash).await.unwrap(), None);
    assert_eq!(stores.codes.find(&of_eve.handle_hash).await.unwrap(), Some(of_eve));
}

pub async fn a_code_for_a_password_activates_nobody_and_the_other_way_round(stores: StoreSet) {
    let ada = added(&stores, a_user().inactive()).await;
    let code = issued(&stores, a_code(Some(ada.id))).await;
    let activation = Redemption::Activation {
        code: code.id,
        user_id: ada.id,
        at: noon(),
        sequel: Sequel::none(),
    };
    assert!(!stores.codes.redeem(&activation).await.unwrap());
    let other = Code { purpose: CodePurpose::Activation, ..a_code(Some(ada.id)) };
    let other = issued(&stores, other).await;
    assert!(!stores.codes.redeem(&password_by(&other, &ada, "new")).await.unwrap());
    assert_eq!(found(&stores, ada.id).await, Some(ada));
}

pub async fn an_activation_makes_the_inactive_active_and_verifies_the_number(stores: StoreSet) {
    let at = moment("2026-11-20T12:01:00Z");
    for status in [Status::Inactive, Status::Active, Status::Locked] {
        let user = added(&stores, a_user().with(|user| user.status = status)).await;
        let code = Code { purpose: CodePurpose::Activation, ..a_code(Some(user.id)) };
        let code = issued(&stores, code).await;
        let activation =
            Redemption::Activation { code: code.id, user_id: user.id, at, sequel: Sequel::none() };
        let waits = status == Status::Inactive;
        assert_eq!(stores.codes.redeem(&activation).await.unwrap(), waits, "{status:?}");
        let version = user.version + 1;
        let activated = User {
            status: Status::Active,
            mobile_verified_at: Some(at),
            version,
            updated_at: at,
            ..user.clone()
        };
        let expected = if waits { activated } else { user };
        assert_eq!(found(&stores, expected.id).await, Some(expected), "{status:?}");
    }
}

pub async fn codes_go_with_their_person(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let code = issued(&stores, a_code(Some(ada.id))).await;
    assert!(stores.users.delete(ada.id, None, &Sequel::none()).await.unwrap());
    assert_eq!(stores.codes.find(&code.handle_hash).await.unwrap(), None);
}

pub async fn a_purge_removes_codes_that_ended_before_the_bound_only(stores: StoreSet) {
    let early = issued(&stores, a_code(None)).await;
    let late = Code { expires_at: early.expires_at.plus(Duration::from_secs(1)), ..a_code(None) };
    let late = issued(&stores, late).await;
    assert_eq!(stores.codes.purge(late.expires_at).await.unwrap(), 1);
    assert_eq!(stores.codes.find(&early.handle_hash).await.unwrap(), None);
    assert_eq!(stores.codes.find(&late.handle_hash).await.unwrap(), Some(late));
}
