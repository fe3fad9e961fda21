//! The parsers of cursors and entity tags, as the fuzz targets call them.

use actix_web::HttpRequest;
use domain::books::BookCursor;
use domain::chatrooms::{MemberCursor, MessageCursor, RoomCursor};
use domain::sessions::SessionCursor;
use domain::users::{MatchCursor, Prefix, SortOrder, UserCursor};

use crate::v1::cursor::{Cursor, Searched, decode, encode};
use crate::v1::etag::{Condition, if_match, if_none_match};

/// Does `$act` for the list of this number; `None` where there is no such list.
macro_rules! in_list {
    ($number:expr, $act:ident, $what:expr) => {
        match $number {
            0 => $act::<UserCursor>($what, SortOrder::OldestFirst),
            1 => $act::<UserCursor>($what, SortOrder::NewestFirst),
            2 => $act::<SessionCursor>($what, ()),
            3 => $act::<BookCursor>($what, ()),
            4 => $act::<RoomCursor>($what, ()),
            5 => $act::<MemberCursor>($what, ()),
            6 => $act::<MessageCursor>($what, ()),
            7 => $act::<MatchCursor>($what, searched("a")?),
            8 => $act::<MatchCursor>($what, searched("b")?),
            _ => None,
        }
    };
}

fn searched(typed: &str) -> Option<Searched> {
    Prefix::new(typed).as_ref().map(Searched::from)
}

/// The cursor that was read from `text` in the list of this number, written anew.
pub fn cursor(list: u8, text: &str) -> Option<String> {
    fn read<C: Cursor>(text: &str, list: C::List) -> Option<String> {
        decode::<C>(text, list).ok().map(|cursor| encode(&cursor, list))
    }
    in_list!(list, read, text)
}

/// The cursor of this place in the list of this number.
pub fn cursor_at(list: u8, place: &[u8]) -> Option<String> {
    fn write<C: Cursor>(place: &[u8], list: C::List) -> Option<String> {
        C::at(place).map(|cursor| encode(&cursor, list))
    }
    in_list!(list, write, place)
}

/// A condition that was read.
#[derive(Debug, PartialEq, Eq)]
pub struct Tags(Condition);

/// What `If-Match`, or else `If-None-Match`, asks for; `Err` where it is malformed.
pub fn entity_tags(request: &HttpRequest, strongly: bool) -> Result<Option<Tags>, String> {
    let read = if strongly { if_match(request, false) } else { if_none_match(request) };
    read.map(|condition| condition.map(Tags)).map_err(|fault| format!("{fault:?}"))
}

impl Tags {
    /// Whether it is `*`.
    pub fn is_any(&self) -> bool {
        self.0 == Condition::Any
    }

    /// What its strong tags say.
    pub fn strong(&self) -> Vec<String> {
        self.0.strong_tags().map(str::to_owned).collect()
    }

    /// The strong comparison.
    pub fn holds_strongly(&self, current: &str) -> bool {
        self.0.holds_strongly(current)
    }

    /// The weak comparison.
    pub fn holds_weakly(&self, current: &str) -> bool {
        self.0.holds_weakly(current)
    }
}
