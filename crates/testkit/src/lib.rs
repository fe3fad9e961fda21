//! What tests are made of: a clock and randomness that obey, builders, in-memory stores, and the
//! contract suite that every store must pass.
//!
//! Whoever writes a new storage adapter implements [`contract::StoreFixture`] and calls
//! [`store_contract!`] once; see [`contract`].

pub mod builders;
pub mod contract;
pub mod courier;
pub mod doorbell;
pub mod entropy;
pub mod hashing;
pub mod household;
pub mod memory;
pub mod pause;
pub mod pictures;
pub mod sealing;
pub mod security_log;
pub mod signing;
pub mod time;

pub use builders::{a_session, a_user};
