//! People and sessions for tests, complete and unlike each other unless told otherwise.
#![expect(clippy::expect_used, reason = "what a test writes is meant to be valid")]

mod book;
mod chatroom;
mod event;
mod post;
mod session;
mod user;

use std::sync::atomic::{AtomicU64, Ordering};

use domain::time::Timestamp;
use uuid::Uuid;

pub use book::{a_book, with_isbn};
pub use chatroom::{a_message, a_room};
pub use event::an_event;
pub use post::{a_code, a_dispatch, one_code, one_letter};
pub use session::{SessionBuilder, a_session};
pub use user::{UserBuilder, a_user};

use crate::entropy::scramble;

static BUILT: AtomicU64 = AtomicU64::new(1);

/// Another number at each call.
fn ordinal() -> u64 {
    BUILT.fetch_add(1, Ordering::Relaxed)
}

/// The UUID version 7 of this moment and ordinal.
fn uuid(at: Timestamp, ordinal: u64) -> Uuid {
    let mut random = [0; 10];
    random[..8].copy_from_slice(&scramble(ordinal).to_be_bytes());
    random[8..].copy_from_slice(&scramble(!ordinal).to_be_bytes()[..2]);
    let millis = u64::try_from(at.datetime().timestamp_millis()).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::moment;

    #[test]
    fn no_two_people_or_sessions_are_mistaken_for_each_other() {
        let (one, other) = (a_user().build(), a_user().build());
        assert_ne!(one.id, other.id);
        assert_ne!(one.username, other.username);
        assert_ne!(one.email, other.email);
        let sessions = (a_session().of(&one).build(), a_session().of(&one).build());
        assert_ne!(sessions.0.id, sessions.1.id);
        assert_ne!(sessions.0.secret_hash, sessions.1.secret_hash);
    }

    #[test]
    fn ids_sort_by_the_time_they_were_made_at() {
        let early = uuid(moment("2026-01-01T00:00:00Z"), 2);
        let late = uuid(moment("2026-01-01T00:00:01Z"), 1);
        assert!(early < late);
        assert_eq!(late.get_version_num(), 7);
    }
}
