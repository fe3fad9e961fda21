//! The port that security events and degraded operation are told to.

use crate::sessions::{Client, SessionId};
use crate::store::Source;
use crate::users::UserId;

/// Something that an operator or the person concerned should be able to learn of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecurityEvent {
    /// A sign-in succeeded.
    SignedIn(UserId, SessionId),
    /// A sign-in failed; the person is named where the identifier is somebody's.
    SignInFailed(Option<UserId>),
    /// A sign-in was refused because too many failed before.
    SignInThrottled(Option<UserId>),
    /// A refresh token was used again after its successor: one of its two holders is a thief. The
    /// session is closed.
    RefreshReused(UserId, SessionId),
    /// A session was closed by its owner.
    SignedOut(UserId, SessionId),
}

/// Takes notes. It never fails and never waits: what it is told has happened already.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
pub trait SecurityLog: Send + Sync {
    /// A security event, and where the request came from.
    fn event(&self, event: &SecurityEvent, client: &Client);

    /// Something beside the request's purpose failed, and the request went on without it.
    fn degraded(&self, what: &'static str, source: Source);
}
