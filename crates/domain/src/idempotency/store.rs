//! The port behind which idempotency keys are kept.

use async_trait::async_trait;

use uuid::Uuid;

use crate::idempotency::Claim;
use crate::sealing::Sealed;
use crate::store::StoreError;
use crate::time::Timestamp;
use crate::users::UserId;

/// Keeps idempotency keys. Every method happens entirely or not at all.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait IdempotencyStore: Send + Sync {
    /// Takes hold of a key that is new, that has expired by `hold.now`, or whose holder was to be
    /// done by then with the same request and has changed nothing. Of any number of simultaneous
    /// calls for one key exactly one is told `Mine`.
    async fn claim(&self, hold: &Hold) -> Result<Claimed, StoreError>;

    /// Keeps the reply, if the key is still held by this claim; says whether it was.
    async fn settle(&self, claim: &Claim, reply: &Sealed) -> Result<bool, StoreError>;

    /// Forgets the key, if it is still held by this claim and nothing was changed under it; says
    /// whether it was.
    async fn release(&self, claim: &Claim) -> Result<bool, StoreError>;

    /// Removes at most 1,000 keys that expired before `at`; says how many.
    async fn purge(&self, at: Timestamp) -> Result<u64, StoreError>;
}

/// What [`IdempotencyStore::claim`] is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// The key, and who asks for it.
    pub claim: Claim,
    /// The digest of what was sent under it.
    pub fingerprint: [u8; 32],
    /// Who sent it, if somebody is signed in: the key goes with the person.
    pub principal: Option<UserId>,
    /// Now.
    pub now: Timestamp,
    /// When the holder is given up, if it has changed nothing by then.
    pub held_until: Timestamp,
    /// When the key is forgotten.
    pub expires_at: Timestamp,
}

/// What [`IdempotencyStore::claim`] says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claimed {
    /// The key is the caller's.
    Mine,
    /// Somebody came first.
    Known(Kept),
}

/// What is known of a key that somebody else came first with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Who has it.
    pub holder: Uuid,
    /// The digest of what was sent under it first.
    pub fingerprint: [u8; 32],
    /// Whether it has changed something.
    pub changed: bool,
    /// What was replied, if it is done.
    pub reply: Option<Sealed>,
    /// When its holder is given up.
    pub held_until: Timestamp,
}
