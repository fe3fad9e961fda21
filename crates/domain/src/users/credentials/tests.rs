//! Which places are held while attempts at one account wait for each other.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll, Waker};

use async_trait::async_trait;
use event_listener::Event;

use super::*;
use crate::mocked::{Mocks, granted, serving};
use crate::problem::SignInFault;
use crate::sessions::{Door, Login, Transport};
use crate::users::{HashError, PasswordHash, PasswordHasher, ada};

/// Counts the places that are held, and has no verdict until it is told so.
#[derive(Default)]
struct Gated {
    places: Arc<()>,
    open: Event,
}

impl Gated {
    fn held(&self) -> usize {
        Arc::strong_count(&self.places) - 1
    }
}

#[async_trait]
impl PasswordHasher for Gated {
    fn enter(&self) -> Result<Place, HashError> {
        Ok(Place::of(Arc::clone(&self.places)))
    }

    async fn hash(&self, _: &Place, _: &Password) -> Result<PasswordHash, HashError> {
        Err(HashError::Failed("nobody asks".into()))
    }

    async fn verify<'a>(
        &self,
        _: &Place,
        _: &Password,
        _: Option<&'a PasswordHash>,
    ) -> Result<Verdict, HashError> {
        self.open.listen().await;
        Ok(Verdict::Mismatch)
    }
}

fn login() -> Login {
    Login {
        key: UserKey::username("ada"),
        password: Password::parse("wrong").unwrap(),
        door: Door::V1,
        transport: Transport::Refresh,
        bearer_lifetime: None,
        client: Client::default(),
    }
}

/// Goes on until it has to wait.
fn begin<F: Future>(request: Pin<&mut F>) {
    assert!(matches!(request.poll(&mut Context::from_waker(Waker::noop())), Poll::Pending));
}

#[tokio::test]
async fn who_waits_for_another_of_its_account_holds_no_place() {
    let mut mocks = Mocks::new();
    mocks.log.expect_event().returning(|_, _| ());
    mocks.users.expect_find().returning(|_| Ok(Some(ada())));
    mocks.throttle.expect_is_counted().returning(|_, _| Ok(false));
    // The second finds the budget spent once: the first may give its own back.
    let asked = AtomicU32::new(0);
    mocks.throttle.expect_take().returning(move |budget, at| {
        let second = budget.name == "sign-in" && asked.fetch_add(1, Ordering::SeqCst) == 1;
        Ok(if second { Allowance::Spent(at) } else { granted() })
    });
    let hasher = Arc::new(Gated::default());
    let ports = Ports { hasher: Arc::clone(&hasher) as _, ..mocks.ports() };
    let sessions = serving(ports).sessions;
    let (mut first, mut second) = (pin!(sessions.login(login())), pin!(sessions.login(login())));
    begin(first.as_mut());
    assert_eq!(hasher.held(), 1);
    begin(second.as_mut());
    assert_eq!(hasher.held(), 1, "the second waits for the first, and for no thread");
    let wrong = |outcome| matches!(outcome, Err(Problem::SignIn(SignInFault::WrongPassword)));
    hasher.open.notify(1);
    assert!(wrong(first.await));
    begin(second.as_mut());
    assert_eq!(hasher.held(), 1, "it has a place again");
    hasher.open.notify(1);
    assert!(wrong(second.await));
    assert_eq!(hasher.held(), 0);
}
