//! One signed-in device.

use std::net::IpAddr;
use std::sync::Arc;

use uuid::Uuid;

use crate::sessions::{Tally, TokenHash};
use crate::time::Timestamp;
use crate::users::UserId;

/// A session's id: a UUID version 7. Knowing it opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionId(pub Uuid);

impl std::fmt::Display for SessionId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A session as it is kept. It is open while it is kept, `epoch` is its person's, and neither
/// limit has passed: revoking one removes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The public id.
    pub id: SessionId,
    /// Whose.
    pub user_id: UserId,
    /// The person's epoch at sign-in.
    pub epoch: i64,
    /// Where it was opened.
    pub door: Door,
    /// How its holder proves it.
    pub transport: Transport,
    /// The hash of the current refresh token or cookie; kept for every transport.
    pub secret_hash: TokenHash,
    /// How many times the refresh token was rotated.
    pub generation: i64,
    /// When it last was; `created_at` before the first time.
    pub rotated_at: Timestamp,
    /// Where the sign-in came from.
    pub address: Option<IpAddr>,
    /// What the sign-in called itself, at most 255 characters.
    pub user_agent: Option<String>,
    /// When the person signed in.
    pub created_at: Timestamp,
    /// When it was last used, to within a minute.
    pub last_seen_at: Timestamp,
    /// When it ends whatever happens.
    pub expires_at: Timestamp,
}

/// How a session is proven by its holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// Short access tokens, renewed by a refresh token that is replaced each time.
    Refresh,
    /// Short access tokens, renewed by a signed refresh token that its holder keeps (door 2).
    Kept,
    /// One bearer token that lives as long as the session (doors 1 and 4) or as its door says.
    Bearer,
    /// A cookie.
    Cookie,
}

impl Transport {
    /// The name in the stores.
    pub fn name(self) -> &'static str {
        match self {
            Self::Refresh => "refresh",
            Self::Kept => "kept",
            Self::Bearer => "bearer",
            Self::Cookie => "cookie",
        }
    }

    /// The transport of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        let all = [Self::Refresh, Self::Kept, Self::Bearer, Self::Cookie];
        all.into_iter().find(|known| known.name() == name)
    }
}

/// The surface at which a session was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// The canonical API.
    V1,
    /// Door 1, `/sessions/*`.
    PyApi,
    /// Door 2, `/user…`.
    FlaskUserAuth,
    /// Door 3, `/api/users/`, `/api/sessions/`.
    DrfAccounts,
    /// Door 4, `/users/*`, `/books/*`.
    TestLibrary,
    /// Door 5, `/api/auth/session`, chats and messages.
    ChitChat,
}

impl Door {
    /// The five doors beside `/v1`, in their order.
    pub const COMPAT: [Self; 5] =
        [Self::PyApi, Self::FlaskUserAuth, Self::DrfAccounts, Self::TestLibrary, Self::ChitChat];

    /// The name in JSON, in the configuration and in the stores.
    pub fn name(self) -> &'static str {
        match self {
            Self::V1 => "v1",
            Self::PyApi => "py-api",
            Self::FlaskUserAuth => "flask-user-auth",
            Self::DrfAccounts => "drf-accounts",
            Self::TestLibrary => "test-library",
            Self::ChitChat => "chit-chat",
        }
    }

    /// The door of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        std::iter::once(Self::V1).chain(Self::COMPAT).find(|door| door.name() == name)
    }
}

/// Where a request came from, as far as it can be trusted.
#[derive(Debug, Clone, Default)]
pub struct Client {
    /// The peer, or what a trusted proxy says the peer was.
    pub address: Option<IpAddr>,
    /// The `User-Agent` field; cut to 255 characters when stored.
    pub user_agent: Option<Arc<str>>,
    /// The budgets that the request met.
    pub tally: Tally,
}

/// Where a page of sessions ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionCursor {
    /// `created_at` of the last session on the page.
    pub created_at: Timestamp,
    /// Its id.
    pub id: SessionId,
}

impl From<&Session> for SessionCursor {
    fn from(session: &Session) -> Self {
        Self { created_at: session.created_at, id: session.id }
    }
}
