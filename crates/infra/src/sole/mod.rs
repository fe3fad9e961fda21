//! Who writes to a SQLite file: one process alone, or several that know of each other.
//!
//! Whoever may write holds a lock on `<database>.lock`. Held *alone*, it is the proof that nobody
//! else changes anything, and what was read may be remembered. Held *shared*, each reads anew. A
//! process that comes while another is alone asks it, at a Unix socket, to share: see
//! `docs/decisions/0014-one-process-writes-or-all-ask.md`.

mod answering;
mod arrival;
mod error;
mod keeper;
mod lock;
mod socket;
mod turn;

use std::path::Path;
use std::time::Duration;

pub use self::error::SoleError;
pub use self::keeper::Keeper;
use self::lock::Lock;

/// How long a running server may take to share.
const PATIENCE: Duration = Duration::from_secs(5);

/// The right to write beside others, until it is dropped.
#[derive(Debug)]
pub struct Visit {
    /// `None` where the file system knows no locks: then nobody is ever alone.
    _lock: Option<Lock>,
}

impl Visit {
    /// Joins those who write to this SQLite file; who writes alone is asked to share first. Blocks
    /// for about five seconds at most.
    ///
    /// # Errors
    /// When somebody is alone and does not share, or the lock cannot be taken for another reason:
    /// then nothing may be written.
    pub fn begin(database: &Path) -> Result<Self, SoleError> {
        Ok(Self { _lock: arrival::arrive(database, PATIENCE)? })
    }

    /// Keeps the right until the process ends: a thread may still be writing when all that was
    /// wanted is done.
    pub fn for_good(self) {
        std::mem::forget(self);
    }
}

#[cfg(test)]
mod tests;
