//! The store contract: every obligation in the ports' doc comments, as a test with a sentence for
//! its name.
//!
//! A storage adapter runs all of them, each on fresh stores, in a test of its own crate:
//! ```
//! use async_trait::async_trait;
//! use testkit::contract::{EngineMissing, Prepared, StoreFixture};
//! use testkit::memory::MemoryStores;
//!
//! struct MyEngine;
//!
//! #[async_trait]
//! impl StoreFixture for MyEngine {
//!     async fn prepare() -> Result<Prepared, EngineMissing> {
//!         let stores = MemoryStores::new();
//!         Ok(Prepared::new(stores.set(), ()))
//!     }
//! }
//!
//! mod my_engine {
//!     testkit::store_contract!(super::MyEngine);
//! }
//! # fn main() {}
//! ```
//! One call per module; a second engine gets a module of its own.
#![expect(clippy::unwrap_used, reason = "a contract fails by panicking")]
#![expect(clippy::expect_used, reason = "a contract fails by panicking")]
#![expect(clippy::panic, reason = "a contract fails by panicking")]

mod fixture;
mod list;
mod runner;
mod steps;

pub mod adding;
pub mod addresses;
pub mod audit;
pub mod book_searches;
pub mod books;
pub mod closing;
pub mod codes;
pub mod directory;
pub mod directory_pages;
pub mod idempotency;
pub mod keys;
pub mod letters;
pub mod messages;
pub mod opening;
pub mod passwords;
pub mod racing_people;
pub mod racing_rooms;
pub mod racing_sessions;
pub mod replacing;
pub mod resealing;
pub mod rooms;
pub mod rotating;
pub mod searches;
pub mod session_lists;
pub mod statuses;
pub mod texts;
pub mod throttling;

pub use fixture::{EngineMissing, Prepared, StoreFixture, StoreSet};
pub use runner::run;
