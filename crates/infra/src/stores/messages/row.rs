//! A message as a row.

use diesel::{QueryResult, Queryable, Selectable};
use domain::chatrooms::{ChatroomId, Message, MessageId};
use domain::users::{UserId, long_search_key};

use crate::db::{Moment, MultiBackend, messages};
use crate::stores::row::uuid;

/// The longest text that searches compare, in bytes: what every engine's column keeps.
const MAX_KEY: usize = 20_000;

#[derive(Queryable, Selectable)]
#[diesel(table_name = messages, check_for_backend(MultiBackend))]
pub(super) struct MessageRow {
    pub(super) number: i64,
    pub(super) id: Vec<u8>,
    pub(super) chatroom_id: Vec<u8>,
    sequence: i64,
    pub(super) author: Vec<u8>,
    text: String,
    created_at: Moment,
    updated_at: Moment,
    version: i64,
}

impl MessageRow {
    /// The message, unless the row holds what no version of this program wrote.
    pub(super) fn into_message(self) -> QueryResult<Message> {
        Ok(Message {
            id: MessageId(uuid("messages.id", &self.id)?),
            number: self.number,
            chatroom_id: ChatroomId(uuid("messages.chatroom_id", &self.chatroom_id)?),
            sequence: self.sequence,
            author: UserId(uuid("messages.author", &self.author)?),
            text: self.text,
            created_at: self.created_at.into(),
            updated_at: self.updated_at.into(),
            version: self.version,
        })
    }
}

/// What searches compare a message by.
pub(super) fn text_key(text: &str) -> String {
    let mut key = long_search_key(text);
    key.truncate(key.floor_char_boundary(MAX_KEY));
    key
}
