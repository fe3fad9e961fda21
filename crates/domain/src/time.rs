//! Time as the domain sees it: UTC, in whole microseconds, told by a [`Clock`].

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

/// A moment in UTC, truncated to microseconds: the finest step that all four stores keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(DateTime<Utc>);

impl Timestamp {
    /// Truncates `moment` to microseconds.
    pub fn from_datetime(moment: DateTime<Utc>) -> Self {
        Self(DateTime::from_timestamp_micros(moment.timestamp_micros()).unwrap_or(moment))
    }

    /// The moment `micros` microseconds after 1970-01-01T00:00:00Z; `None` beyond chrono's range.
    pub fn from_micros(micros: i64) -> Option<Self> {
        DateTime::from_timestamp_micros(micros).map(Self)
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    pub fn micros(self) -> i64 {
        self.0.timestamp_micros()
    }

    /// Whole seconds since 1970-01-01T00:00:00Z, rounded down (JWT `NumericDate`, RFC 7519 §2).
    pub fn seconds(self) -> i64 {
        self.0.timestamp()
    }

    /// The same moment for formatting.
    pub fn datetime(self) -> DateTime<Utc> {
        self.0
    }

    /// Later by `span`; stops at the end of time instead of overflowing.
    pub fn plus(self, span: Duration) -> Self {
        let moved =
            TimeDelta::from_std(span).ok().and_then(|delta| self.0.checked_add_signed(delta));
        Self(moved.unwrap_or(DateTime::<Utc>::MAX_UTC))
    }

    /// Earlier by `span`; stops at the beginning of time instead of overflowing.
    pub fn minus(self, span: Duration) -> Self {
        let moved =
            TimeDelta::from_std(span).ok().and_then(|delta| self.0.checked_sub_signed(delta));
        Self(moved.unwrap_or(DateTime::<Utc>::MIN_UTC))
    }

    /// How long after `earlier` this is; zero where a clock stepped back.
    pub fn since(self, earlier: Self) -> Duration {
        (self.0 - earlier.0).to_std().unwrap_or_default()
    }
}

/// Tells the time. The only source of it for services.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
pub trait Clock: Send + Sync {
    /// Now, in UTC.
    fn now(&self) -> Timestamp;
}
