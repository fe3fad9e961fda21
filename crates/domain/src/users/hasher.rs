//! The port to a slow password hash.

use std::time::Duration;

use async_trait::async_trait;

use crate::store::Source;
use crate::users::{Password, PasswordHash};

/// Hashes and verifies passwords on threads of its own, a bounded number at once.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait PasswordHasher: Send + Sync {
    /// A salted slow hash of all of the password: nothing is cut.
    async fn hash(&self, password: &Password) -> Result<PasswordHash, HashError>;

    /// Whether `hash` is of this password. `None` stands for a person who does not exist: it costs
    /// what a real hash costs and is a mismatch. A malformed hash is a mismatch too.
    async fn verify<'a>(
        &self,
        password: &Password,
        hash: Option<&'a PasswordHash>,
    ) -> Result<Verdict, HashError>;
}

/// What verifying came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The right password; `outdated` when its hash should be made anew with today's cost.
    Match {
        /// The hash was made with another scheme or cost than new ones are.
        outdated: bool,
    },
    /// The wrong password.
    Mismatch,
}

/// Why no verdict was reached.
#[derive(Debug, thiserror::Error)]
pub enum HashError {
    /// Too many wait already; nothing was tried. Try again after this time.
    #[error("too many passwords wait to be hashed")]
    Busy(Duration),
    /// The hash failed for a reason that is not the password's.
    #[error("hashing failed")]
    Failed(#[source] Source),
}
