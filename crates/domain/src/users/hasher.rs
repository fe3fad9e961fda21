//! The port to a slow password hash.

use std::any::Any;
use std::time::Duration;

use async_trait::async_trait;

use crate::store::Source;
use crate::users::{Password, PasswordHash};

/// Hashes and verifies passwords on threads of its own, a bounded number at once.
///
/// Whoever wants a hash takes a place first, before anything is read or counted: where there is none,
/// nothing of what a refused request would cost is spent.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait PasswordHasher: Send + Sync {
    /// Takes a place for the present request. Places are shared out among networks: nobody's flood
    /// takes all of them.
    ///
    /// # Errors
    /// `Busy` where there is none.
    fn enter(&self) -> Result<Place, HashError>;

    /// A salted slow hash of all of the password: nothing is cut.
    ///
    /// # Errors
    /// `Busy` where the place was given to somebody who has fewer.
    async fn hash(&self, place: &Place, password: &Password) -> Result<PasswordHash, HashError>;

    /// Whether `hash` is of this password. `None` stands for a person who does not exist: it costs
    /// what a real hash costs and is a mismatch. A malformed hash is a mismatch too.
    ///
    /// # Errors
    /// As [`hash`](Self::hash).
    async fn verify<'a>(
        &self,
        place: &Place,
        password: &Password,
        hash: Option<&'a PasswordHash>,
    ) -> Result<Verdict, HashError>;
}

/// A place in front of the threads that hash, until it is dropped.
pub struct Place(Option<Box<dyn Any + Send + Sync>>);

impl Place {
    /// A place, and what gives it back when it is dropped.
    pub fn of(guard: impl Any + Send + Sync) -> Self {
        Self(Some(Box::new(guard)))
    }

    /// Where places are not counted.
    pub fn free() -> Self {
        Self(None)
    }

    /// What the hasher put in.
    pub fn held<T: Any>(&self) -> Option<&T> {
        self.0.as_ref()?.downcast_ref()
    }
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
