//! The closed list of everything a service may refuse. Each surface words it once, in one `match`.

mod fault;
mod field;

use std::time::Duration;

pub use fault::{Fault, FieldError};
pub use field::Field;

use crate::entropy::NoEntropy;
use crate::sessions::{SignError, TokenFault};
use crate::store::{Source, StoreError};
use crate::users::HashError;

/// Why a service did not do what was asked. Surfaces match on it without a catch-all arm, so that a
/// new problem stops each of them from compiling until it is worded.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// Fields that break a rule, all of them at once.
    #[error("{} field(s) break a rule", .0.len())]
    Invalid(Vec<FieldError>),
    /// Somebody else holds this identifier.
    #[error("{0} is taken")]
    Taken(Field),
    /// A sign-in that failed, and why; surfaces decide how much of it they tell.
    #[error("the sign-in failed: {0:?}")]
    SignIn(SignInFault),
    /// A bearer token, cookie or refresh token that does not open a session.
    #[error("the token is not valid: {0:?}")]
    Token(TokenFault),
    /// The current password, asked for as a confirmation, is wrong.
    #[error("the current password is wrong")]
    WrongPassword,
    /// Signed in, but not allowed.
    #[error("not allowed")]
    Forbidden,
    /// Signed in, but this thing is for its owner or an administrator to change.
    #[error("not the owner of this {0:?}")]
    NotYours(Thing),
    /// Signed in, but not a member of this chatroom.
    #[error("not a member of the chatroom")]
    NotMember,
    /// The passkey does not open the chatroom.
    #[error("the passkey is wrong")]
    WrongPasskey,
    /// A one-time code or its handle that opens nothing.
    #[error("the code opens nothing: {0:?}")]
    Code(CodeFault),
    /// Only administrators may add people (`registration.open = false`).
    #[error("registration is closed")]
    RegistrationClosed,
    /// No such thing, or not the caller's to know of.
    #[error("no such {0:?}")]
    NotFound(Thing),
    /// The row changed since the version the caller named.
    #[error("the row has another version")]
    VersionMismatch,
    /// Others changed the row each time this change was tried; nothing was changed.
    #[error("others were quicker")]
    Contended,
    /// Too many attempts; try again after this time.
    #[error("too many attempts")]
    Throttled(Duration),
    /// The password lane is full; nothing was tried. Try again after this time.
    #[error("too busy to hash passwords")]
    Busy(Duration),
    /// Something that must answer did not: a store, the random source, the signing key. Never
    /// presented as a refusal of the caller.
    #[error("a part that must answer did not")]
    Unavailable(#[source] Source),
}

/// What kind of thing was not found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thing {
    /// A person.
    User,
    /// A session.
    Session,
    /// A book.
    Book,
    /// A chatroom.
    Chatroom,
    /// A message in a chatroom.
    Message,
    /// An uploaded picture.
    Picture,
}

/// Why a one-time code opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeFault {
    /// The handle names no code, or one that is spent or has ended.
    Unknown,
    /// Not the code that was sent, or one tried too often.
    Wrong,
}

/// Why a sign-in failed. `/v1` and the hardened doors tell none of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInFault {
    /// Nobody has this identifier.
    Unknown,
    /// The password is not this person's.
    WrongPassword,
    /// Right password, not activated yet.
    Inactive,
    /// Right password, locked by an administrator.
    Locked,
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(field) => Self::Taken(field),
            StoreError::Unavailable(source) => Self::Unavailable(source),
        }
    }
}

impl From<HashError> for Problem {
    fn from(error: HashError) -> Self {
        match error {
            HashError::Busy(wait) => Self::Busy(wait),
            HashError::Failed(source) => Self::Unavailable(source),
        }
    }
}

impl From<SignError> for Problem {
    fn from(error: SignError) -> Self {
        Self::Unavailable(Box::new(error))
    }
}

impl From<NoEntropy> for Problem {
    fn from(error: NoEntropy) -> Self {
        Self::Unavailable(Box::new(error))
    }
}

impl From<TokenFault> for Problem {
    fn from(fault: TokenFault) -> Self {
        Self::Token(fault)
    }
}
