//! What the acceptance tests share: the real binary, started in an empty folder, and a client.
//!
//! Every test gets a server and a database of its own. Nothing is mocked: requests go over TCP.

mod actor;
mod client;
mod letters;
mod server;

pub use actor::Actor;
pub use client::{Client, Reply};
pub use infra::db::testing::Engine;
pub use letters::Letter;
pub use server::{Server, ServerBuilder};

/// A password that every rule accepts.
pub const PASSWORD: &str = "correct horse battery";
