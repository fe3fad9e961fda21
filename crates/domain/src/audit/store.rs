//! The port behind which events are kept.

use async_trait::async_trait;

use crate::audit::{Action, Event, EventId, Link, LinkHash, Outcome};
use crate::page::{Page, PageRequest};
use crate::store::StoreError;
use crate::time::Timestamp;
use crate::users::UserId;

/// Keeps events. Every method happens entirely or not at all. Nothing removes an event or changes
/// it, but that its traits go with the people whom they point to
/// ([`UserStore::delete`](crate::users::UserStore::delete)).
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait AuditStore: Send + Sync {
    /// Keeps an event that is part of no change.
    async fn append(&self, event: &Event) -> Result<(), StoreError>;

    /// At most `limit` events that are not chained yet, by id.
    async fn pending(&self, limit: u16) -> Result<Vec<Event>, StoreError>;

    /// Where the chain ends; [`Head::start`] where none was begun.
    async fn head(&self) -> Result<Head, StoreError>;

    /// Chains these events, which are pending, and moves the end of the chain to the last of them,
    /// if it still is `from` and all of them are pending; says whether that was so. Of any number of
    /// simultaneous calls from one head exactly one is told `true`.
    async fn link(&self, from: &Head, links: &[Link]) -> Result<bool, StoreError>;

    /// At most `limit` chained events whose sequence is greater than `after`, by sequence.
    async fn chained(&self, after: i64, limit: u16) -> Result<Vec<Recorded>, StoreError>;

    /// A page of the events that `query` asks for, the latest first, then by id downward.
    async fn list(
        &self,
        query: &AuditQuery,
        page: &PageRequest<AuditCursor>,
    ) -> Result<Page<Recorded, AuditCursor>, StoreError>;
}

/// Where the chain ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The sequence of the last event.
    pub sequence: i64,
    /// Its digest.
    pub hash: LinkHash,
}

impl Head {
    /// The end of a chain without events.
    pub fn start() -> Self {
        Self { sequence: 0, hash: LinkHash::START }
    }
}

/// An event as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The event.
    pub event: Event,
    /// Its place in the chain, once it has one.
    pub link: Option<Link>,
}

/// Which events [`AuditStore::list`] gives: those that all of these are true of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditQuery {
    /// Done by this person.
    pub actor: Option<UserId>,
    /// Done to this person.
    pub subject: Option<UserId>,
    /// Of this kind.
    pub action: Option<Action>,
    /// Of this outcome.
    pub outcome: Option<Outcome>,
    /// Part of this request.
    pub request_id: Option<String>,
    /// At this moment or later.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub before: Option<Timestamp>,
}

/// Where a page of events ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditCursor {
    /// When the last event on the page was.
    pub at: Timestamp,
    /// Its id.
    pub id: EventId,
}

impl From<&Recorded> for AuditCursor {
    fn from(recorded: &Recorded) -> Self {
        Self { at: recorded.event.at, id: recorded.event.id }
    }
}
