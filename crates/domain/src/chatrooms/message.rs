//! What somebody said in a chatroom.

use uuid::Uuid;

use crate::chatrooms::{ChatroomId, Person};
use crate::time::Timestamp;
use crate::users::UserId;

/// A message's id: a UUID version 7, never used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MessageId(pub Uuid);

impl std::fmt::Display for MessageId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A unique key that finds at most one message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageKey {
    /// By id.
    Id(MessageId),
    /// By number.
    Number(i64),
}

/// A message as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The public id.
    pub id: MessageId,
    /// A unique integer in order of arrival, never used again; assigned by the store.
    pub number: i64,
    /// Where it was said.
    pub chatroom_id: ChatroomId,
    /// 1, 2, 3 … within the room, in the order in which messages can be read; assigned by the store.
    pub sequence: i64,
    /// Who said it.
    pub author: UserId,
    /// 1–5,000 characters.
    pub text: String,
    /// When.
    pub created_at: Timestamp,
    /// When the text last changed.
    pub updated_at: Timestamp,
    /// Counts those changes, from 1.
    pub version: i64,
}

/// A message as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageView {
    /// The message.
    pub message: Message,
    /// Who said it.
    pub author: Person,
    /// The name of the room.
    pub room_name: String,
    /// Who likes it.
    pub likers: Vec<Person>,
}

/// Where a page of messages ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MessageCursor {
    /// The number of the last message on the page.
    pub number: i64,
}
