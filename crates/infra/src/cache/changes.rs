//! What was changed, and when: by it every remembered reading is judged.
//!
//! Time is counted in changes. A reading notes the count *before* the store is asked; a change raises
//! the count *after* the store has answered. So a reading is good if nothing it depends on was changed
//! at a higher count, and nothing is being changed now. It does not matter in which order a reading
//! and a change arrive here, or how long either took.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::{Duration, Instant};

use domain::store::StoreError;
use uuid::Uuid;

/// How long a change without an answer is waited for: a store that has not written by then was
/// stopped, or says at every later reading what it did.
const DOUBT: Duration = Duration::from_secs(120);
/// How long marks are kept at least, and how many of them before they are let go sooner.
const KEPT: Duration = Duration::from_secs(60);
const MANY: usize = 50_000;

/// The changes that readings are judged by. Clones share them.
#[derive(Clone)]
pub(super) struct Changes(Arc<Inner>);

struct Inner {
    count: AtomicU64,
    /// Whatever was read before is not good any more.
    floor: AtomicU64,
    marks: RwLock<Marks>,
    /// Changes that nobody knows the end of, the oldest first.
    doubts: Mutex<Vec<(Instant, Keys)>>,
}

/// What one change is about: a session, a person, or both.
pub(super) type Keys = [Option<Uuid>; 2];

/// In two ages, so that old ones go all at once.
struct Marks {
    young: HashMap<Uuid, Mark>,
    old: HashMap<Uuid, Mark>,
    since: Instant,
}

#[derive(Clone, Copy, Default)]
struct Mark {
    running: u32,
    at: u64,
}

impl Mark {
    fn lets(self, read_at: u64) -> bool {
        self.running == 0 && self.at <= read_at
    }
}

impl Default for Changes {
    fn default() -> Self {
        let marks = Marks { young: HashMap::new(), old: HashMap::new(), since: Instant::now() };
        Self(Arc::new(Inner {
            count: AtomicU64::new(1),
            floor: AtomicU64::new(0),
            marks: RwLock::new(marks),
            doubts: Mutex::default(),
        }))
    }
}

impl Changes {
    /// The count; asked for before a reading.
    pub(super) fn count(&self) -> u64 {
        self.0.count.load(Ordering::SeqCst)
    }

    /// Whether what was read at this count is good still.
    pub(super) fn let_stand(&self, read_at: u64, keys: [Uuid; 2]) -> bool {
        // The floor rises while marks are let go: so it is looked at while they are held.
        let marks = self.read();
        read_at >= self.0.floor.load(Ordering::SeqCst)
            && keys.iter().all(|key| marks.let_stand(key, read_at))
    }

    /// Begins a change: until it is settled, nothing that was read of these is good.
    pub(super) fn begin(&self, keys: Keys) -> Change {
        self.end_doubts();
        let mut marks = self.write();
        for key in keys.into_iter().flatten() {
            marks.mark(key).running += 1;
        }
        drop(marks);
        Change { changes: self.clone(), keys, settled: false }
    }

    /// Notes a change that somebody else made.
    pub(super) fn note(&self, keys: Keys) {
        let mut marks = self.write();
        let at = self.next();
        for key in keys.into_iter().flatten() {
            marks.mark(key).at = at;
        }
    }

    /// Nothing that was read before is good any more.
    pub(super) fn void(&self) {
        let at = self.next();
        self.0.floor.fetch_max(at, Ordering::SeqCst);
    }

    fn next(&self) -> u64 {
        self.0.count.fetch_add(1, Ordering::SeqCst) + 1
    }

    /// Ends a change and says at which count, and whether what was read at `read_at` was good until
    /// then but for this change.
    fn end(&self, keys: Keys, read_at: Option<u64>) -> (u64, bool) {
        let mut marks = self.write();
        let floor = self.0.floor.load(Ordering::SeqCst);
        let mut undisturbed = read_at.is_some_and(|read_at| read_at >= floor);
        let at = self.next();
        for key in keys.into_iter().flatten() {
            let mark = marks.mark(key);
            mark.running = mark.running.saturating_sub(1);
            undisturbed &= read_at.is_some_and(|read_at| mark.lets(read_at));
            mark.at = at;
        }
        let dropped = marks.age();
        self.0.floor.fetch_max(dropped, Ordering::SeqCst);
        (at, undisturbed)
    }

    /// Changes that were waited for long enough are taken for done.
    fn end_doubts(&self) {
        let mut doubts = self.0.doubts.lock().unwrap_or_else(PoisonError::into_inner);
        if doubts.first().is_none_or(|(end, _)| Instant::now() < *end) {
            return;
        }
        let now = Instant::now();
        let (over, rest) = doubts.drain(..).partition(|(end, _)| now >= *end);
        *doubts = rest;
        drop(doubts);
        let over: Vec<(Instant, Keys)> = over;
        for (_, keys) in over {
            self.end(keys, None);
        }
    }

    // The marks are whole between any two statements.
    fn read(&self) -> RwLockReadGuard<'_, Marks> {
        self.0.marks.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Marks> {
        self.0.marks.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Marks {
    fn let_stand(&self, key: &Uuid, read_at: u64) -> bool {
        let mark = self.young.get(key).or_else(|| self.old.get(key));
        mark.is_none_or(|mark| mark.lets(read_at))
    }

    fn mark(&mut self, key: Uuid) -> &mut Mark {
        let before = self.old.remove(&key).unwrap_or_default();
        self.young.entry(key).or_insert(before)
    }

    /// Lets old marks go, and says below which count readings may have depended on one of them.
    fn age(&mut self) -> u64 {
        if self.since.elapsed() < KEPT && self.young.len() < MANY {
            return 0;
        }
        self.since = Instant::now();
        let young = std::mem::take(&mut self.young);
        let gone = std::mem::replace(&mut self.old, young);
        let (running, over): (Vec<_>, Vec<_>) =
            gone.into_iter().partition(|(_, mark)| mark.running > 0);
        self.young.extend(running);
        over.into_iter().map(|(_, mark)| mark.at).max().unwrap_or(0)
    }
}

/// A change under way. Dropped before it was settled, it is one that may yet happen.
pub(super) struct Change {
    changes: Changes,
    keys: Keys,
    settled: bool,
}

impl Change {
    /// The store answered. If it answered that it does not know, it may yet happen.
    pub(super) fn settle<T>(self, outcome: &Result<T, StoreError>) {
        self.settle_over(outcome, None);
    }

    /// As [`settle`](Self::settle); says at which count it happened if what was read at `read_at` was
    /// good until then but for this change.
    pub(super) fn settle_over<T>(
        mut self,
        outcome: &Result<T, StoreError>,
        read_at: Option<u64>,
    ) -> Option<u64> {
        match outcome {
            Ok(_) | Err(StoreError::Conflict(_)) => {
                self.settled = true;
                let (at, undisturbed) = self.changes.end(self.keys, read_at);
                undisturbed.then_some(at)
            }
            Err(StoreError::Unavailable(_)) => None,
        }
    }
}

impl Drop for Change {
    fn drop(&mut self) {
        if !self.settled {
            let mut doubts = self.changes.0.doubts.lock().unwrap_or_else(PoisonError::into_inner);
            doubts.push((Instant::now() + DOUBT, self.keys));
        }
    }
}

#[cfg(test)]
mod tests;
