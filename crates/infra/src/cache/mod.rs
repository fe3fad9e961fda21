//! Sessions and their people, remembered, as decorators of the ports that keep them.
//!
//! While this process is the only one that writes to the database, what it remembers is *exact*: every
//! change goes through the decorators, and a reading that any change has overtaken is not used (see
//! `changes`). Where others write too, nothing is remembered, unless the operator said how old a
//! reading may be; then what others change is heard of sooner by the audit trail ([`SessionCache::listen`]).

mod changes;
mod codes;
mod feed;
mod readings;
mod sessions;
mod users;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use metrics::{Counter, counter};
use uuid::Uuid;

use self::changes::{Change, Changes};
use self::codes::WatchedCodes;
use self::readings::Readings;
use self::sessions::CachedSessions;
use self::users::WatchedUsers;
use crate::stores::Stores;

/// What is remembered, and how old it may be. Clones share it.
#[derive(Clone)]
pub struct SessionCache {
    changes: Changes,
    readings: Readings,
    /// Whether this process is the only one that writes.
    sole: Arc<AtomicBool>,
    /// How old a reading may be where others write too.
    staleness: Option<Duration>,
    remembered: Counter,
    read: Counter,
}

/// How much a reading is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trust {
    /// It is what the store would say.
    Exact,
    /// It is what the store said so long ago at most.
    Within(Duration),
    /// Nothing.
    None,
}

impl SessionCache {
    /// A cache that trusts nothing until this process is the [only writer](Self::set_sole), but what
    /// is no older than `staleness`.
    pub fn new(staleness: Option<Duration>) -> Self {
        Self {
            changes: Changes::default(),
            readings: Readings::default(),
            sole: Arc::default(),
            staleness,
            remembered: counter!("doorward_session_readings_total", "from" => "memory"),
            read: counter!("doorward_session_readings_total", "from" => "store"),
        }
    }

    /// The same stores; sessions and people are read and changed by way of this cache.
    pub fn over(&self, stores: Stores) -> Stores {
        Stores {
            users: Arc::new(WatchedUsers { inner: stores.users, cache: self.clone() }),
            sessions: Arc::new(CachedSessions { inner: stores.sessions, cache: self.clone() }),
            codes: Arc::new(WatchedCodes { inner: stores.codes, cache: self.clone() }),
            ..stores
        }
    }

    /// Says whether this process is the only one that writes to the database. Must be told *before*
    /// anybody else may, and only *after* nobody else does: once this returned, no request that
    /// begins later is answered by what was remembered before.
    pub fn set_sole(&self, sole: bool) {
        if sole {
            self.forget();
        }
        self.sole.store(sole, Ordering::SeqCst);
        if !sole {
            self.forget();
        }
    }

    /// Forgets everything: somebody may have changed anything.
    pub fn forget(&self) {
        self.changes.void();
        // They would not be used, and take memory.
        self.readings.clear();
    }

    /// Begins a change of a person.
    fn change_person(&self, id: domain::users::UserId) -> Change {
        self.changes.begin([Some(id.0), None])
    }

    /// Begins a change of a session.
    fn change_session(&self, id: Uuid) -> Change {
        self.changes.begin([Some(id), None])
    }

    fn trust(&self) -> Trust {
        if self.sole.load(Ordering::SeqCst) {
            return Trust::Exact;
        }
        self.staleness.map_or(Trust::None, Trust::Within)
    }
}

#[cfg(test)]
mod tests;
