//! Users and sessions: entities, the ports they need, and the services that surfaces call.
//!
//! Nothing here does I/O, reads a clock, draws random bytes or knows HTTP or SQL. What it needs of
//! the world comes through ports (`Clock`, `Entropy`, `UserStore`, `SessionStore`, `Throttle`,
//! `PasswordHasher`, `TokenSigner`, `SecurityLog`), each a trait with its obligations written down
//! and proven for every adapter by `testkit::contract`.

pub mod audit;
pub mod books;
pub mod chatrooms;
pub mod entropy;
pub mod idempotency;
#[cfg(test)]
mod mocked;
pub mod page;
pub mod pictures;
pub mod post;
pub mod problem;
pub mod resealing;
pub mod sealing;
pub mod sessions;
pub mod store;
pub mod time;
pub mod traffic;
pub mod users;

use std::sync::Arc;

use crate::audit::{AuditService, AuditStore, Surroundings};
use crate::books::{BookService, BookStore};
use crate::chatrooms::{ChatroomService, ChatroomStore, Doorbell, MessageStore};
use crate::entropy::Entropy;
use crate::idempotency::{IdempotencyService, IdempotencyStore};
use crate::pictures::{BlobStore, PictureService, PictureStudio};
use crate::post::{CodeStore, Courier, Outbox, PostService};
use crate::sealing::Sealer;
use crate::sessions::{
    ChainKey, Gate, Lifetimes, LoginLimits, Pause, SecurityLog, SessionService, SessionStore,
    Throttle, TokenSigner,
};
use crate::store::StoreHealth;
use crate::time::Clock;
use crate::traffic::TrafficService;
use crate::users::{Credentials, PasswordHasher, UserService, UserStore};

/// The adapters that services are built on.
#[derive(Clone)]
pub struct Ports {
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Gives random bytes.
    pub entropy: Arc<dyn Entropy>,
    /// Keeps people.
    pub users: Arc<dyn UserStore>,
    /// Keeps sessions.
    pub sessions: Arc<dyn SessionStore>,
    /// Counts attempts.
    pub throttle: Arc<dyn Throttle>,
    /// Counts what comes too often to be written down, in this process alone.
    pub local_throttle: Arc<dyn Throttle>,
    /// Lets answers wait.
    pub pause: Arc<dyn Pause>,
    /// Keeps one-time codes.
    pub codes: Arc<dyn CodeStore>,
    /// Keeps promised letters.
    pub outbox: Arc<dyn Outbox>,
    /// Carries letters.
    pub courier: Arc<dyn Courier>,
    /// Seals what must be read again.
    pub sealer: Arc<dyn Sealer>,
    /// Keeps chatrooms.
    pub chatrooms: Arc<dyn ChatroomStore>,
    /// Keeps messages.
    pub messages: Arc<dyn MessageStore>,
    /// Rings when something was said.
    pub doorbell: Arc<dyn Doorbell>,
    /// Keeps books.
    pub books: Arc<dyn BookStore>,
    /// Keeps what happened.
    pub audit: Arc<dyn AuditStore>,
    /// Keeps idempotency keys.
    pub idempotency: Arc<dyn IdempotencyStore>,
    /// Tells which request is served.
    pub surroundings: Arc<dyn Surroundings>,
    /// Keeps pictures.
    pub blobs: Arc<dyn BlobStore>,
    /// Develops pictures.
    pub studio: Arc<dyn PictureStudio>,
    /// Says whether the stores can be reached.
    pub health: Arc<dyn StoreHealth>,
    /// Hashes passwords.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Signs tokens.
    pub signer: Arc<dyn TokenSigner>,
    /// Takes notes.
    pub log: Arc<dyn SecurityLog>,
}

/// What an operator may decide.
#[derive(Clone)]
pub struct Policy {
    /// How long tokens and sessions live.
    pub lifetimes: Lifetimes,
    /// How many sign-ins may fail.
    pub limits: LoginLimits,
    /// Whether people may register themselves; else administrators add them.
    pub registration_open: bool,
    /// How many people may register from one network within the window of `limits`.
    pub registrations_per_network: u32,
    /// How many searches and lists one network may ask a process for within a minute.
    pub searches_per_network: u32,
    /// How many pictures may come from one network within the window of `limits`.
    pub uploads_per_network: u32,
}

/// The bundle of services that a surface is given.
#[derive(Clone)]
pub struct Services {
    /// What may be done to people.
    pub users: Arc<UserService>,
    /// What may be done to sessions.
    pub sessions: Arc<SessionService>,
    /// What may be done with chatrooms.
    pub chatrooms: Arc<ChatroomService>,
    /// What may be done with books.
    pub books: Arc<BookService>,
    /// What may be done with one's picture.
    pub pictures: Arc<PictureService>,
    /// What happened, and that nobody altered it.
    pub audit: Arc<AuditService>,
    /// What was sent under an idempotency key before.
    pub idempotency: Arc<IdempotencyService>,
    /// How much one network may ask.
    pub traffic: Arc<TrafficService>,
    /// Delivers what was promised.
    pub post: Arc<PostService>,
    /// Whether the stores can be reached; asked by `/readyz`.
    pub health: Arc<dyn StoreHealth>,
}

impl Services {
    /// Builds all services on these adapters.
    pub fn new(ports: Ports, policy: &Policy, chain_key: ChainKey) -> Self {
        let credentials = Arc::new(Credentials::new(&ports, policy.limits.clone()));
        let chain_key = Arc::new(chain_key);
        let gate = Gate::new(&ports.throttle, &ports.clock, policy.limits.enabled);
        let idempotency = IdempotencyService::new(&ports, gate.clone(), Arc::clone(&chain_key));
        let chatrooms = Arc::new(ChatroomService::new(&ports, gate.clone()));
        let books = Arc::new(BookService::new(&ports));
        let pictures = Arc::new(PictureService::new(&ports));
        let users = UserService::new(
            &ports,
            Arc::clone(&credentials),
            Arc::clone(&chain_key),
            Arc::clone(&pictures),
            gate,
            policy,
        );
        let audit = AuditService::new(&ports, Arc::clone(&chain_key));
        let traffic = TrafficService::new(&ports, policy);
        let post = PostService::new(&ports);
        let health = Arc::clone(&ports.health);
        let sessions = SessionService::new(ports, credentials, policy.lifetimes.clone(), chain_key);
        Self {
            users: Arc::new(users),
            sessions: Arc::new(sessions),
            chatrooms,
            books,
            pictures,
            audit: Arc::new(audit),
            idempotency: Arc::new(idempotency),
            traffic: Arc::new(traffic),
            post: Arc::new(post),
            health,
        }
    }
}
