//! The audit trail: what happened, to whom, by whom, from where, and that nobody altered it since.
//!
//! An event is written in the transaction of what it records ([`Sequel`](crate::post::Sequel)), and
//! chained to the one before shortly after ([`AuditService::chain`]): no two changes wait for each
//! other because both are recorded. Who keeps the chain's key can tell the first event that was
//! altered, removed or put in between.

mod chain;
mod event;
mod ledger;
mod scene;
mod service;
mod store;

pub use chain::{Flaw, Link, LinkHash};
pub use event::{Action, Event, EventId, Outcome, Traits};
pub(crate) use ledger::{Entry, Ledger};
pub use scene::{Nowhere, Scene, Surroundings};
pub use service::{AuditService, Denial, Verified};
pub use store::{AuditCursor, AuditQuery, AuditStore, Head, Recorded};

#[cfg(any(test, feature = "mocks"))]
pub use store::MockAuditStore;
