//! What was read, for a while, and not without bounds.

use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::sessions::{Holder, SessionId};
use quick_cache::sync::Cache;

/// How many sessions are remembered; about a kilobyte each.
const MOST: usize = 50_000;
/// How long: what could go unnoticed, if anything could, ends then.
const LONGEST: Duration = Duration::from_secs(60);

/// The readings, by session. Clones share them.
#[derive(Clone)]
pub(super) struct Readings(Arc<Cache<SessionId, Reading>>);

/// What a store said.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    /// The session and its person.
    pub(super) holder: Holder,
    /// The count of changes before the store was asked.
    pub(super) read_at: u64,
    /// When it was asked.
    pub(super) asked: Instant,
}

impl Default for Readings {
    fn default() -> Self {
        Self(Arc::new(Cache::new(MOST)))
    }
}

impl Readings {
    /// What is remembered of this session.
    pub(super) fn get(&self, id: SessionId) -> Option<Reading> {
        self.0.get(&id).filter(|reading| reading.asked.elapsed() < LONGEST)
    }

    /// Remembers a reading.
    pub(super) fn keep(&self, reading: Reading) {
        self.0.insert(reading.holder.session.id, reading);
    }

    /// Forgets all.
    pub(super) fn clear(&self) {
        self.0.clear();
    }

    /// Forgets what was read of a session.
    pub(super) fn forget(&self, id: SessionId) {
        self.0.remove(&id);
    }
}
