//! The port behind which messages and likes are kept.

use async_trait::async_trait;

use crate::chatrooms::{ChatroomId, Message, MessageCursor, MessageId, MessageKey, MessageView};
use crate::page::{Page, PageRequest};
use crate::post::Sequel;
use crate::store::StoreError;
use crate::time::Timestamp;
use crate::users::UserId;

/// What a store assigned to a message that it keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Posted {
    /// Its number.
    pub number: i64,
    /// Its sequence within the room.
    pub sequence: i64,
}

/// Keeps messages. Every method happens entirely or not at all.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait MessageStore: Send + Sync {
    /// Keeps a message, if its author is a member of the room. The sequence is one more than the last
    /// one of the room, and messages can be read in the order of their sequences: whoever has seen one
    /// never finds an earlier one later.
    async fn post(&self, message: &Message, sequel: &Sequel) -> Result<Option<Posted>, StoreError>;

    /// The message with this key.
    async fn find(&self, key: &MessageKey) -> Result<Option<MessageView>, StoreError>;

    /// Replaces text and time of change, if the row still has the version before `message.version`;
    /// says whether it had.
    async fn edit(&self, message: &Message, sequel: &Sequel) -> Result<bool, StoreError>;

    /// Removes the message with its likes, if its row still has `version` (any, where `None`); says
    /// whether it had.
    async fn delete(&self, id: MessageId, version: Option<i64>) -> Result<bool, StoreError>;

    /// Notes that the person likes the message, or does not any more; says whether that was new. Of
    /// any number of simultaneous calls one is told `true`.
    async fn like(
        &self,
        id: MessageId,
        user: UserId,
        likes: bool,
        at: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Notes that the person likes the message, or, if it did, that it does not any more; says whether
    /// it does now. Simultaneous calls follow one another: an even number of them changes nothing.
    async fn toggle_like(
        &self,
        id: MessageId,
        user: UserId,
        at: Timestamp,
    ) -> Result<bool, StoreError>;

    /// At most `limit` messages of the room of later sequences than `after`, by sequence.
    async fn after(
        &self,
        room: ChatroomId,
        after: i64,
        limit: u16,
    ) -> Result<Vec<MessageView>, StoreError>;

    /// The last `limit` messages of the room whose numbers are less than `before` (all, where `None`),
    /// by number upward.
    async fn before(
        &self,
        room: ChatroomId,
        before: Option<i64>,
        limit: u16,
    ) -> Result<Vec<MessageView>, StoreError>;

    /// A page of the room's messages by number; with `part` only those that contain it, literally and
    /// in any letter case.
    async fn page<'a>(
        &self,
        room: ChatroomId,
        part: Option<&'a str>,
        page: &PageRequest<MessageCursor>,
    ) -> Result<Page<MessageView, MessageCursor>, StoreError>;

    /// The last message of each room that the person is in, by number.
    async fn latest_of(&self, user: UserId) -> Result<Vec<MessageView>, StoreError>;

    /// A page of what the person said in the rooms that it is in, by number.
    async fn written_by(
        &self,
        user: UserId,
        page: &PageRequest<MessageCursor>,
    ) -> Result<Page<MessageView, MessageCursor>, StoreError>;
}
