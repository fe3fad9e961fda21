//! Idempotency keys: a request that is sent twice under one key changes something once, and both get
//! the same reply (IETF httpapi idempotency-key draft-07).
//!
//! Whoever comes first holds the key. Its change notes in its own transaction, by the [`Claim`] in
//! its [`Sequel`](crate::post::Sequel), that it was made under the key; then the reply is kept. A
//! holder whose process died before it changed anything loses the key to the next who asks; one that
//! died after it made the change leaves a key whose reply is lost, and nobody makes the change again.

mod service;
mod store;

use uuid::Uuid;

pub(crate) use service::reply_purpose;
pub use service::{Begun, IdempotencyService, KEPT_FOR, Submission};
pub use store::{Claimed, Hold, IdempotencyStore, Kept};

#[cfg(any(test, feature = "mocks"))]
pub use store::MockIdempotencyStore;

/// A hold on an idempotency key: whoever has it makes the change, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// The digest of principal, route and key.
    pub key: [u8; 32],
    /// Which of those who ever held the key this is.
    pub holder: Uuid,
}
