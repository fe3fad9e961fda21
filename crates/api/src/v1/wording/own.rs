//! How `/v1` words what it alone refuses.

use crate::v1::fault::V1Fault;
use crate::v1::misfit::{Misfit, Rule};
use crate::v1::wording::{Part, Worded, kinds};

/// What `/v1` says of a refusal of its own.
pub(crate) fn of_own(fault: &V1Fault) -> Worded {
    match fault {
        V1Fault::Members(misfits) => {
            Worded::of_parts(kinds::INVALID, misfits.iter().map(Part::of_body).collect())
        }
        V1Fault::Parameters(misfits) => {
            Worded::of_parts(kind_of_query(misfits), misfits.iter().map(Part::of_query).collect())
        }
        V1Fault::BadEntityTags(field) => {
            let detail =
                format!("{field} must be * or entity tags in double quotes, like \"7-a1\".");
            Worded::new(kinds::BAD_HEADER, detail)
        }
        V1Fault::BadLastEventId => Worded::new(
            kinds::BAD_HEADER,
            "Last-Event-ID must be the id of an event of this stream: a whole number.",
        ),
        V1Fault::BadIdempotencyKey => Worded::new(
            kinds::BAD_HEADER,
            "Idempotency-Key must be one key of 1 to 255 printable ASCII characters, such as a UUID.",
        ),
        V1Fault::IdempotencyKeyReused => Worded::new(
            kinds::IDEMPOTENCY_KEY_REUSED,
            "Another body was sent under this Idempotency-Key: choose another key for another request.",
        ),
        V1Fault::IdempotencyKeyInUse => Worded::new(
            kinds::IDEMPOTENCY_KEY_IN_USE,
            "The first request under this Idempotency-Key is not answered yet: send it again soon.",
        ),
        V1Fault::IdempotentReplyLost => Worded::new(
            kinds::IDEMPOTENT_REPLY_LOST,
            "What was asked for under this Idempotency-Key was done once; read what it concerns.",
        ),
        V1Fault::IfMatchMissing => Worded::new(
            kinds::IF_MATCH_MISSING,
            "Read it first, and send its ETag as If-Match with the change.",
        ),
    }
}

/// A cursor that leads nowhere is told apart where nothing else is wrong: a program starts again.
fn kind_of_query(misfits: &[Misfit]) -> kinds::Kind {
    let cursor_only = misfits.iter().all(|misfit| misfit.rule == Rule::BadCursor);
    if cursor_only { kinds::BAD_CURSOR } else { kinds::BAD_PARAMETER }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_cursor_has_a_code_of_its_own() {
        let cursor = Misfit::new("cursor", Rule::BadCursor);
        let limit = Misfit::new("limit", Rule::NotA("a number"));
        let code = |misfits: Vec<Misfit>| of_own(&V1Fault::Parameters(misfits)).kind.code;
        assert_eq!(code(vec![cursor.clone()]), "invalid_cursor");
        assert_eq!(code(vec![cursor, limit]), "invalid_parameter");
    }

    #[test]
    fn every_fault_has_its_status() {
        let status = |fault| of_own(&fault).kind.status.as_u16();
        assert_eq!(status(V1Fault::Members(Vec::new())), 422);
        assert_eq!(status(V1Fault::BadEntityTags("If-Match")), 400);
        assert_eq!(status(V1Fault::IfMatchMissing), 428);
    }
}
