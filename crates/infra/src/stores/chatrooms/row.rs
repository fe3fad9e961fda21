//! A chatroom as a row.

use diesel::{QueryResult, Queryable, Selectable};
use domain::chatrooms::{Chatroom, ChatroomId};
use domain::sealing::Sealed;
use domain::users::UserId;

use crate::db::{Moment, MultiBackend, chatrooms};
use crate::stores::row::uuid;

#[derive(Queryable, Selectable)]
#[diesel(table_name = chatrooms, check_for_backend(MultiBackend))]
pub(super) struct RoomRow {
    pub(super) number: i64,
    pub(super) id: Vec<u8>,
    name: String,
    passkey: Option<String>,
    creator: Option<Vec<u8>>,
    created_at: Moment,
    updated_at: Moment,
    version: i64,
}

impl RoomRow {
    /// The room, unless the row holds what no version of this program wrote.
    pub(super) fn into_room(self) -> QueryResult<Chatroom> {
        let creator = self.creator.map(|id| uuid("chatrooms.creator", &id)).transpose()?;
        Ok(Chatroom {
            id: ChatroomId(uuid("chatrooms.id", &self.id)?),
            number: self.number,
            name: self.name,
            passkey: self.passkey.map(Sealed),
            creator: creator.map(UserId),
            created_at: self.created_at.into(),
            updated_at: self.updated_at.into(),
            version: self.version,
        })
    }
}
