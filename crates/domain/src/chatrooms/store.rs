//! The port behind which chatrooms and their members are kept.

use async_trait::async_trait;

use crate::chatrooms::{
    Chatroom, ChatroomId, ChatroomKey, MemberCursor, Person, RoomCursor, RoomView,
};
use crate::page::{Page, PageRequest};
use crate::post::Sequel;
use crate::store::StoreError;
use crate::time::Timestamp;
use crate::users::UserId;

/// Keeps chatrooms. Every method happens entirely or not at all.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait ChatroomStore: Send + Sync {
    /// Keeps a new room with these members, those who do not exist any more left out; returns its
    /// number: greater than every number given before, whatever became of those rooms.
    async fn create(
        &self,
        room: &Chatroom,
        members: &[UserId],
        sequel: &Sequel,
    ) -> Result<i64, StoreError>;

    /// The room with this key, who is in it and how much is said there.
    async fn find(&self, key: &ChatroomKey) -> Result<Option<RoomView>, StoreError>;

    /// The room with this key, and whether the person is in it: what most checks need, without all
    /// others who are in it.
    async fn seen_by(
        &self,
        key: &ChatroomKey,
        user: UserId,
    ) -> Result<Option<(Chatroom, bool)>, StoreError>;

    /// Those of these people who exist, with their numbers, in no order. Somebody who is asked for by
    /// both may come twice.
    async fn known(
        &self,
        ids: &[UserId],
        numbers: &[i64],
    ) -> Result<Vec<(UserId, i64)>, StoreError>;

    /// A page of all rooms, or of those that `member` is in, by number.
    async fn list(
        &self,
        member: Option<UserId>,
        page: &PageRequest<RoomCursor>,
    ) -> Result<Page<RoomView, RoomCursor>, StoreError>;

    /// Replaces name, passkey and time of change, if the row still has the version before
    /// `room.version`; says whether it had.
    async fn replace(&self, room: &Chatroom, sequel: &Sequel) -> Result<bool, StoreError>;

    /// Removes the room, who is in it and all that was said there, if its row still has `version`
    /// (any, where `None`); says whether it had.
    async fn delete(&self, id: ChatroomId, version: Option<i64>) -> Result<bool, StoreError>;

    /// Makes the person a member; says whether it was none before. Of any number of simultaneous
    /// calls one is told `true`. Nothing happens where room or person are gone.
    async fn join(
        &self,
        id: ChatroomId,
        user: UserId,
        at: Timestamp,
        sequel: &Sequel,
    ) -> Result<bool, StoreError>;

    /// Ends a membership; says whether there was one.
    async fn leave(&self, id: ChatroomId, user: UserId) -> Result<bool, StoreError>;

    /// Whether the person is a member.
    async fn is_member(&self, id: ChatroomId, user: UserId) -> Result<bool, StoreError>;

    /// A page of the members, by their numbers.
    async fn members(
        &self,
        id: ChatroomId,
        page: &PageRequest<MemberCursor>,
    ) -> Result<Page<Person, MemberCursor>, StoreError>;

    /// The latest sequence that was ever given in each of these rooms; rooms that are gone are left
    /// out.
    async fn latest(&self, rooms: &[ChatroomId]) -> Result<Vec<(ChatroomId, i64)>, StoreError>;
}
