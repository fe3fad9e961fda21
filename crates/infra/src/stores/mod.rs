//! The stores of the domain on any of the engines, in one body of Diesel code.

mod addresses;
mod audit;
mod books;
mod chatrooms;
mod codes;
mod health;
mod idempotency;
mod messages;
mod outbox;
mod people;
mod post;
mod row;
mod sealed;
mod sessions;
mod throttle;
mod users;

use std::sync::Arc;

use domain::audit::AuditStore;
use domain::books::BookStore;
use domain::chatrooms::{ChatroomStore, MessageStore};
use domain::idempotency::IdempotencyStore;
use domain::post::{CodeStore, Outbox};
use domain::resealing::SealedValues;
use domain::sessions::{SessionStore, Throttle};
use domain::store::StoreHealth;
use domain::users::UserStore;

use crate::db::Database;

/// The stores over one database.
#[derive(Clone)]
pub struct Stores {
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

impl Stores {
    /// The stores over `database`, which has been migrated.
    pub fn new(database: &Database) -> Self {
        Self {
            users: Arc::new(users::Users(database.clone())),
            sessions: Arc::new(sessions::Sessions(database.clone())),
            throttle: Arc::new(throttle::Throttles(database.clone())),
            codes: Arc::new(codes::Codes(database.clone())),
            outbox: Arc::new(outbox::Letters(database.clone())),
            chatrooms: Arc::new(chatrooms::Chatrooms(database.clone())),
            messages: Arc::new(messages::Messages(database.clone())),
            books: Arc::new(books::Books(database.clone())),
            audit: Arc::new(audit::Events(database.clone())),
            idempotency: Arc::new(idempotency::Keys(database.clone())),
            sealed: Arc::new(sealed::SealedRows(database.clone())),
            health: Arc::new(health::Health(database.clone())),
        }
    }
}

/// The most rows that one call of a `purge` removes.
const PURGE_LIMIT: i64 = 1_000;

/// A count of rows as the ports give it.
fn rows(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
