//! What follows a change: codes to keep and letters to send.

use crate::post::{Code, Dispatch};

/// Kept in the same transaction as the change that it follows: both happen, or neither.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sequel {
    /// Each takes the place of what was kept under the same handle.
    pub codes: Vec<Code>,
    /// Each is delivered once at least.
    pub dispatches: Vec<Dispatch>,
}

impl Sequel {
    /// Nothing follows.
    pub fn none() -> Self {
        Self::default()
    }

    /// All of both.
    #[must_use]
    pub fn and(mut self, more: Self) -> Self {
        self.codes.extend(more.codes);
        self.dispatches.extend(more.dispatches);
        self
    }
}
