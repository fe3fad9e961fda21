//! What the password lane tells of itself: handles that are looked up once.

use std::time::Duration;

use metrics::{Counter, Gauge, Histogram, counter, gauge, histogram};

/// The figures of one lane, kept by whatever recorder the process has.
pub(super) struct Figures {
    waiting: Gauge,
    hashing: Gauge,
    refused: Counter,
    abandoned: Counter,
    hashes: Counter,
    waited: Histogram,
    took: Histogram,
}

impl Figures {
    /// Those of a lane with so many threads.
    pub(super) fn of(lanes: usize) -> Self {
        gauge!("doorward_password_lanes").set(number(lanes));
        Self {
            waiting: gauge!("doorward_password_queue_length"),
            hashing: gauge!("doorward_password_hashing"),
            refused: counter!("doorward_password_refused_total"),
            abandoned: counter!("doorward_password_abandoned_total"),
            hashes: counter!("doorward_password_hashes_total"),
            waited: histogram!("doorward_password_wait_seconds"),
            took: histogram!("doorward_password_hash_seconds"),
        }
    }

    /// So many wait now, and so many are worked on. To be told while nobody else can change it, or
    /// an older figure may stand over a newer one.
    pub(super) fn show(&self, waiting: usize, busy: usize) {
        self.waiting.set(number(waiting));
        self.hashing.set(number(busy));
    }

    /// Somebody found no place, or lost it to somebody else.
    pub(super) fn refused(&self) {
        self.refused.increment(1);
    }

    /// Somebody left before its turn came.
    pub(super) fn abandoned(&self) {
        self.abandoned.increment(1);
    }

    /// Somebody's turn came after so long.
    pub(super) fn begun(&self, waited: Duration) {
        self.waited.record(waited);
    }

    /// Something was done, and took so long.
    pub(super) fn done(&self, took: Duration) {
        self.hashes.increment(1);
        self.took.record(took);
    }
}

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
