//! What `/v1` alone refuses, beside what its services and the HTTP edge refuse.

use crate::v1::misfit::Misfit;

/// The closed list; worded in [`wording`](crate::v1::wording).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum V1Fault {
    /// Members of the body that do not fit, all at once.
    Members(Vec<Misfit>),
    /// Parameters of the query that do not fit, all at once.
    Parameters(Vec<Misfit>),
    /// A header field that is no list of entity tags.
    BadEntityTags(&'static str),
    /// A `Last-Event-ID` that is no id of an event.
    BadLastEventId,
    /// An `Idempotency-Key` that is none.
    BadIdempotencyKey,
    /// Something else was sent under this `Idempotency-Key` before.
    IdempotencyKeyReused,
    /// What was sent under this `Idempotency-Key` before is under way.
    IdempotencyKeyInUse,
    /// What was sent under this `Idempotency-Key` before was done, but its reply is lost.
    IdempotentReplyLost,
    /// No `If-Match` where the operator wants one.
    IfMatchMissing,
}
