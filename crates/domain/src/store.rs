//! What a store may answer when it cannot do as told.

use crate::problem::Field;

/// Why a store refused. Everything else a store has to say is in its return value.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another row already holds this unique value; nothing was written.
    #[error("{0} is taken")]
    Conflict(Field),
    /// The store could not be asked, or did not answer in time; a write may or may not have
    /// happened unless the method says otherwise. Callers answer 503, never 401.
    #[error("the store is unavailable")]
    Unavailable(#[source] Source),
}

/// An error of whatever lies behind a port, kept for the log.
pub type Source = Box<dyn std::error::Error + Send + Sync>;

impl StoreError {
    /// `Unavailable`, from an error or a sentence.
    pub fn unavailable(source: impl Into<Source>) -> Self {
        Self::Unavailable(source.into())
    }
}

/// Says whether a store can be reached at this moment; asked by `/readyz`.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait::async_trait]
pub trait StoreHealth: Send + Sync {
    /// One round trip to the store.
    async fn ping(&self) -> Result<(), StoreError>;
}
