//! What a full password lane costs: nothing. Where no hash can be had, nothing is read, written or counted.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use domain::post::{CodeSecret, Handle};
use domain::problem::{CodeFault, Problem};
use domain::sessions::{Authenticated, Client, Intent};
use domain::users::{Email, Password, Registration};
use secrecy::ExposeSecret;
use testkit::household::{Household, PASSWORD, rules};

const NEW: &str = "an entirely new one";
const WAIT: Duration = Duration::from_secs(7);

/// Grace, signed in, and a handle that a code was sent for.
async fn house() -> (Household, Authenticated, Handle) {
    let house = Household::new();
    let registration = Registration {
        username: Some("grace".into()),
        email: Some("grace@example.org".into()),
        password: Some(PASSWORD.into()),
        ..Registration::default()
    };
    let services = &house.services;
    services.users.register(None, registration, &rules()).await.unwrap();
    let opened = house.sign_in("grace", PASSWORD).await.unwrap();
    let token = opened.access_token.expose_secret();
    let caller = services.sessions.authenticate(token, Intent::Change).await.unwrap();
    let email = Email::parse("grace@example.org").unwrap();
    let handle = services.users.request_recovery(&email, &Client::default()).await.unwrap();
    while let Some(letter) = services.post.take_up().await.unwrap() {
        assert!(services.post.deliver(&letter).await.unwrap());
    }
    (house, caller, handle)
}

fn password(text: &str) -> Password {
    Password::parse(text).unwrap()
}

#[track_caller]
fn busy<T>(outcome: Result<T, Problem>) {
    assert!(matches!(outcome, Err(Problem::Busy(wait)) if wait == WAIT), "{:?}", outcome.err());
}

#[tokio::test]
async fn whoever_is_refused_for_want_of_a_hash_is_refused_before_any_store_is_asked() {
    let (house, caller, handle) = house().await;
    let (users, client) = (&house.services.users, Client::default());
    let (new, code) = (password(NEW), CodeSecret::typed("123456"));
    house.hasher.set_busy(Some(WAIT));
    // Whatever asked a store now would answer that it is away.
    house.stores.set_available(false);
    busy(house.sign_in("grace", PASSWORD).await);
    busy(house.sign_in("nobody", PASSWORD).await);
    busy(house.register("ada").await);
    busy(users.change_password(&caller, &password(PASSWORD), &new, &rules(), &client).await);
    busy(users.reset_own_password(&caller, &new, &rules()).await);
    busy(users.recover(&handle, &code, &new, &rules()).await);
    busy(users.reset_by_link(&handle, &new, &rules()).await);
    assert!(house.pause.take().iter().all(|pause| *pause < Duration::from_millis(50)));
}

#[tokio::test]
async fn a_code_loses_no_try_to_a_full_lane() {
    let (house, _, handle) = house().await;
    let users = &house.services.users;
    let (new, right) = (password(NEW), CodeSecret::typed(&house.courier.last_code().unwrap()));
    house.hasher.set_busy(Some(WAIT));
    for _ in 0..20 {
        busy(users.recover(&handle, &right, &new, &rules()).await);
    }
    house.hasher.set_busy(None);
    let wrong = users.recover(&handle, &CodeSecret::typed("x"), &new, &rules()).await;
    assert!(matches!(wrong, Err(Problem::Code(CodeFault::Wrong))));
    users.recover(&handle, &right, &new, &rules()).await.unwrap();
}
