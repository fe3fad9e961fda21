//! Who writes to a SQLite file: one process alone, or several that know of each other.
//!
//! Whoever may write holds a lock on `<database>.lock`. Held *alone*, it is the proof that nobody
//! else changes anything, and what was read may be remembered. Held *shared*, each reads anew. A
//! process that comes while another is alone asks it, at a Unix socket, to share: see
//! `docs/decisions/0014-one-process-writes-or-all-ask.md`.

mod keeper;
mod lock;
mod socket;

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

pub use self::keeper::Keeper;
use self::lock::{Hold, Lock};

/// How long a running server may take to share.
const PATIENCE: Duration = Duration::from_millis(if cfg!(test) { 500 } else { 5_000 });

/// How long to wait before the one who is alone is asked again.
const PAUSE: Duration = Duration::from_millis(20);

/// Why a process may not write.
#[derive(Debug, thiserror::Error)]
pub enum SoleError {
    /// A file or a socket refuses.
    #[error("cannot {action} {}", path.display())]
    File {
        /// What was tried.
        action: &'static str,
        /// With what.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// Somebody writes alone, and does not say that it shares.
    #[error(
        "{} is in use by another process ({holder}), which does not answer; nothing was changed",
        database.display()
    )]
    Silent {
        /// The database.
        database: PathBuf,
        /// What the other process wrote of itself: its id and its socket.
        holder: String,
    },
}

/// The right to write beside others, until it is dropped.
#[derive(Debug)]
pub struct Visit {
    /// `None` where the file system knows no locks: then nobody is ever alone.
    _lock: Option<Lock>,
}

impl Visit {
    /// Joins those who write to this SQLite file; who writes alone is asked to share first. Blocks
    /// for a few seconds at most.
    pub fn begin(database: &Path) -> Result<Self, SoleError> {
        let Some(lock) = Lock::open(database)? else { return Ok(Self { _lock: None }) };
        arrive(&lock, None)?;
        Ok(Self { _lock: Some(lock) })
    }
}

/// Takes the lock: alone if a server asks, who listens at `own`, and nobody else has it; else shared.
fn arrive(lock: &Lock, own: Option<&Path>) -> Result<Hold, SoleError> {
    let end = Instant::now() + PATIENCE;
    loop {
        let taken = lock.in_turn(PATIENCE, || {
            if own.is_some() && lock.try_alone()? {
                return Ok(Some(Hold::Alone));
            }
            Ok(lock.try_shared()?.then_some(Hold::Shared))
        })?;
        if let Some(hold) = taken {
            return Ok(hold);
        }
        let holder = lock.holder();
        // Whoever was alone before may have listened at the same path, and be about to end.
        let other = holder.socket().filter(|path| Some(path.as_path()) != own);
        let answer = other.map(|path| socket::ask(&path, socket::SHARE));
        let shares = matches!(answer, Some(Ok(ref said)) if said == socket::SHARED);
        if Instant::now() >= end {
            let database = lock.database().to_owned();
            return Err(SoleError::Silent { database, holder: holder.to_string() });
        }
        if !shares {
            // It may be about to listen, or to leave.
            std::thread::sleep(PAUSE);
        }
    }
}

#[cfg(test)]
mod tests;
