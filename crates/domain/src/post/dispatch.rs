//! A letter that is promised: sealed, and kept until somebody else is responsible for it.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::entropy::{Entropy, uuid};
use crate::post::{Letter, Recipient};
use crate::problem::Problem;
use crate::sealing::{Sealed, Sealer};
use crate::time::Timestamp;
use crate::users::{Email, Mobile};

/// What sealed letters are bound to.
pub(crate) const LETTER_PURPOSE: &str = "letter";

/// The id of a promised letter: a UUID version 7.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DispatchId(pub Uuid);

impl std::fmt::Display for DispatchId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A letter on its way, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispatch {
    /// Names it, also to whoever receives it twice.
    pub id: DispatchId,
    /// The letter, which only the server's sealing key opens.
    pub sealed: Sealed,
    /// How often it was taken up.
    pub attempts: i64,
    /// When it was promised.
    pub created_at: Timestamp,
    /// When it is to be taken up next.
    pub due_at: Timestamp,
}

/// A letter as it lies in its seal.
#[derive(Serialize, Deserialize)]
struct Content {
    by_sms: bool,
    shown: String,
    key: String,
    subject: String,
    text: String,
    #[serde(default)]
    is_decoy: bool,
}

impl Dispatch {
    /// Promises `letter`, due at once.
    ///
    /// # Errors
    /// `Unavailable`, where there are no random bytes.
    pub fn promise(
        letter: &Letter,
        sealer: &dyn Sealer,
        entropy: &dyn Entropy,
        now: Timestamp,
    ) -> Result<Self, Problem> {
        let (by_sms, shown, key) = match &letter.to {
            Recipient::Mail(email) => (false, email.as_str(), email.key()),
            Recipient::Sms(mobile) => (true, mobile.as_str(), mobile.key()),
        };
        let content = Content {
            by_sms,
            shown: shown.to_owned(),
            key: key.to_owned(),
            subject: letter.subject.clone(),
            text: letter.expose_text().to_owned(),
            is_decoy: letter.is_decoy(),
        };
        let plain = serde_json::to_vec(&content).map(Zeroizing::new);
        let plain = plain.map_err(|error| Problem::Unavailable(error.into()))?;
        let sealed = sealer.seal(LETTER_PURPOSE, &plain)?;
        let id = DispatchId(uuid(entropy, now)?);
        Ok(Self { id, sealed, attempts: 0, created_at: now, due_at: now })
    }

    /// The letter in the clear.
    ///
    /// # Errors
    /// `Unavailable`, where the key that sealed it is gone.
    pub fn unseal(&self, sealer: &dyn Sealer) -> Result<Letter, Problem> {
        let plain = sealer.open(LETTER_PURPOSE, &self.sealed)?;
        let content: Content =
            serde_json::from_slice(&plain).map_err(|error| Problem::Unavailable(error.into()))?;
        let to = if content.by_sms {
            Recipient::Sms(Mobile::from_stored(content.shown, content.key))
        } else {
            Recipient::Mail(Email::from_stored(content.shown, content.key))
        };
        Ok(Letter::new(to, content.subject, content.text).as_decoy(content.is_decoy))
    }

    /// How long to wait after this many attempts: from five seconds, doubled each time, to an hour.
    pub fn back_off(attempts: i64) -> Duration {
        let doublings = attempts.saturating_sub(1).clamp(0, 10).unsigned_abs();
        Duration::from_secs(5 << doublings).min(Duration::from_secs(3_600))
    }
}
