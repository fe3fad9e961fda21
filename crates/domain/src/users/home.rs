//! Where a person signed in from before: an attack from elsewhere does not lock it out there.

use std::time::Duration;

use crate::sessions::ThrottleKey;

/// How long a network counts as the person's own after a sign-in from there.
pub(crate) const KNOWN_FOR: Duration = Duration::from_secs(90 * 24 * 60 * 60);

/// A network that a person may have signed in from before.
pub(crate) struct Home {
    /// Counted once the person signed in from there.
    pub(crate) known: ThrottleKey,
    /// What failures from there are counted under, once it is known: a budget of its own, which
    /// nobody elsewhere uses up.
    pub(crate) account: ThrottleKey,
}

impl Home {
    /// `subject` is who, `place` is the network.
    pub(crate) fn new(subject: &str, place: &str) -> Self {
        let both = format!("{subject} {place}");
        let (known, account) = ("known network", "account from known network");
        Self { known: ThrottleKey::new(known, &both), account: ThrottleKey::new(account, &both) }
    }
}
