//! The port behind which sessions are kept.

use std::sync::Arc;

use async_trait::async_trait;

use crate::page::{Page, PageRequest};
use crate::post::Sequel;
use crate::sessions::{LastUse, Session, SessionCursor, SessionId, TokenHash};
use crate::store::StoreError;
use crate::time::Timestamp;
use crate::users::{User, UserId};

/// Keeps sessions. Every method happens entirely or not at all.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait SessionStore: Send + Sync {
    /// Keeps a new session and what follows, if its person still exists; says whether it does.
    async fn open(&self, session: &Session, sequel: &Sequel) -> Result<bool, StoreError>;

    /// The session and its person, in one read; expired ones and ones of an older epoch included.
    async fn find(&self, id: SessionId) -> Result<Option<(Session, User)>, StoreError>;

    /// What [`find`](Self::find) gives, shared with others who ask, and no older than the adapter was
    /// told that it may be: not at all where nothing else is said. Whoever would refuse somebody for
    /// what it reads here asks [`find`](Self::find) first.
    async fn recent(&self, id: SessionId) -> Result<Option<Holder>, StoreError> {
        Ok(self.find(id).await?.map(Holder::from))
    }

    /// Replaces the secret `spent` by `next`, raises the generation, notes the use and keeps what
    /// follows, once: of any number of simultaneous calls with one `spent` exactly one is told `true`.
    async fn rotate(&self, rotation: &Rotation) -> Result<bool, StoreError>;

    /// Notes these uses, each unless a later one than it says is noted already; says how many it wrote.
    async fn touch(&self, uses: &[LastUse]) -> Result<u64, StoreError>;

    /// A page of the sessions of this person and epoch that are open: `expires_at` is after `now`
    /// and `last_seen_at` is after `idle_since`. The newest first, then by id downward.
    async fn list(
        &self,
        of: &SessionFilter,
        page: &PageRequest<SessionCursor>,
    ) -> Result<Page<Session, SessionCursor>, StoreError>;

    /// Removes this session of this person and, if there was one, keeps what follows; says whether
    /// there was.
    async fn close(
        &self,
        user_id: UserId,
        id: SessionId,
        sequel: &Sequel,
    ) -> Result<bool, StoreError>;

    /// Removes all sessions of this person but `keep`, and keeps what follows; says how many.
    async fn close_all(
        &self,
        user_id: UserId,
        keep: Option<SessionId>,
        sequel: &Sequel,
    ) -> Result<u64, StoreError>;

    /// Removes at most 1,000 sessions that ended before `expired` or were last used before `idle`;
    /// says how many.
    async fn purge(&self, expired: Timestamp, idle: Timestamp) -> Result<u64, StoreError>;
}

/// A session and its person, shared with others who ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The session.
    pub session: Arc<Session>,
    /// The person.
    pub user: Arc<User>,
}

impl From<(Session, User)> for Holder {
    fn from((session, user): (Session, User)) -> Self {
        Self { session: Arc::new(session), user: Arc::new(user) }
    }
}

/// What [`SessionStore::rotate`] is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotation {
    /// Which session.
    pub id: SessionId,
    /// The hash of the token that was presented.
    pub spent: TokenHash,
    /// The hash of its successor.
    pub next: TokenHash,
    /// When.
    pub at: Timestamp,
    /// What follows.
    pub sequel: Sequel,
}

/// Which sessions [`SessionStore::list`] gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionFilter {
    /// Whose.
    pub user_id: UserId,
    /// The person's epoch.
    pub epoch: i64,
    /// Sessions that end at or before this moment are left out.
    pub now: Timestamp,
    /// Sessions last used at or before this moment are left out.
    pub idle_since: Timestamp,
}
