//! How a connection to each engine is opened, and what its session is told before its first query.

#[cfg(feature = "mysql")]
pub(super) mod mysql;
#[cfg(feature = "postgres")]
pub(super) mod postgres;
pub(super) mod sqlite;

use std::time::Duration;

/// How long an engine may take for what it is asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Waiting for a lock that another transaction holds, at most 3 s.
    pub(super) lock: Duration,
    /// A whole statement: nobody waits for its answer any longer than this.
    pub(super) statement: Duration,
}

/// What the caller of an operation is made to wait beyond `database.acquire_timeout`, at most.
const GRACE: Duration = Duration::from_millis(500);
const LONGEST_LOCK_WAIT: Duration = Duration::from_secs(3);

impl Limits {
    /// The limits that follow from `database.acquire_timeout`.
    pub(super) fn new(acquire_timeout: Duration) -> Self {
        Self {
            lock: acquire_timeout.min(LONGEST_LOCK_WAIT),
            statement: acquire_timeout.saturating_add(GRACE),
        }
    }
}

/// Whole seconds, for settings that know no fractions; at least one, since none means for ever.
#[cfg(any(feature = "mysql", feature = "postgres"))]
fn whole_seconds(span: Duration) -> u64 {
    span.as_secs().max(1)
}
