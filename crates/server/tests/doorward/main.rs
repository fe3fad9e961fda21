//! The binary itself: what it prints, where, and how it ends.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where")]

mod admin;
mod alone;
mod command;
mod config;
mod drain;
mod lines;
mod migrate;
mod refusals;
mod serve;
mod server;
mod tls;
mod usage;
