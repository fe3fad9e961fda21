//! Chatrooms and messages as `/v1` shows them.

use domain::chatrooms::{MessageView as Said, Person, RoomView};
use serde::Serialize;
use utoipa::ToSchema;

use crate::settings::ApiSettings;
use crate::v1::page::PageMark;
use crate::v1::time::rfc3339;
use crate::v1::users::PublicUserView;

/// A chatroom.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Chatroom)]
pub(crate) struct ChatroomView {
    /// A UUID version 7, never used again.
    #[schema(format = "uuid", examples("0192f7a2-1c33-7b0a-9d4e-6f5a4b3c2d1e"))]
    id: String,
    /// A unique integer in order of arrival, never used again.
    #[schema(minimum = 1, examples(42))]
    number: i64,
    /// What it is called.
    #[schema(examples("Ward 7"))]
    name: String,
    /// Whether a passkey is needed to join it.
    private: bool,
    /// How many people are in it.
    #[schema(value_type = u64, minimum = 0, examples(3))]
    member_count: usize,
    /// When it was made.
    #[schema(format = DateTime, examples("2026-11-20T18:00:44.123456Z"))]
    created_at: String,
    /// When its name or passkey was last changed.
    #[schema(format = DateTime, examples("2026-11-20T18:00:44.123456Z"))]
    updated_at: String,
}

impl From<&RoomView> for ChatroomView {
    fn from(view: &RoomView) -> Self {
        Self {
            id: view.room.id.to_string(),
            number: view.room.number,
            name: view.room.name.clone(),
            private: view.room.passkey.is_some(),
            member_count: view.members.len(),
            created_at: rfc3339(view.room.created_at),
            updated_at: rfc3339(view.room.updated_at),
        }
    }
}

/// One page of chatrooms.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChatroomPage {
    /// The rooms, in the order they were made.
    pub(crate) data: Vec<ChatroomView>,
    pub(crate) page: PageMark,
}

/// One page of members.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MemberPage {
    /// The people, in the order in which they registered.
    pub(crate) data: Vec<PublicUserView>,
    pub(crate) page: PageMark,
}

/// A message.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Message)]
pub(crate) struct MessageView {
    /// A UUID version 7, never used again.
    #[schema(format = "uuid", examples("0192f7a2-2d44-7c1b-8e5f-7a6b5c4d3e2f"))]
    id: String,
    /// A unique integer in order of arrival, never used again.
    #[schema(minimum = 1, examples(42))]
    number: i64,
    /// The room it was said in.
    #[schema(format = "uuid", examples("0192f7a2-1c33-7b0a-9d4e-6f5a4b3c2d1e"))]
    chatroom_id: String,
    /// What was said.
    #[schema(examples("Who has the key?"))]
    text: String,
    /// Who said it.
    author: PublicUserView,
    /// When.
    #[schema(format = DateTime, examples("2026-11-20T18:00:44.123456Z"))]
    created_at: String,
    /// When the text was last changed.
    #[schema(format = DateTime, examples("2026-11-20T18:00:44.123456Z"))]
    updated_at: String,
    /// How many people like it.
    #[schema(value_type = u64, minimum = 0, examples(2))]
    like_count: usize,
}

impl MessageView {
    pub(crate) fn new(view: &Said, settings: &ApiSettings) -> Self {
        Self {
            id: view.message.id.to_string(),
            number: view.message.number,
            chatroom_id: view.message.chatroom_id.to_string(),
            text: view.message.text.clone(),
            author: person(&view.author, settings),
            created_at: rfc3339(view.message.created_at),
            updated_at: rfc3339(view.message.updated_at),
            like_count: view.likers.len(),
        }
    }
}

/// One page of messages.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MessagePage {
    /// The messages, in the order in which they were said.
    pub(crate) data: Vec<MessageView>,
    pub(crate) page: PageMark,
}

/// A person as the others in a room see it.
pub(super) fn person(person: &Person, settings: &ApiSettings) -> PublicUserView {
    PublicUserView {
        id: person.id.to_string(),
        username: person.username.clone(),
        display_name: person.display_name.clone(),
        avatar_url: person.avatar.as_ref().map(|_| settings.v1_avatar_url(person.id)),
    }
}
