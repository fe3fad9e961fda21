//! Opaque page cursors: where a page ended, and in which list.
//!
//! A cursor holds no secret and opens nothing. Its checksum only keeps a mistyped or made-up one
//! from being read as a place in the list. That of a search holds the key its page ended at, which may
//! be an address: whoever gets it was just shown that person, and typed the start of it into a URL.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::audit::{AuditCursor, EventId};
use domain::books::BookCursor;
use domain::chatrooms::{MemberCursor, MessageCursor, RoomCursor};
use domain::sessions::{SessionCursor, SessionId};
use domain::time::Timestamp;
use domain::users::{MatchCursor, Prefix, SortOrder, UserCursor};
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

    /// What tells lists of one mark apart. It is in the checksum alone.
    fn scope(_: Self::List) -> Vec<u8> {
        Vec::new()
    }

    /// The place in bytes.
    fn place(&self) -> Vec<u8>;

    /// Reads what [`place`](Self::place) wrote.
    fn at(place: &[u8]) -> Option<Self>;
}

/// The cursor as callers see it.
pub(crate) fn encode<C: Cursor>(cursor: &C, list: C::List) -> String {
    let mut bytes = vec![C::mark(list)];
    bytes.extend_from_slice(&cursor.place());
    let sum = checksum(&bytes, &C::scope(list));
    bytes.extend_from_slice(&sum);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads what [`encode`] wrote for the same list.
pub(crate) fn decode<C: Cursor>(text: &str, list: C::List) -> Result<C, Invalid> {
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| Invalid)?;
    let (body, sum) = bytes.split_last_chunk::<CHECKSUM>().ok_or(Invalid)?;
    let (mark, place) = body.split_first().ok_or(Invalid)?;
    if *sum != checksum(body, &C::scope(list)) || *mark != C::mark(list) {
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

/// The longest key of a person, in bytes: what the stores' columns hold.
const MAX_KEY: usize = 600;

/// What tells one search from another: the digest of its prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Searched([u8; CHECKSUM]);

impl From<&Prefix> for Searched {
    fn from(prefix: &Prefix) -> Self {
        Self(checksum(prefix.texts().start().as_bytes(), &[]))
    }
}

impl Cursor for MatchCursor {
    type List = Searched;

    fn mark(_: Searched) -> u8 {
        9
    }

    fn scope(Searched(digest): Searched) -> Vec<u8> {
        digest.to_vec()
    }

    fn place(&self) -> Vec<u8> {
        [self.number.to_be_bytes().as_slice(), self.key.as_bytes()].concat()
    }

    fn at(place: &[u8]) -> Option<Self> {
        let (number, key) = place.split_first_chunk()?;
        let key = String::from_utf8(key.to_vec()).ok()?;
        // No key holds NUL, and PostgreSQL refuses a text that does.
        let kept = (1..=MAX_KEY).contains(&key.len()) && !key.contains('\0');
        kept.then(|| Self { key, number: i64::from_be_bytes(*number) })
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
fn checksum(bytes: &[u8], scope: &[u8]) -> [u8; CHECKSUM] {
    let start = 0x811c_9dc5_u32;
    let step = |sum: u32, byte: &u8| (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
    scope.iter().chain(bytes).fold(start, step).to_be_bytes()
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

    fn searched(typed: &str) -> Searched {
        Searched::from(&Prefix::new(typed).unwrap())
    }

    #[test]
    fn a_place_in_a_search_counts_in_that_search_only() {
        let place_of = |key: &str| MatchCursor { key: key.to_owned(), number: i64::MIN };
        for key in ["a", "ada", "ada\u{10ffff}", &"\u{10ffff}".repeat(150)] {
            let text = encode(&place_of(key), searched("Ad"));
            assert_eq!(decode(&text, searched("aD")), Ok(place_of(key)), "spelling does not count");
            for other in ["a", "ada", "da", "ad "] {
                assert_eq!(decode::<MatchCursor>(&text, searched(other)), Err(Invalid), "{other}");
            }
            assert_eq!(decode::<UserCursor>(&text, SortOrder::OldestFirst), Err(Invalid));
        }
        let by_time = encode(&place(), SortOrder::OldestFirst);
        assert_eq!(decode::<MatchCursor>(&by_time, searched("ad")), Err(Invalid));
    }

    #[test]
    fn what_no_person_has_for_a_key_is_no_place() {
        for key in ["", "a\0", &"a".repeat(601)] {
            let text = encode(&MatchCursor { key: key.to_owned(), number: 1 }, searched("a"));
            assert_eq!(decode::<MatchCursor>(&text, searched("a")), Err(Invalid));
        }
        assert_eq!(MatchCursor::at(&[0, 0, 0, 0, 0, 0, 0, 1, 0xff]), None, "not UTF-8");
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
