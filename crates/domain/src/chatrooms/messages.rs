//! What may be done with messages: saying, reading, searching, changing, liking and removing them.

use crate::chatrooms::service::ATTEMPTS;
use crate::chatrooms::{
    ChatroomId, ChatroomKey, ChatroomService, Message, MessageCursor, MessageId, MessageKey,
    MessageView, Posted, values,
};
use crate::entropy::uuid;
use crate::page::{Page, PageRequest};
use crate::problem::{Field, FieldError, Problem};
use crate::users::User;

impl ChatroomService {
    /// Says something in a room that one is in.
    ///
    /// # Errors
    /// `NotFound`, `NotMember`, `Invalid`, `Unavailable`.
    pub async fn post(
        &self,
        actor: &User,
        key: &ChatroomKey,
        text: &str,
    ) -> Result<MessageView, Problem> {
        let room = self.admitted(actor, key).await?;
        let text = parsed(text)?;
        let now = self.clock.now();
        let mut message = Message {
            id: MessageId(uuid(self.entropy.as_ref(), now)?),
            number: 0,
            chatroom_id: room.id,
            sequence: 0,
            author: actor.id,
            text,
            created_at: now,
            updated_at: now,
            version: 1,
        };
        // Who left meanwhile is told so by the store.
        let Some(Posted { number, sequence }) =
            self.messages.post(&message, &self.ledger.nothing()).await?
        else {
            return Err(Problem::NotMember);
        };
        (message.number, message.sequence) = (number, sequence);
        self.doorbell.ring(room.id, sequence);
        let (author, likers) = (actor.into(), Vec::new());
        Ok(MessageView { message, author, room_name: room.name, likers })
    }

    /// One message of a room that one is in.
    ///
    /// # Errors
    /// `NotFound`, `NotMember`, `Unavailable`.
    pub async fn message(&self, actor: &User, key: &MessageKey) -> Result<MessageView, Problem> {
        self.read(actor, key).await
    }

    /// Changes what one said oneself. With `version` only if the row still has it.
    ///
    /// # Errors
    /// `NotFound`, `NotYours`, `VersionMismatch`, `Contended`, `Invalid`, `Unavailable`.
    pub async fn edit(
        &self,
        actor: &User,
        key: &MessageKey,
        version: Option<i64>,
        text: &str,
    ) -> Result<MessageView, Problem> {
        for _ in 0..ATTEMPTS {
            let mut view = self.own(actor, key).await?;
            if version.is_some_and(|version| version != view.message.version) {
                return Err(Problem::VersionMismatch);
            }
            let text = parsed(text)?;
            if text == view.message.text {
                return Ok(view);
            }
            view.message.text = text;
            view.message.version += 1;
            view.message.updated_at = self.clock.now();
            if self.messages.edit(&view.message, &self.ledger.nothing()).await? {
                return Ok(view);
            }
        }
        Err(Problem::Contended)
    }

    /// Removes what one said oneself; gives it back as it was. With `version` only if the row still
    /// has it.
    ///
    /// # Errors
    /// `NotFound`, `NotYours`, `VersionMismatch`, `Unavailable`.
    pub async fn retract(
        &self,
        actor: &User,
        key: &MessageKey,
        version: Option<i64>,
    ) -> Result<MessageView, Problem> {
        let view = self.own(actor, key).await?;
        if self.messages.delete(view.message.id, version).await? {
            return Ok(view);
        }
        // Nothing was removed: either it is gone, or the row has another version.
        self.own(actor, key).await.and(Err(Problem::VersionMismatch))
    }

    /// Likes a message of a room that one is in, or does not any more.
    ///
    /// # Errors
    /// `NotFound`, `NotMember`, `Unavailable`.
    pub async fn like(
        &self,
        actor: &User,
        key: &MessageKey,
        likes: bool,
    ) -> Result<MessageView, Problem> {
        let id = self.read(actor, key).await?.message.id;
        self.messages.like(id, actor.id, likes, self.clock.now()).await?;
        self.read(actor, &MessageKey::Id(id)).await
    }

    /// Likes a message, or stops liking it, whichever is new.
    ///
    /// # Errors
    /// `NotFound`, `NotMember`, `Unavailable`.
    pub async fn toggle_like(
        &self,
        actor: &User,
        key: &MessageKey,
    ) -> Result<MessageView, Problem> {
        let id = self.read(actor, key).await?.message.id;
        self.messages.toggle_like(id, actor.id, self.clock.now()).await?;
        self.read(actor, &MessageKey::Id(id)).await
    }

    /// The last `limit` messages of a room before the number `before`, by number upward; for members.
    ///
    /// # Errors
    /// `NotFound`, `NotMember`, `Unavailable`.
    pub async fn history(
        &self,
        actor: &User,
        key: &ChatroomKey,
        before: Option<i64>,
        limit: u16,
    ) -> Result<Vec<MessageView>, Problem> {
        let room = self.admitted(actor, key).await?;
        Ok(self.messages.before(room.id, before, limit).await?)
    }

    /// A page of a room's messages, or of those that contain `part`; for members.
    ///
    /// # Errors
    /// `NotFound`, `NotMember`, `Unavailable`.
    pub async fn page_of(
        &self,
        actor: &User,
        key: &ChatroomKey,
        part: Option<&str>,
        page: &PageRequest<MessageCursor>,
    ) -> Result<Page<MessageView, MessageCursor>, Problem> {
        let room = self.admitted(actor, key).await?;
        Ok(self.messages.page(room.id, part, page).await?)
    }

    /// The last message of each room that one is in.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn latest_of(&self, actor: &User) -> Result<Vec<MessageView>, Problem> {
        Ok(self.messages.latest_of(actor.id).await?)
    }

    /// A page of what one said in the rooms that one is in.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn written_by(
        &self,
        actor: &User,
        page: &PageRequest<MessageCursor>,
    ) -> Result<Page<MessageView, MessageCursor>, Problem> {
        Ok(self.messages.written_by(actor.id, page).await?)
    }

    /// At most `limit` messages of later sequences than `after`, for whoever listens to a room: it is
    /// up to the caller to have checked that it may.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn after(
        &self,
        room: ChatroomId,
        after: i64,
        limit: u16,
    ) -> Result<Vec<MessageView>, Problem> {
        Ok(self.messages.after(room, after, limit).await?)
    }

    /// The latest sequence of a room: where somebody who begins to listen begins.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn latest_sequence(&self, room: ChatroomId) -> Result<i64, Problem> {
        let latest = self.rooms.latest(&[room]).await?;
        Ok(latest.first().map_or(0, |(_, sequence)| *sequence))
    }

    /// Waits until something later than `after` was said in a room; gives the latest sequence.
    pub async fn later_than(&self, room: ChatroomId, after: i64) -> i64 {
        self.doorbell.later_than(room, after).await
    }
}

fn parsed(text: &str) -> Result<String, Problem> {
    values::text(text).map_err(|fault| Problem::Invalid(vec![FieldError::new(Field::Text, fault)]))
}
