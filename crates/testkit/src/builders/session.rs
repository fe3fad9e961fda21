//! Sessions for tests.

use std::time::Duration;

use domain::sessions::{Door, Session, SessionId, TokenHash, Transport};
use domain::time::Timestamp;
use domain::users::{User, UserId};

use super::{ordinal, uuid};
use crate::entropy::scramble;
use crate::time::noon;

/// How long a session lasts unless told otherwise.
const LIFETIME: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// A session that was opened at `/v1` at noon, for 30 days, with a refresh token. Say
/// [`of`](SessionBuilder::of) whom.
pub fn a_session() -> SessionBuilder {
    let (ordinal, at) = (ordinal(), noon());
    let session = Session {
        id: SessionId(uuid(at, ordinal)),
        user_id: UserId(uuid(at, ordinal)),
        epoch: 1,
        door: Door::V1,
        transport: Transport::Refresh,
        secret_hash: a_token_hash(ordinal),
        generation: 0,
        rotated_at: at,
        address: Some([192, 0, 2, 7].into()),
        user_agent: Some("Mozilla/5.0 (X11; Linux x86_64) Firefox/145.0".into()),
        created_at: at,
        last_seen_at: at,
        expires_at: at.plus(LIFETIME),
    };
    SessionBuilder(session)
}

/// Makes a [`Session`]; start with [`a_session`].
#[derive(Debug, Clone)]
#[must_use]
pub struct SessionBuilder(Session);

impl SessionBuilder {
    /// The session as told.
    #[must_use]
    pub fn build(self) -> Session {
        self.0
    }

    /// Whatever has no method of its own.
    pub fn with(mut self, change: impl FnOnce(&mut Session)) -> Self {
        change(&mut self.0);
        self
    }

    /// Of this person, in its present epoch.
    pub fn of(self, user: &User) -> Self {
        self.with(|session| (session.user_id, session.epoch) = (user.id, user.epoch))
    }

    /// Opened at this moment, not used since, for 30 days.
    pub fn at(self, at: Timestamp) -> Self {
        self.with(|session| {
            (session.created_at, session.rotated_at, session.last_seen_at) = (at, at, at);
            session.expires_at = at.plus(LIFETIME);
        })
    }

    /// Last used at this moment.
    pub fn last_seen_at(self, at: Timestamp) -> Self {
        self.with(|session| session.last_seen_at = at)
    }

    /// Ends at this moment.
    pub fn expires_at(self, at: Timestamp) -> Self {
        self.with(|session| session.expires_at = at)
    }
}

/// The hash of a token that nobody holds, another for each ordinal.
fn a_token_hash(ordinal: u64) -> TokenHash {
    let mut bytes = [0; 32];
    for (chunk, salt) in bytes.chunks_mut(8).zip(0..) {
        chunk.copy_from_slice(&scramble(ordinal.wrapping_mul(4).wrapping_add(salt)).to_be_bytes());
    }
    TokenHash(bytes)
}
