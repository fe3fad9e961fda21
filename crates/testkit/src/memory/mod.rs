//! The reference stores: the contract in its plainest form, for tests of everything above the
//! stores, and to compare an adapter with.

mod audit;
mod books;
mod chatrooms;
mod codes;
mod directory;
mod idempotency;
mod messages;
mod outbox;
mod sealed;
mod sessions;
mod state;
mod throttle;
mod users;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use domain::audit::{AuditStore, Recorded};
use domain::books::BookStore;
use domain::chatrooms::{ChatroomStore, MessageStore};
use domain::idempotency::IdempotencyStore;
use domain::post::{CodeStore, Outbox, Sequel};
use domain::resealing::SealedValues;
use domain::sessions::{SessionStore, Throttle};
use domain::store::{StoreError, StoreHealth};
use domain::users::UserStore;

use crate::contract::{EngineMissing, Prepared, StoreFixture, StoreSet};
use state::State;

/// All stores over one state in memory. Clones share it; one lock makes each method atomic.
#[derive(Clone, Default)]
pub struct MemoryStores(Arc<Shared>);

/// All that the stores kept at one moment.
pub struct Snapshot(State);

#[derive(Default)]
struct Shared(Mutex<State>);

impl MemoryStores {
    /// Empty stores.
    pub fn new() -> Self {
        Self::default()
    }

    /// The store of people.
    pub fn users(&self) -> Arc<dyn UserStore> {
        Arc::clone(&self.0) as _
    }

    /// The store of sessions.
    pub fn sessions(&self) -> Arc<dyn SessionStore> {
        Arc::clone(&self.0) as _
    }

    /// The counter of attempts.
    pub fn throttle(&self) -> Arc<dyn Throttle> {
        Arc::clone(&self.0) as _
    }

    /// The store of one-time codes.
    pub fn codes(&self) -> Arc<dyn CodeStore> {
        Arc::clone(&self.0) as _
    }

    /// The store of books.
    pub fn books(&self) -> Arc<dyn BookStore> {
        Arc::clone(&self.0) as _
    }

    /// The store of chatrooms.
    pub fn chatrooms(&self) -> Arc<dyn ChatroomStore> {
        Arc::clone(&self.0) as _
    }

    /// The store of messages.
    pub fn messages(&self) -> Arc<dyn MessageStore> {
        Arc::clone(&self.0) as _
    }

    /// The store of events.
    pub fn audit(&self) -> Arc<dyn AuditStore> {
        Arc::clone(&self.0) as _
    }

    /// The store of idempotency keys.
    pub fn idempotency(&self) -> Arc<dyn IdempotencyStore> {
        Arc::clone(&self.0) as _
    }

    /// The outbox.
    pub fn outbox(&self) -> Arc<dyn Outbox> {
        Arc::clone(&self.0) as _
    }

    /// All that is kept sealed.
    pub fn sealed(&self) -> Arc<dyn SealedValues> {
        Arc::clone(&self.0) as _
    }

    /// Whether the stores answer.
    pub fn health(&self) -> Arc<dyn StoreHealth> {
        Arc::clone(&self.0) as _
    }

    /// All of them.
    pub fn set(&self) -> StoreSet {
        StoreSet {
            users: self.users(),
            sessions: self.sessions(),
            throttle: self.throttle(),
            codes: self.codes(),
            outbox: self.outbox(),
            chatrooms: self.chatrooms(),
            messages: self.messages(),
            books: self.books(),
            audit: self.audit(),
            idempotency: self.idempotency(),
            sealed: self.sealed(),
            health: self.health(),
        }
    }

    /// Changes what happened behind the back of the stores.
    pub fn tamper(&self, change: impl FnOnce(&mut Vec<Recorded>)) {
        change(&mut self.0.lock().events);
    }

    /// All that is kept now, for [`put_back`](Self::put_back).
    pub fn snapshot(&self) -> Snapshot {
        Snapshot(self.0.lock().clone())
    }

    /// Keeps exactly what was kept when the snapshot was taken.
    pub fn put_back(&self, snapshot: &Snapshot) {
        *self.0.lock() = snapshot.0.clone();
    }

    /// While `false`, every call is answered `Unavailable` and does nothing.
    pub fn set_available(&self, available: bool) {
        self.0.lock().away = !available;
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The state, unless the stores are told to be away.
    fn state(&self) -> Result<MutexGuard<'_, State>, StoreError> {
        let state = self.lock();
        if state.away {
            return Err(StoreError::unavailable("the stores in memory were told to be away"));
        }
        Ok(state)
    }

    /// The state, for a change that this follows, if the idempotency key of its request is still held.
    fn state_for(&self, sequel: &Sequel) -> Result<MutexGuard<'_, State>, StoreError> {
        let state = self.state()?;
        if sequel.claim.as_ref().is_some_and(|claim| !state.is_held(claim)) {
            return Err(StoreError::unavailable("somebody else holds the idempotency key by now"));
        }
        Ok(state)
    }
}

#[async_trait]
impl StoreHealth for Shared {
    async fn ping(&self) -> Result<(), StoreError> {
        self.state().map(drop)
    }
}

#[async_trait]
impl StoreFixture for MemoryStores {
    async fn prepare() -> Result<Prepared, EngineMissing> {
        Ok(Prepared::new(Self::new().set(), ()))
    }
}
