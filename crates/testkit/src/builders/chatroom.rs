//! Chatrooms and messages for tests.

use domain::chatrooms::{Chatroom, ChatroomId, Message, MessageId};
use domain::users::UserId;

use super::{ordinal, uuid};
use crate::time::noon;

/// A public room that this person made at noon.
pub fn a_room(creator: Option<UserId>) -> Chatroom {
    let ordinal = ordinal();
    Chatroom {
        id: ChatroomId(uuid(noon(), ordinal)),
        number: 0,
        name: format!("Room {ordinal}"),
        passkey: None,
        creator,
        created_at: noon(),
        updated_at: noon(),
        version: 1,
    }
}

/// What this person says in this room at noon.
pub fn a_message(room: ChatroomId, author: UserId, text: &str) -> Message {
    Message {
        id: MessageId(uuid(noon(), ordinal())),
        number: 0,
        chatroom_id: room,
        sequence: 0,
        author,
        text: text.to_owned(),
        created_at: noon(),
        updated_at: noon(),
        version: 1,
    }
}
