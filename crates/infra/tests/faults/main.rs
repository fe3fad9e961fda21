//! What becomes of callers when a database is slow, gone, crowded or closed to them.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod outages;
mod proxy;
mod rights;
mod tls;
mod writers;

use infra::db::testing::{Engine, TestDatabase};

/// A migrated database of this engine; `None` where there is no server for it and none is required.
fn database(engine: Engine) -> Option<TestDatabase> {
    unless_left_out(TestDatabase::migrated(engine))
}

/// A database without tables; `None` where there is no server for it and none is required.
fn empty_database(engine: Engine) -> Option<TestDatabase> {
    unless_left_out(TestDatabase::empty(engine))
}

#[expect(clippy::print_stderr, reason = "a skipped test has no other way to say so")]
fn unless_left_out(made: Result<TestDatabase, String>) -> Option<TestDatabase> {
    made.inspect_err(|reason| eprintln!("skipped: {reason}")).ok()
}
