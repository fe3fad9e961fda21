//! Activation by the code that went to a number, over the in-memory stores.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::time::Duration;

use domain::post::CodeSecret;
use domain::problem::{CodeFault, Fault, Field, FieldError, Problem};
use domain::sessions::Client;
use domain::users::{Greeting, Mobile, MobileRules, Registration, Rules, Status, User, UserKey};
use testkit::household::{Household, PASSWORD, rules};

const NUMBER: &str = "+49 30 1234567";

fn by_code() -> Rules {
    Rules { initial_status: Status::Inactive, greeting: Greeting::ActivationCode, ..rules() }
}

fn number() -> Mobile {
    parsed(NUMBER)
}

async fn household() -> Household {
    // The limit of codes is one of the limits.
    let window = Duration::from_secs(600);
    let limits = domain::sessions::LoginLimits {
        enabled: true,
        per_account: 10,
        per_network: 100,
        window,
        delay: Duration::ZERO,
    };
    let house = Household::with_limits(limits);
    let registration = Registration {
        username: Some("grace".into()),
        mobile: Some(NUMBER.into()),
        password: Some(PASSWORD.into()),
        ..Registration::default()
    };
    let user = house.services.users.register(None, registration, &by_code()).await.unwrap();
    assert_eq!(user.status, Status::Inactive);
    house
}

async fn letters(house: &Household) -> usize {
    while let Some(letter) = house.services.post.take_up().await.unwrap() {
        assert!(house.services.post.deliver(&letter).await.unwrap());
    }
    house.courier.letters().len()
}

async fn code(house: &Household) -> String {
    letters(house).await;
    house.courier.last_code().unwrap()
}

async fn activate(house: &Household, code: Option<&str>) -> Result<User, Problem> {
    let code = code.map(CodeSecret::typed);
    house.services.users.activate_with_code(&number(), code.as_ref(), &Client::default()).await
}

#[track_caller]
fn is_wrong(outcome: Result<User, Problem>) {
    assert!(matches!(outcome, Err(Problem::Code(CodeFault::Wrong))), "{outcome:?}");
}

#[track_caller]
fn asks_for_a_code(outcome: Result<User, Problem>) {
    let Err(Problem::Invalid(errors)) = outcome else { panic!("{outcome:?}") };
    assert_eq!(errors, [FieldError::new(Field::Code, Fault::Missing)]);
}

#[tokio::test]
async fn the_code_activates_once() {
    let house = household().await;
    let code = code(&house).await;
    assert_eq!(activate(&house, Some(&code)).await.unwrap().status, Status::Active);
    assert!(house.sign_in("grace", PASSWORD).await.is_ok());
    is_wrong(activate(&house, Some(&code)).await);
    asks_for_a_code(activate(&house, None).await);
    assert_eq!(letters(&house).await, 1, "nothing is sent to who is active");
}

#[tokio::test]
async fn a_call_without_a_code_sends_another_three_times_in_ten_minutes() {
    let house = household().await;
    let first = code(&house).await;
    for sent in [2, 3, 4, 4, 4] {
        asks_for_a_code(activate(&house, None).await);
        assert_eq!(letters(&house).await, sent);
    }
    let last = code(&house).await;
    if first != last {
        is_wrong(activate(&house, Some(&first)).await);
    }
    house.clock.advance(Duration::from_secs(601));
    asks_for_a_code(activate(&house, None).await);
    assert_eq!(letters(&house).await, 5);
    let last = code(&house).await;
    activate(&house, Some(&last)).await.unwrap();
}

#[tokio::test]
async fn the_tries_are_counted() {
    let house = household().await;
    let code = code(&house).await;
    let wrong = format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000);
    for _ in 0..5 {
        is_wrong(activate(&house, Some(&wrong)).await);
    }
    is_wrong(activate(&house, Some(&code)).await);
}

#[tokio::test]
async fn a_number_tells_nothing_of_who_has_it() {
    let house = household().await;
    let active = another(&house, "+49 30 1111111", Status::Active).await;
    let locked = another(&house, "+49 30 2222222", Status::Inactive).await;
    let root = house.register_admin("boss").await.unwrap();
    let id = house.services.users.find(&UserKey::Mobile(locked.clone())).await.unwrap().id;
    house.services.users.lock(&root, id).await.unwrap();
    let unknown = parsed("+49 30 7654321");
    letters(&house).await;
    let sent = house.courier.letters().len();
    let client = Client::default();
    for mobile in [active, locked.clone(), unknown] {
        let users = &house.services.users;
        for _ in 0..4 {
            asks_for_a_code(users.activate_with_code(&mobile, None, &client).await);
        }
        for _ in 0..7 {
            let typed = CodeSecret::typed("123456");
            is_wrong(users.activate_with_code(&mobile, Some(&typed), &client).await);
        }
    }
    assert_eq!(letters(&house).await, sent, "nobody but who waits is written to");
    let found = house.services.users.find(&UserKey::Mobile(locked)).await.unwrap();
    assert_eq!(found.status, Status::Locked);
}

#[tokio::test]
async fn a_code_that_was_sent_before_does_not_open_who_was_locked() {
    let house = household().await;
    let code = code(&house).await;
    let root = house.register_admin("boss").await.unwrap();
    let id = house.services.users.find(&UserKey::Mobile(number())).await.unwrap().id;
    house.services.users.lock(&root, id).await.unwrap();
    is_wrong(activate(&house, Some(&code)).await);
    let found = house.services.users.find(&UserKey::Mobile(number())).await.unwrap();
    assert_eq!(found.status, Status::Locked);
}

#[tokio::test]
async fn three_hundred_calls_an_hour_are_taken_from_one_network() {
    let house = household().await;
    let client = Client { address: "192.0.2.7".parse().ok(), ..Client::default() };
    let users = &house.services.users;
    for number in 0..300 {
        let mobile = parsed(&format!("+49 30 {}", 5_000_000 + number));
        asks_for_a_code(users.activate_with_code(&mobile, None, &client).await);
    }
    let refused = users.activate_with_code(&number(), None, &client).await;
    assert!(matches!(refused, Err(Problem::Throttled(_))), "{refused:?}");
    asks_for_a_code(activate(&house, None).await);
    house.clock.advance(Duration::from_secs(60 * 60));
    asks_for_a_code(users.activate_with_code(&number(), None, &client).await);
}

fn parsed(number: &str) -> Mobile {
    Mobile::parse(number, &MobileRules { strict: true, default_region: None }).unwrap()
}

async fn another(house: &Household, number: &str, initial_status: Status) -> Mobile {
    let registration = Registration {
        mobile: Some(number.into()),
        password: Some(PASSWORD.into()),
        ..Registration::default()
    };
    let rules = Rules { initial_status, ..by_code() };
    house.services.users.register(None, registration, &rules).await.unwrap();
    parsed(number)
}
