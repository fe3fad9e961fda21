//! Registration, changes and what ends with them, over the in-memory stores.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::time::Duration;

use domain::problem::{Fault, Field, Problem, SignInFault, Thing};
use domain::sessions::{Client, Intent, LoginLimits, Opened};
use domain::users::{Change, Password, ProfileChange, Status, User, UserKey};
use secrecy::ExposeSecret;
use testkit::household::{Household, PASSWORD, rules};

fn set(text: &str) -> Change<String> {
    Change::Set(text.to_owned())
}

async fn change(
    house: &Household,
    actor: &User,
    of: &User,
    change: ProfileChange,
) -> Result<User, Problem> {
    house
        .services
        .users
        .change_profile(actor, of.id, None, &change, &rules(), &Client::default())
        .await
}

async fn is_open(house: &Household, opened: &Opened) -> bool {
    house
        .services
        .sessions
        .authenticate(opened.access_token.expose_secret(), Intent::Read)
        .await
        .is_ok()
}

fn password(text: &str) -> Password {
    Password::parse(text).unwrap()
}

#[tokio::test]
async fn a_second_person_of_the_same_name_is_refused_in_any_case() {
    let house = Household::new();
    let ada = house.register("Ada").await.unwrap();
    assert!(matches!(house.register("aDA").await, Err(Problem::Taken(Field::Username))));
    let found = house.services.users.find(&UserKey::username("ADA").unwrap()).await.unwrap();
    assert_eq!(found.id, ada.id);
}

#[tokio::test]
async fn people_change_themselves_and_nobody_else() {
    let house = Household::new();
    let (ada, eve) = (house.register("ada").await.unwrap(), house.register("eve").await.unwrap());
    let named = || ProfileChange { display_name: set("Countess"), ..ProfileChange::default() };
    assert!(matches!(change(&house, &eve, &ada, named()).await, Err(Problem::Forbidden)));
    let changed = change(&house, &ada, &ada, named()).await.unwrap();
    assert_eq!((changed.display_name.as_deref(), changed.version), (Some("Countess"), 2));
    let same = change(&house, &ada, &ada, named()).await.unwrap();
    assert_eq!(same.version, 2, "a change that changes nothing is none");
}

#[tokio::test]
async fn standing_is_for_administrators() {
    let house = Household::new();
    let (ada, root) =
        (house.register("ada").await.unwrap(), house.register_admin("boss").await.unwrap());
    let promote =
        || ProfileChange { roles: Some(vec!["admin".into()]), ..ProfileChange::default() };
    assert!(matches!(change(&house, &ada, &ada, promote()).await, Err(Problem::Forbidden)));
    let opened = house.sign_in("ada", PASSWORD).await.unwrap();
    assert!(change(&house, &root, &ada, promote()).await.unwrap().is_admin());
    assert!(!is_open(&house, &opened).await, "a change of roles ends sessions");
}

#[tokio::test]
async fn a_reserved_name_is_not_to_be_had_by_a_change_either() {
    let house = Household::new();
    let (ada, root) =
        (house.register("ada").await.unwrap(), house.register_admin("boss").await.unwrap());
    let renamed = || ProfileChange { username: set("Admin"), ..ProfileChange::default() };
    let refused = change(&house, &ada, &ada, renamed()).await;
    assert!(matches!(refused, Err(Problem::Invalid(faults)) if faults[0].fault == Fault::Reserved));
    assert!(change(&house, &root, &ada, renamed()).await.is_ok());
    let kept = ProfileChange { username: set("ADMIN"), ..ProfileChange::default() };
    assert!(change(&house, &ada, &ada, kept).await.is_ok(), "one's own name in other letter case");
}

#[tokio::test]
async fn a_stale_version_changes_nothing() {
    let house = Household::new();
    let ada = house.register("ada").await.unwrap();
    let named = ProfileChange { display_name: set("Countess"), ..ProfileChange::default() };
    let stale = house
        .services
        .users
        .change_profile(&ada, ada.id, Some(ada.version + 1), &named, &rules(), &Client::default())
        .await;
    assert!(matches!(stale, Err(Problem::VersionMismatch)));
}

#[tokio::test]
async fn a_new_address_needs_the_password_and_waits_for_verification() {
    let house = Household::new();
    let ada = house.register("ada").await.unwrap();
    let address = |current: Option<&str>| ProfileChange {
        email: set("ada@example.org"),
        current_password: current.map(password),
        ..ProfileChange::default()
    };
    let missing = change(&house, &ada, &ada, address(None)).await;
    let Err(Problem::Invalid(faults)) = missing else { panic!("{missing:?}") };
    assert_eq!((faults[0].field, &faults[0].fault), (Field::CurrentPassword, &Fault::Missing));
    let wrong = change(&house, &ada, &ada, address(Some("wrong"))).await;
    assert!(matches!(wrong, Err(Problem::WrongPassword)));
    let changed = change(&house, &ada, &ada, address(Some(PASSWORD))).await.unwrap();
    assert_eq!(changed.email, None);
    assert_eq!(changed.pending_email.unwrap().as_str(), "ada@example.org");
}

#[tokio::test]
async fn the_last_identifier_stays() {
    let house = Household::new();
    let ada = house.register("ada").await.unwrap();
    let nameless = ProfileChange { username: Change::Clear, ..ProfileChange::default() };
    let refused = change(&house, &ada, &ada, nameless).await;
    assert!(
        matches!(refused, Err(Problem::Invalid(faults)) if faults[0].fault == Fault::NoIdentifier)
    );
}

#[tokio::test]
async fn a_new_password_ends_every_other_session_and_keeps_the_callers() {
    let house = Household::new();
    house.register("ada").await.unwrap();
    let here = house.sign_in("ada", PASSWORD).await.unwrap();
    let there = house.sign_in("ada", PASSWORD).await.unwrap();
    let token = here.access_token.expose_secret();
    let caller = house.services.sessions.authenticate(token, Intent::Read).await.unwrap();
    let users = &house.services.users;
    let client = Client::default();
    let new = password("another horse entirely");

    let wrong = users.change_password(&caller, &password("wrong"), &new, &rules(), &client).await;
    assert!(matches!(wrong, Err(Problem::WrongPassword)));
    let weak = users
        .change_password(&caller, &password(PASSWORD), &password("ada1"), &rules(), &client)
        .await;
    assert!(
        matches!(weak, Err(Problem::Invalid(faults)) if faults.iter().all(|f| f.field == Field::NewPassword))
    );
    assert!(is_open(&house, &there).await);

    users.change_password(&caller, &password(PASSWORD), &new, &rules(), &client).await.unwrap();
    assert!(is_open(&house, &here).await && !is_open(&house, &there).await);
    let old = house.sign_in("ada", PASSWORD).await;
    assert!(matches!(old, Err(Problem::SignIn(SignInFault::WrongPassword))));
    assert!(house.sign_in("ada", new.expose()).await.is_ok());
}

#[tokio::test]
async fn a_locked_person_is_out_at_the_next_request_and_stays_out() {
    let house = Household::new();
    let (ada, root) =
        (house.register("ada").await.unwrap(), house.register_admin("boss").await.unwrap());
    let opened = house.sign_in("ada", PASSWORD).await.unwrap();
    let users = &house.services.users;
    assert!(matches!(users.lock(&ada, root.id).await, Err(Problem::Forbidden)));
    users.lock(&root, ada.id).await.unwrap();
    assert!(!is_open(&house, &opened).await);
    let locked = house.sign_in("ada", PASSWORD).await;
    assert!(matches!(locked, Err(Problem::SignIn(SignInFault::Locked))));
    users.unlock(&root, ada.id).await.unwrap();
    assert!(!is_open(&house, &opened).await, "unlocking does not bring a session back");
    assert!(house.sign_in("ada", PASSWORD).await.is_ok());
}

#[tokio::test]
async fn unlocking_activates_nobody_who_waits_for_activation() {
    let house = Household::new();
    let root = house.register_admin("boss").await.unwrap();
    let ada = house.register("ada").await.unwrap();
    let wait = ProfileChange { status: Some("inactive".into()), ..ProfileChange::default() };
    change(&house, &root, &ada, wait).await.unwrap();
    house.services.users.unlock(&root, ada.id).await.unwrap();
    let found = house.services.users.find(&UserKey::Id(ada.id)).await.unwrap();
    assert_eq!(found.status, Status::Inactive);
}

#[tokio::test]
async fn a_person_of_the_same_name_is_not_the_one_who_was_deleted() {
    let house = Household::new();
    let ada = house.register("ada").await.unwrap();
    let opened = house.sign_in("ada", PASSWORD).await.unwrap();
    let users = &house.services.users;
    assert!(matches!(users.delete(&ada, ada.id, Some(9)).await, Err(Problem::VersionMismatch)));
    users.delete(&ada, ada.id, Some(1)).await.unwrap();
    assert!(matches!(users.delete(&ada, ada.id, None).await, Err(Problem::NotFound(Thing::User))));
    house.register("ada").await.unwrap();
    assert!(!is_open(&house, &opened).await);
}

fn limited_to(per_account: u32) -> Household {
    let window = Duration::from_secs(600);
    Household::with_limits(LoginLimits {
        enabled: true,
        per_account,
        per_network: 100,
        window,
        delay: Duration::ZERO,
    })
}

/// What forty sign-ins at the same moment come to.
async fn forty_at_once(house: &Arc<Household>, password: &'static str) -> Vec<Result<(), Problem>> {
    let sign_in = |house: Arc<Household>| async move { house.sign_in("ada", password).await };
    let calls: Vec<_> = (0..40).map(|_| tokio::spawn(sign_in(Arc::clone(house)))).collect();
    let mut outcomes = Vec::new();
    for call in calls {
        outcomes.push(call.await.unwrap().map(drop));
    }
    outcomes
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn right_passwords_at_the_same_moment_are_not_taken_for_guesses() {
    let house = Arc::new(limited_to(2));
    house.register("ada").await.unwrap();
    let outcomes = forty_at_once(&house, PASSWORD).await;
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn wrong_passwords_at_the_same_moment_are_evaluated_up_to_the_limit() {
    let house = Arc::new(limited_to(3));
    house.register("ada").await.unwrap();
    let outcomes = forty_at_once(&house, "wrong").await;
    let wrong = |outcome: &&_| matches!(outcome, Err(Problem::SignIn(SignInFault::WrongPassword)));
    let throttled = |outcome: &&_| matches!(outcome, Err(Problem::Throttled(_)));
    let counted =
        (outcomes.iter().filter(wrong).count(), outcomes.iter().filter(throttled).count());
    assert_eq!((counted, house.hasher.verified().len()), ((3, 37), 3));

    // And on an account that is spent already, nobody keeps anybody waiting.
    let outcomes = forty_at_once(&house, "wrong").await;
    assert_eq!(outcomes.iter().filter(throttled).count(), 40);
}

#[tokio::test]
async fn the_right_password_of_somebody_locked_counts_like_a_wrong_one() {
    let house = limited_to(3);
    let (ada, root) =
        (house.register("ada").await.unwrap(), house.register_admin("boss").await.unwrap());
    house.services.users.lock(&root, ada.id).await.unwrap();
    for password in ["wrong", PASSWORD, "wrong"] {
        assert!(matches!(house.sign_in("ada", password).await, Err(Problem::SignIn(_))));
    }
    assert!(matches!(house.sign_in("ada", "wrong").await, Err(Problem::Throttled(_))));
}

#[tokio::test]
async fn failures_are_counted_per_account_and_a_success_forgets_them() {
    let house = limited_to(3);
    house.register("ada").await.unwrap();
    for _ in 0..2 {
        assert!(matches!(house.sign_in("ada", "wrong").await, Err(Problem::SignIn(_))));
    }
    house.sign_in("ada", PASSWORD).await.unwrap();
    for _ in 0..3 {
        assert!(matches!(house.sign_in("ada", "wrong").await, Err(Problem::SignIn(_))));
    }
    let evaluated = house.hasher.verified().len();
    assert!(matches!(house.sign_in("ada", PASSWORD).await, Err(Problem::Throttled(_))));
    assert_eq!(house.hasher.verified().len(), evaluated, "nothing is hashed beyond the limit");
    house.clock.advance(Duration::from_secs(600));
    assert!(house.sign_in("ada", PASSWORD).await.is_ok());
}
