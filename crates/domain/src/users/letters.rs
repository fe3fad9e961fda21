//! How many letters changes of addresses may send: whoever has an account is not to flood a stranger.

use std::time::Duration;

use crate::problem::Problem;
use crate::sessions::{Budget, Client, ThrottleKey};
use crate::users::{Email, Mobile, User, UserService};

/// At most this many letters go to one address within [`WINDOW`], whoever's changes send them.
const TO_ADDRESS: u32 = 5;
/// At most this many changes of one person send letters within [`WINDOW`].
const OF_PERSON: u32 = 10;
const WINDOW: Duration = Duration::from_secs(60 * 60);

impl UserService {
    /// Takes a change that sends letters from the budget of its person, before it is looked up who has
    /// the address: what a change tells of others is limited as well.
    ///
    /// # Errors
    /// `Throttled`, `Unavailable`.
    pub(super) async fn admit_letters(
        &self,
        before: &User,
        after: &User,
        client: &Client,
    ) -> Result<(), Problem> {
        if addresses_to_be(before, after).is_empty() && !leaves_an_address(before, after) {
            return Ok(());
        }
        let key = ThrottleKey::new("letters of changes", &before.id.to_string());
        let budget = Budget { name: "letters", key, limit: OF_PERSON, window: WINDOW };
        self.gate.pass(&budget, client).await
    }

    /// Takes the letters to addresses to be from their budgets, once they are about to be sent: nobody
    /// uses up what an address has without a letter.
    ///
    /// # Errors
    /// `Throttled`, `Unavailable`.
    pub(super) async fn admit_to_addresses(
        &self,
        before: &User,
        after: &User,
    ) -> Result<(), Problem> {
        for address in addresses_to_be(before, after) {
            self.admit_to_address(address).await?;
        }
        Ok(())
    }

    /// Takes one letter from the budget of an address, whoever asks for it. What is left of it is
    /// nobody's business but its owner's.
    ///
    /// # Errors
    /// `Throttled`, `Unavailable`.
    pub(super) async fn admit_to_address(&self, address: &str) -> Result<(), Problem> {
        let key = ThrottleKey::new("letters to address", address);
        let budget = Budget { name: "letters-to", key, limit: TO_ADDRESS, window: WINDOW };
        if self.gate.is_open(&budget).await? { Ok(()) } else { Err(Problem::Throttled(WINDOW)) }
    }
}

/// The addresses that a change asks to be verified.
fn addresses_to_be<'a>(before: &User, after: &'a User) -> Vec<&'a str> {
    let email = after.pending_email.as_ref();
    let email = email.filter(|_| before.pending_email != after.pending_email).map(Email::key);
    let mobile = after.pending_mobile.as_ref();
    let mobile = mobile.filter(|_| before.pending_mobile != after.pending_mobile).map(Mobile::key);
    email.into_iter().chain(mobile).collect()
}

/// Whether an address is told that another took its place.
fn leaves_an_address(before: &User, after: &User) -> bool {
    let email =
        before.email.as_ref().filter(|old| after.email.as_ref().map(Email::key) != Some(old.key()));
    let mobile = before.mobile.as_ref().filter(|old| {
        old.is_international() && after.mobile.as_ref().map(Mobile::key) != Some(old.key())
    });
    email.is_some() || mobile.is_some()
}
