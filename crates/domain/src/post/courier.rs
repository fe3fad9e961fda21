//! The port that carries letters to people.

use async_trait::async_trait;

use crate::post::{DispatchId, Letter};
use crate::store::Source;

/// Hands letters over to a mail server, a gateway or a folder.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait Courier: Send + Sync {
    /// Hands the letter over; `Ok` means that somebody else is responsible for it from now on. `id`
    /// names the letter whatever happens: who is given it twice can tell (RFC 5322 §3.6.4).
    /// Answers within a minute, one way or the other.
    async fn deliver(&self, id: DispatchId, letter: &Letter) -> Result<(), Undelivered>;
}

/// The letter was not taken, for now. Whatever the reason, it is tried again.
#[derive(Debug, thiserror::Error)]
#[error("the letter was not taken")]
pub struct Undelivered(#[source] pub Source);

impl Undelivered {
    /// From an error or a sentence, neither of which may quote the letter.
    pub fn because(source: impl Into<Source>) -> Self {
        Self(source.into())
    }
}
