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
    /// Takes what a change would send from the budget of the person and of each address, before it is
    /// looked up who has the address: what a change tells of others is limited as well.
    ///
    /// # Errors
    /// `Throttled`, `Unavailable`.
    pub(super) async fn admit_letters(
        &self,
        before: &User,
        after: &User,
        client: &Client,
    ) -> Result<(), Problem> {
        let addresses = written_to(before, after);
        if addresses.is_empty() {
            return Ok(());
        }
        let key = ThrottleKey::new("letters of changes", &before.id.to_string());
        let budget = Budget { name: "letters", key, limit: OF_PERSON, window: WINDOW };
        self.gate.pass(&budget, client).await?;
        for address in addresses {
            let key = ThrottleKey::new("letters to address", address);
            let budget = Budget { name: "letters-to", key, limit: TO_ADDRESS, window: WINDOW };
            // What is left to an address is nobody's business but its owner's.
            if !self.gate.is_open(&budget).await? {
                return Err(Problem::Throttled(WINDOW));
            }
        }
        Ok(())
    }
}

/// Where a person's own change is written to: at the addresses to be, and at those that were.
fn written_to<'a>(before: &'a User, after: &'a User) -> Vec<&'a str> {
    let emails = [
        after.pending_email.as_ref().filter(|_| before.pending_email != after.pending_email),
        before.email.as_ref().filter(|old| after.email.as_ref().map(Email::key) != Some(old.key())),
    ];
    let numbers = [
        after.pending_mobile.as_ref().filter(|_| before.pending_mobile != after.pending_mobile),
        before.mobile.as_ref().filter(|old| {
            old.is_international() && after.mobile.as_ref().map(Mobile::key) != Some(old.key())
        }),
    ];
    let emails = emails.into_iter().flatten().map(Email::key);
    emails.chain(numbers.into_iter().flatten().map(Mobile::key)).collect()
}
