//! A chatroom and who is in it.

use uuid::Uuid;

use crate::sealing::Sealed;
use crate::time::Timestamp;
use crate::users::{User, UserId, Username};

/// A chatroom's id: a UUID version 7, never used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ChatroomId(pub Uuid);

impl std::fmt::Display for ChatroomId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A unique key that finds at most one chatroom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChatroomKey {
    /// By id.
    Id(ChatroomId),
    /// By number.
    Number(i64),
}

/// A chatroom as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chatroom {
    /// The public id.
    pub id: ChatroomId,
    /// A unique integer in order of arrival, never used again: the one value that a store assigns.
    pub number: i64,
    /// 1–20 characters.
    pub name: String,
    /// What opens it, sealed; a room without one is public.
    pub passkey: Option<Sealed>,
    /// Who made it, unless that person is gone.
    pub creator: Option<UserId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its name or passkey last changed.
    pub updated_at: Timestamp,
    /// Counts those changes, from 1.
    pub version: i64,
}

/// A person as the others in a room see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Its id.
    pub id: UserId,
    /// Its number.
    pub number: i64,
    /// Its user name, if it has one.
    pub username: Option<String>,
    /// The name it shows to others, if it has one.
    pub display_name: Option<String>,
    /// The name of its picture, if it has one.
    pub avatar: Option<String>,
}

impl From<&User> for Person {
    fn from(user: &User) -> Self {
        Self {
            id: user.id,
            number: user.number,
            username: user.username.as_ref().map(|name: &Username| name.as_str().to_owned()),
            display_name: user.display_name.clone(),
            avatar: user.avatar.clone(),
        }
    }
}

/// A chatroom as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomView {
    /// The room.
    pub room: Chatroom,
    /// Who is in it, in the order of joining.
    pub members: Vec<Person>,
    /// How many messages are in it.
    pub message_count: u64,
}

impl RoomView {
    /// Whether this person is in it.
    pub fn has(&self, id: UserId) -> bool {
        self.members.iter().any(|member| member.id == id)
    }
}

/// Where a page of chatrooms ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoomCursor {
    /// The number of the last room on the page.
    pub number: i64,
}

/// Where a page of members ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemberCursor {
    /// The number of the last person on the page.
    pub number: i64,
}
