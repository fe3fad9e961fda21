//! Opaque page cursors: where a page ended, and in which list.
//!
//! A cursor holds no secret and opens nothing. Its checksum only keeps a mistyped or made-up one
//! from being read as a place in the list.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::audit::{AuditCursor, EventId};
use domain::books::BookCursor;
use domain::chatrooms::{MemberCursor, MessageCursor, RoomCursor};
use domain::sessions::{SessionCursor, SessionId};
use domain::time::Timestamp;
use domain::users::{SortOrder, UserCursor};
use uuid::Uuid;

const CHECKSUM: usize = 4;
const TIME: usize = 8;
/// The end of the year 9999: no store keeps more.
const LAST_MICROSECOND: i64 = 253_402_300_799_999_999;

/// A text that is no cursor of this list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Invalid;

/// A place in one kind of list.
pub(crate) trait Cursor: Sized {
    /// What tells lists apart: a cursor counts in the list and order it came from only.
    type List: Copy;

    /// The list's mark.
    fn mark(list: Self::List) -> u8;

    /// The place in bytes.
    fn place(&self) -> Vec<u8>;

    /// Reads what [`place`](Self::place) wrote.
    fn at(place: &[u8]) -> Option<Self>;
}

/// The cursor as callers see it.
pub(crate) fn encode<C: Cursor>(cursor: &C, list: C::List) -> String {
    let mut bytes = vec![C::mark(list)];
    bytes.extend_from_slice(&cursor.place());
    let sum = checksum(&bytes);
    bytes.extend_from_slice(&sum);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads what [`encode`] wrote for the same list.
pub(crate) fn decode<C: Cursor>(text: &str, list: C::List) -> Result<C, Invalid> {
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| Invalid)?;
    let (body, sum) = bytes.split_last_chunk::<CHECKSUM>().ok_or(Invalid)?;
    let (mark, place) = body.split_first().ok_or(Invalid)?;
    if *sum != checksum(body) || *mark != C::mark(list) {
        return Err(Invalid);
    }
    C::at(place).ok_or(Invalid)
}

/// A place in a list by time of creation: `tie` orders rows of the same moment.
fn moment(created_at: Timestamp, tie: &[u8]) -> Vec<u8> {
    [created_at.micros().to_be_bytes().as_slice(), tie].concat()
}

/// Takes apart what [`moment`] put together.
fn split_moment(place: &[u8]) -> Option<(Timestamp, &[u8])> {
    let (time, tie) = place.split_first_chunk::<TIME>()?;
    let micros = i64::from_be_bytes(*time);
    let kept = (0..=LAST_MICROSECOND).contains(&micros);
    Timestamp::from_micros(micros).filter(|_| kept).map(|created_at| (created_at, tie))
}

/// A place in a list by number.
macro_rules! numbered {
    ($($cursor:ident: $mark:literal;)+) => {$(
        impl Cursor for $cursor {
            type List = ();

            fn mark((): ()) -> u8 {
                $mark
            }

            fn place(&self) -> Vec<u8> {
                self.number.to_be_bytes().to_vec()
            }

            fn at(place: &[u8]) -> Option<Self> {
                Some(Self { number: i64::from_be_bytes(place.try_into().ok()?) })
            }
        }
    )+};
}

numbered! {
    BookCursor: 4;
    RoomCursor: 5;
    MemberCursor: 6;
    MessageCursor: 7;
}

impl Cursor for UserCursor {
    type List = SortOrder;

    fn mark(list: SortOrder) -> u8 {
        match list {
            SortOrder::OldestFirst => 1,
            SortOrder::NewestFirst => 2,
        }
    }

    fn place(&self) -> Vec<u8> {
        moment(self.created_at, &self.number.to_be_bytes())
    }

    fn at(place: &[u8]) -> Option<Self> {
        let (created_at, tie) = split_moment(place)?;
        Some(Self { created_at, number: i64::from_be_bytes(tie.try_into().ok()?) })
    }
}

impl Cursor for AuditCursor {
    type List = ();

    fn mark((): ()) -> u8 {
        8
    }

    fn place(&self) -> Vec<u8> {
        moment(self.at, self.id.0.as_bytes())
    }

    fn at(place: &[u8]) -> Option<Self> {
        let (at, tie) = split_moment(place)?;
        Some(Self { at, id: EventId(Uuid::from_slice(tie).ok()?) })
    }
}

impl Cursor for SessionCursor {
    type List = ();

    fn mark((): ()) -> u8 {
        3
    }

    fn place(&self) -> Vec<u8> {
        moment(self.created_at, self.id.0.as_bytes())
    }

    fn at(place: &[u8]) -> Option<Self> {
        let (created_at, tie) = split_moment(place)?;
        Some(Self { created_at, id: SessionId(Uuid::from_slice(tie).ok()?) })
    }
}

/// FNV-1a over 32 bits: the same in every build, as several nodes read each other's cursors.
fn checksum(bytes: &[u8]) -> [u8; CHECKSUM] {
    let start = 0x811c_9dc5_u32;
    let step = |sum: u32, byte: &u8| (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
    bytes.iter().fold(start, step).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> UserCursor {
        let created_at = Timestamp::from_micros(1_700_000_000_123_456).unwrap();
        UserCursor { created_at, number: 42 }
    }

    #[test]
    fn a_cursor_reads_back_in_its_own_list() {
        let text = encode(&place(), SortOrder::NewestFirst);
        assert_eq!(decode::<UserCursor>(&text, SortOrder::NewestFirst), Ok(place()));
        let session =
            SessionCursor { created_at: place().created_at, id: SessionId(Uuid::from_u128(9)) };
        assert_eq!(decode::<SessionCursor>(&encode(&session, ()), ()), Ok(session));
        let book = BookCursor { number: 42 };
        assert_eq!(decode::<BookCursor>(&encode(&book, ()), ()), Ok(book));
    }

    #[test]
    fn a_cursor_of_another_list_or_order_is_refused() {
        let text = encode(&place(), SortOrder::NewestFirst);
        assert_eq!(decode::<UserCursor>(&text, SortOrder::OldestFirst), Err(Invalid));
        assert_eq!(decode::<SessionCursor>(&text, ()), Err(Invalid));
        assert_eq!(decode::<BookCursor>(&text, ()), Err(Invalid));
    }

    #[test]
    fn a_changed_cursor_is_refused_whichever_character_was_changed() {
        let text = encode(&place(), SortOrder::OldestFirst);
        for at in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(decode::<UserCursor>(&changed, SortOrder::OldestFirst), Err(Invalid));
        }
        for bad in ["", "AAAA", "=", "ä", &text[1..], &format!("{text}AA")] {
            assert_eq!(decode::<UserCursor>(bad, SortOrder::OldestFirst), Err(Invalid), "{bad}");
        }
    }
}
