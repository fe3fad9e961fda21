//! What follows a change: codes to keep, letters to send, and what is recorded of it.

use crate::audit::Event;
use crate::idempotency::Claim;
use crate::post::{Code, Dispatch};

/// Kept in the same transaction as the change that it follows: both happen, or neither.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sequel {
    /// Each takes the place of what was kept under the same handle.
    pub codes: Vec<Code>,
    /// Each is delivered once at least.
    pub dispatches: Vec<Dispatch>,
    /// Each is recorded.
    pub events: Vec<Event>,
    /// The idempotency key under which the change is made: noted as used. Where somebody else holds
    /// it by now nothing is changed, and the store answers `Unavailable`.
    pub claim: Option<Claim>,
}

impl Sequel {
    /// Nothing follows.
    pub fn none() -> Self {
        Self::default()
    }

    /// All of both, under one claim.
    #[must_use]
    pub fn and(mut self, more: Self) -> Self {
        self.codes.extend(more.codes);
        self.dispatches.extend(more.dispatches);
        self.events.extend(more.events);
        self.claim = self.claim.or(more.claim);
        self
    }
}
