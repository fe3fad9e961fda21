//! The ports behind which codes and promised letters are kept.

use async_trait::async_trait;

use crate::post::{Code, CodeHash, CodeId, CodePurpose, Dispatch, DispatchId, Recipient, Sequel};
use crate::sessions::SessionId;
use crate::store::StoreError;
use crate::time::Timestamp;
use crate::users::{PasswordHash, UserId};

/// Keeps promised letters until they are delivered. Every method happens entirely or not at all.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait Outbox: Send + Sync {
    /// Takes up at most `turn.limit` letters that are due at `turn.now`, the longest due first, and
    /// makes each due again at `turn.until`: of any number of simultaneous calls one gets a letter,
    /// and if whoever has it dies, it is due again then. `attempts` counts this one already.
    async fn take_up(&self, turn: &Turn) -> Result<Vec<Dispatch>, StoreError>;

    /// Removes a letter that was delivered; says whether it was there.
    async fn delivered(&self, id: DispatchId) -> Result<bool, StoreError>;

    /// Makes a letter due at another time, if it was taken up `attempts` times still; says whether it
    /// was.
    async fn postpone(
        &self,
        id: DispatchId,
        attempts: i64,
        due_at: Timestamp,
    ) -> Result<bool, StoreError>;
}

/// What [`Outbox::take_up`] is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    /// Letters due at this moment or before are taken up.
    pub now: Timestamp,
    /// When they are due again.
    pub until: Timestamp,
    /// How many at most.
    pub limit: u16,
}

/// Keeps one-time codes. Every method happens entirely or not at all.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait CodeStore: Send + Sync {
    /// Keeps codes, each in the place of what was kept under its handle, and letters. A code of a
    /// person who does not exist any more is not kept, and then no letter either; says whether all
    /// was kept.
    async fn issue(&self, sequel: &Sequel) -> Result<bool, StoreError>;

    /// The code under this handle, for looking only: expired and spent ones included.
    async fn find(&self, handle: &CodeHash) -> Result<Option<Code>, StoreError>;

    /// Takes one try of the code under this handle, if it is for this purpose, has one left and ends
    /// after `now`. Over any number of simultaneous calls no more tries are granted than it had.
    async fn attempt(
        &self,
        handle: &CodeHash,
        purpose: CodePurpose,
        now: Timestamp,
    ) -> Result<Option<Code>, StoreError>;

    /// Spends a code, once, and does what it is good for; says whether it was there to be spent and
    /// what it is good for still made sense. Of any number of simultaneous calls one is told `true`.
    /// What would take an address that somebody else has is a conflict, and spends nothing.
    async fn redeem(&self, redemption: &Redemption) -> Result<bool, StoreError>;

    /// Removes at most 1,000 codes that ended before `at`; says how many.
    async fn purge(&self, at: Timestamp) -> Result<u64, StoreError>;
}

/// What [`CodeStore::redeem`] is told.
#[derive(Debug, Clone)]
pub enum Redemption {
    /// Sets another password, raises epoch and version, closes all sessions, removes every other code
    /// of the person. The address that the code went to is verified by it, if it is the person's
    /// present one. What whoever knew the password before may have put there to come back by goes:
    /// addresses that wait for proof and, if the code went by mail, the proof of the number.
    Password {
        /// The code.
        code: CodeId,
        /// What it must be for.
        purpose: CodePurpose,
        /// Whose password.
        user_id: UserId,
        /// The hash to put in place.
        new_hash: PasswordHash,
        /// Where the code went.
        address: Recipient,
        /// Whether somebody inactive is active from now on.
        activates: bool,
        /// When.
        at: Timestamp,
        /// What follows.
        sequel: Sequel,
    },
    /// Makes somebody inactive active, raises the version and notes that its mobile number was
    /// verified at that moment. Whoever is not inactive is left alone.
    Activation {
        /// The code.
        code: CodeId,
        /// Who.
        user_id: UserId,
        /// When.
        at: Timestamp,
        /// What follows.
        sequel: Sequel,
    },
    /// Notes that an address is the person's own. One that waits takes the place of the one before,
    /// as long as nobody else has it. One that the person has had without proof ends the sessions of
    /// whoever claimed it before: raises the epoch and closes them, all but `keep`. Raises the version.
    Address {
        /// The code.
        code: CodeId,
        /// What it must be for.
        purpose: CodePurpose,
        /// Whose address.
        user_id: UserId,
        /// The address.
        address: Recipient,
        /// Whether somebody inactive is active from now on.
        activates: bool,
        /// The session that goes on.
        keep: Option<SessionId>,
        /// When.
        at: Timestamp,
        /// What follows.
        sequel: Sequel,
    },
}

impl Redemption {
    /// Whom it changes.
    pub fn user_id(&self) -> UserId {
        match self {
            Self::Password { user_id, .. }
            | Self::Activation { user_id, .. }
            | Self::Address { user_id, .. } => *user_id,
        }
    }

    /// What follows.
    pub fn sequel(&self) -> &Sequel {
        match self {
            Self::Password { sequel, .. }
            | Self::Activation { sequel, .. }
            | Self::Address { sequel, .. } => sequel,
        }
    }
}
