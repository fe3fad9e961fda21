//! A clock that stands still until it is told otherwise.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::DateTime;
use domain::time::{Clock, Timestamp};

/// A clock that a test sets. Clones show the same time.
#[derive(Debug, Clone)]
pub struct ManualClock(Arc<AtomicI64>);

impl ManualClock {
    /// A clock that stands at this moment.
    pub fn at(moment: Timestamp) -> Self {
        Self(Arc::new(AtomicI64::new(moment.micros())))
    }

    /// Moves to this moment, forward or back.
    pub fn set(&self, moment: Timestamp) {
        self.0.store(moment.micros(), Ordering::SeqCst);
    }

    /// Moves forward by `span`.
    pub fn advance(&self, span: Duration) {
        self.set(self.now().plus(span));
    }
}

/// Stands at noon of 20 November 2026, UTC.
impl Default for ManualClock {
    fn default() -> Self {
        Self::at(noon())
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst)).unwrap_or_else(noon)
    }
}

/// Noon of 20 November 2026, UTC: the present of all builders.
pub fn noon() -> Timestamp {
    moment("2026-11-20T12:00:00Z")
}

/// The moment that `text` writes as RFC 3339 does.
///
/// # Panics
/// When it is no such text.
#[expect(clippy::panic, reason = "the text stands in the test that calls")]
pub fn moment(text: &str) -> Timestamp {
    match DateTime::parse_from_rfc3339(text) {
        Ok(moment) => Timestamp::from_datetime(moment.to_utc()),
        Err(error) => panic!("{text} is no moment: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_show_the_same_time() {
        let clock = ManualClock::default();
        let same = clock.clone();
        same.advance(Duration::from_secs(90));
        assert_eq!(clock.now(), moment("2026-11-20T12:01:30Z"));
        clock.set(moment("2000-01-01T00:00:00.000001Z"));
        assert_eq!(same.now(), moment("2000-01-01T00:00:00.000001Z"));
    }
}
