//! Messages and likes in tables.

mod likes;
mod reading;
mod row;
mod view;

use async_trait::async_trait;
use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl, QueryResult, RunQueryDsl};
use domain::chatrooms::{
    ChatroomId, Message, MessageCursor, MessageId, MessageKey, MessageStore, MessageView, Posted,
};
use domain::page::{Page, PageRequest};
use domain::post::Sequel;
use domain::store::StoreError;
use domain::time::Timestamp;
use domain::users::UserId;

use self::row::text_key;
use super::post::keep;
use crate::db::{AnyConnection, Database, Moment, chatrooms, members, messages, steady_update};

pub(super) struct Messages(pub(super) Database);

#[async_trait]
impl MessageStore for Messages {
    async fn post(&self, message: &Message, sequel: &Sequel) -> Result<Option<Posted>, StoreError> {
        let (message, sequel) = (message.clone(), sequel.clone());
        let posted = self.0.transact(move |connection| {
            let posted = post(connection, &message)?;
            if posted.is_some() {
                keep(connection, &sequel)?;
            }
            Ok(posted)
        });
        posted.await
    }

    async fn find(&self, key: &MessageKey) -> Result<Option<MessageView>, StoreError> {
        let key = *key;
        self.0.read(move |connection| reading::find(connection, &key)).await
    }

    async fn edit(&self, message: &Message, sequel: &Sequel) -> Result<bool, StoreError> {
        let (message, sequel) = (message.clone(), sequel.clone());
        let Some(version) = message.version.checked_sub(1) else { return Ok(false) };
        let edited = self.0.transact(move |connection| {
            let row = messages::table.filter(messages::id.eq(bytes(&message.id)));
            let change = (
                messages::text.eq(&message.text),
                messages::text_key.eq(text_key(&message.text)),
                messages::updated_at.eq(Moment::from(message.updated_at)),
                messages::version.eq(message.version),
            );
            let row = row.filter(messages::version.eq(version));
            if diesel::update(row).set(change).execute(connection)? == 0 {
                return Ok(false);
            }
            keep(connection, &sequel)?;
            Ok(true)
        });
        edited.await
    }

    async fn delete(&self, id: MessageId, version: Option<i64>) -> Result<bool, StoreError> {
        let deleted = self.0.write(move |connection| {
            let row = messages::table.filter(messages::id.eq(bytes(&id)));
            let rows = match version {
                Some(version) => {
                    diesel::delete(row.filter(messages::version.eq(version))).execute(connection)
                }
                None => diesel::delete(row).execute(connection),
            };
            Ok(rows? == 1)
        });
        deleted.await
    }

    async fn like(
        &self,
        id: MessageId,
        user: UserId,
        likes: bool,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        self.0.write(move |connection| likes::set(connection, id, user, likes, at)).await
    }

    async fn toggle_like(
        &self,
        id: MessageId,
        user: UserId,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        self.0.transact(move |connection| likes::toggle(connection, id, user, at)).await
    }

    async fn after(
        &self,
        room: ChatroomId,
        after: i64,
        limit: u16,
    ) -> Result<Vec<MessageView>, StoreError> {
        self.0.read(move |connection| reading::after(connection, room, after, limit)).await
    }

    async fn before(
        &self,
        room: ChatroomId,
        before: Option<i64>,
        limit: u16,
    ) -> Result<Vec<MessageView>, StoreError> {
        self.0.read(move |connection| reading::before(connection, room, before, limit)).await
    }

    async fn page<'a>(
        &self,
        room: ChatroomId,
        part: Option<&'a str>,
        page: &PageRequest<MessageCursor>,
    ) -> Result<Page<MessageView, MessageCursor>, StoreError> {
        let (part, page) = (part.map(text_key), *page);
        let found =
            self.0.read(move |connection| reading::page(connection, room, part.as_deref(), &page));
        found.await
    }

    async fn latest_of(&self, user: UserId) -> Result<Vec<MessageView>, StoreError> {
        self.0.read(move |connection| reading::latest_of(connection, user)).await
    }

    async fn written_by(
        &self,
        user: UserId,
        page: &PageRequest<MessageCursor>,
    ) -> Result<Page<MessageView, MessageCursor>, StoreError> {
        let page = *page;
        self.0.read(move |connection| reading::written_by(connection, user, &page)).await
    }
}

/// The membership's row is held until the end, so that nobody leaves meanwhile, and then the room's: who
/// comes second waits for it, so that messages become readable in the order of their sequences.
fn post(connection: &mut AnyConnection, message: &Message) -> QueryResult<Option<Posted>> {
    let room = message.chatroom_id.0.as_bytes().as_slice();
    let author = message.author.0.as_bytes().as_slice();
    let member = members::chatroom_id.eq(room).and(members::user_id.eq(author));
    let held = members::joined_at.eq(members::joined_at);
    if steady_update(members::table, held, member).execute(connection)? == 0 {
        return Ok(None);
    }
    let raised = chatrooms::last_sequence.eq(chatrooms::last_sequence + 1);
    steady_update(chatrooms::table, raised, chatrooms::id.eq(room)).execute(connection)?;
    let row = chatrooms::table.filter(chatrooms::id.eq(room));
    let sequence: i64 = row.select(chatrooms::last_sequence).get_result(connection)?;
    let id = messages::id.eq(bytes(&message.id));
    let kept = (
        id,
        messages::chatroom_id.eq(room),
        messages::sequence.eq(sequence),
        messages::author.eq(author),
        messages::text.eq(&message.text),
        messages::text_key.eq(text_key(&message.text)),
        messages::created_at.eq(Moment::from(message.created_at)),
        messages::updated_at.eq(Moment::from(message.updated_at)),
        messages::version.eq(message.version),
    );
    diesel::insert_into(messages::table).values(kept).execute(connection)?;
    let number = messages::table.select(messages::number).filter(id).get_result(connection)?;
    Ok(Some(Posted { number, sequence }))
}

fn bytes(id: &MessageId) -> &[u8] {
    id.0.as_bytes()
}
