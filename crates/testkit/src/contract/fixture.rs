//! What a storage adapter hands to the contract suite.

use std::any::Any;
use std::sync::Arc;

use async_trait::async_trait;
use domain::audit::AuditStore;
use domain::books::BookStore;
use domain::chatrooms::{ChatroomStore, MessageStore};
use domain::idempotency::IdempotencyStore;
use domain::post::{CodeStore, Outbox};
use domain::resealing::SealedValues;
use domain::sessions::{SessionStore, Throttle};
use domain::store::StoreHealth;
use domain::users::UserStore;

/// Makes stores for the suite. Implement it on an empty type, once per engine.
#[async_trait]
pub trait StoreFixture {
    /// Fresh stores over an empty database of their own: contracts run side by side, and each
    /// counts what it finds.
    ///
    /// # Errors
    /// [`EngineMissing`] where this machine has no such engine. Where there is one and it does not
    /// work, panic instead: that is a failure, never a reason to skip.
    async fn prepare() -> Result<Prepared, EngineMissing>;
}

/// The stores of one database.
#[derive(Clone)]
pub struct StoreSet {
    /// Keeps people.
    pub users: Arc<dyn UserStore>,
    /// Keeps sessions.
    pub sessions: Arc<dyn SessionStore>,
    /// Counts attempts.
    pub throttle: Arc<dyn Throttle>,
    /// Keeps one-time codes.
    pub codes: Arc<dyn CodeStore>,
    /// Keeps promised letters.
    pub outbox: Arc<dyn Outbox>,
    /// Keeps chatrooms.
    pub chatrooms: Arc<dyn ChatroomStore>,
    /// Keeps messages.
    pub messages: Arc<dyn MessageStore>,
    /// Keeps books.
    pub books: Arc<dyn BookStore>,
    /// Keeps what happened.
    pub audit: Arc<dyn AuditStore>,
    /// Keeps idempotency keys.
    pub idempotency: Arc<dyn IdempotencyStore>,
    /// Finds all that is kept sealed.
    pub sealed: Arc<dyn SealedValues>,
    /// Says whether the database answers.
    pub health: Arc<dyn StoreHealth>,
}

/// Stores ready for one contract, and what cleans up after them.
pub struct Prepared {
    /// The stores.
    pub stores: StoreSet,
    pub(super) guard: Box<dyn Any + Send>,
}

impl Prepared {
    /// `guard` is dropped when the contract is over, passed or failed, after the stores and the
    /// async runtime are gone: its `Drop` may block, for instance to drop the database. Give `()`
    /// where nothing is left to clean up.
    pub fn new(stores: StoreSet, guard: impl Send + 'static) -> Self {
        Self { stores, guard: Box::new(guard) }
    }
}

/// Why an engine is not to be had on this machine, in one sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EngineMissing(pub String);
