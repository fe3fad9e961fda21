//! Chatrooms in tables.

mod row;
mod view;

use async_trait::async_trait;
use diesel::result::{DatabaseErrorKind, Error};
use diesel::{
    ExpressionMethods, JoinOnDsl, OptionalExtension, QueryDsl, QueryResult, RunQueryDsl,
    SelectableHelper,
};
use domain::chatrooms::{
    Chatroom, ChatroomId, ChatroomKey, ChatroomStore, MemberCursor, Person, RoomCursor, RoomView,
};
use domain::page::{Page, PageRequest};
use domain::post::Sequel;
use domain::store::StoreError;
use domain::time::Timestamp;
use domain::users::UserId;

use self::row::RoomRow;
use super::people::{self, PersonOfRow};
use super::post;
use super::row::uuid;
use crate::db::{AnyConnection, Database, Moment, chatrooms, members, users};

pub(super) struct Chatrooms(pub(super) Database);

#[async_trait]
impl ChatroomStore for Chatrooms {
    async fn create(
        &self,
        room: &Chatroom,
        members: &[UserId],
        sequel: &Sequel,
    ) -> Result<i64, StoreError> {
        let (room, members, sequel) = (room.clone(), members.to_vec(), sequel.clone());
        let created = self.0.transact(move |connection| {
            post::keep(connection, &sequel)?;
            create(connection, &room, &members)
        });
        created.await
    }

    async fn find(&self, key: &ChatroomKey) -> Result<Option<RoomView>, StoreError> {
        let key = *key;
        let found = self.0.read(move |connection| {
            let row = find(connection, &key)?;
            Ok(view::of(connection, row.into_iter().collect())?.pop())
        });
        found.await
    }

    async fn seen_by(
        &self,
        key: &ChatroomKey,
        user: UserId,
    ) -> Result<Option<(Chatroom, bool)>, StoreError> {
        let key = *key;
        let seen = self.0.read(move |connection| {
            let Some(row) = find(connection, &key)? else { return Ok(None) };
            let room = row.into_room()?;
            let is_in = is_member(connection, room.id, user)?;
            Ok(Some((room, is_in)))
        });
        seen.await
    }

    async fn known(
        &self,
        ids: &[UserId],
        numbers: &[i64],
    ) -> Result<Vec<(UserId, i64)>, StoreError> {
        let (ids, numbers) = (ids.to_vec(), numbers.to_vec());
        self.0.read(move |connection| people::known(connection, &ids, &numbers)).await
    }

    async fn list(
        &self,
        member: Option<UserId>,
        page: &PageRequest<RoomCursor>,
    ) -> Result<Page<RoomView, RoomCursor>, StoreError> {
        let page = *page;
        self.0.read(move |connection| list(connection, member, &page)).await
    }

    async fn replace(&self, room: &Chatroom, sequel: &Sequel) -> Result<bool, StoreError> {
        let (room, sequel) = (room.clone(), sequel.clone());
        let Some(version) = room.version.checked_sub(1) else { return Ok(false) };
        let replaced = self.0.transact(move |connection| {
            let row = chatrooms::table.filter(chatrooms::id.eq(bytes(&room.id)));
            let change = (
                chatrooms::name.eq(&room.name),
                chatrooms::passkey.eq(room.passkey.as_ref().map(|passkey| passkey.0.as_str())),
                chatrooms::updated_at.eq(Moment::from(room.updated_at)),
                chatrooms::version.eq(room.version),
            );
            let row = row.filter(chatrooms::version.eq(version));
            if diesel::update(row).set(change).execute(connection)? == 0 {
                return Ok(false);
            }
            post::keep(connection, &sequel)?;
            Ok(true)
        });
        replaced.await
    }

    async fn delete(&self, id: ChatroomId, version: Option<i64>) -> Result<bool, StoreError> {
        let deleted = self.0.write(move |connection| {
            // Members, messages and likes go with it: ON DELETE CASCADE.
            let row = chatrooms::table.filter(chatrooms::id.eq(bytes(&id)));
            let rows = match version {
                Some(version) => {
                    diesel::delete(row.filter(chatrooms::version.eq(version))).execute(connection)
                }
                None => diesel::delete(row).execute(connection),
            };
            Ok(rows? == 1)
        });
        deleted.await
    }

    async fn join(
        &self,
        id: ChatroomId,
        user: UserId,
        at: Timestamp,
        sequel: &Sequel,
    ) -> Result<bool, StoreError> {
        let sequel = sequel.clone();
        let joined = self.0.transact(move |connection| {
            let is_new = join(connection, id, user, at)?;
            if is_new {
                post::keep(connection, &sequel)?;
            }
            Ok(is_new)
        });
        joined.await
    }

    async fn leave(&self, id: ChatroomId, user: UserId) -> Result<bool, StoreError> {
        let left = self.0.write(move |connection| {
            let row = members::table.find((bytes(&id), user.0.as_bytes().as_slice()));
            Ok(diesel::delete(row).execute(connection)? == 1)
        });
        left.await
    }

    async fn is_member(&self, id: ChatroomId, user: UserId) -> Result<bool, StoreError> {
        self.0.read(move |connection| is_member(connection, id, user)).await
    }

    async fn members(
        &self,
        id: ChatroomId,
        page: &PageRequest<MemberCursor>,
    ) -> Result<Page<Person, MemberCursor>, StoreError> {
        let page = *page;
        self.0.read(move |connection| list_members(connection, id, &page)).await
    }

    async fn latest(&self, rooms: &[ChatroomId]) -> Result<Vec<(ChatroomId, i64)>, StoreError> {
        let ids: Vec<Vec<u8>> = rooms.iter().map(|id| bytes(id).to_vec()).collect();
        let found = self.0.read(move |connection| {
            let rooms = chatrooms::table.filter(chatrooms::id.eq_any(ids.clone()));
            rooms
                .select((chatrooms::id, chatrooms::last_sequence))
                .load::<(Vec<u8>, i64)>(connection)?
                .into_iter()
                .map(|(id, last)| Ok((ChatroomId(uuid("chatrooms.id", &id)?), last)))
                .collect::<QueryResult<_>>()
        });
        found.await
    }
}

fn find(connection: &mut AnyConnection, key: &ChatroomKey) -> QueryResult<Option<RoomRow>> {
    let rooms = chatrooms::table.into_boxed();
    let rooms = match key {
        ChatroomKey::Id(id) => rooms.filter(chatrooms::id.eq(bytes(id))),
        ChatroomKey::Number(number) => rooms.filter(chatrooms::number.eq(number)),
    };
    rooms.select(RoomRow::as_select()).get_result(connection).optional()
}

fn is_member(connection: &mut AnyConnection, id: ChatroomId, user: UserId) -> QueryResult<bool> {
    let row = members::table.find((bytes(&id), user.0.as_bytes().as_slice()));
    Ok(row.select(members::joined_at).get_result::<Moment>(connection).optional()?.is_some())
}

fn create(connection: &mut AnyConnection, room: &Chatroom, people: &[UserId]) -> QueryResult<i64> {
    let id = chatrooms::id.eq(bytes(&room.id));
    let row = (
        id,
        chatrooms::name.eq(&room.name),
        chatrooms::passkey.eq(room.passkey.as_ref().map(|passkey| passkey.0.as_str())),
        chatrooms::creator.eq(room.creator.map(|id| id.0.as_bytes().to_vec())),
        chatrooms::last_sequence.eq(0_i64),
        chatrooms::created_at.eq(Moment::from(room.created_at)),
        chatrooms::updated_at.eq(Moment::from(room.updated_at)),
        chatrooms::version.eq(room.version),
    );
    diesel::insert_into(chatrooms::table).values(row).execute(connection)?;
    let wanted: Vec<Vec<u8>> = people.iter().map(|id| id.0.as_bytes().to_vec()).collect();
    let known = users::table.filter(users::id.eq_any(wanted.clone())).select(users::id);
    let known: Vec<Vec<u8>> = known.load(connection)?;
    for user in wanted.iter().filter(|id| known.contains(id)) {
        let member = (
            members::chatroom_id.eq(bytes(&room.id)),
            members::user_id.eq(user),
            members::joined_at.eq(Moment::from(room.created_at)),
        );
        diesel::insert_into(members::table).values(member).execute(connection)?;
    }
    chatrooms::table.select(chatrooms::number).filter(id).get_result(connection)
}

fn list(
    connection: &mut AnyConnection,
    member: Option<UserId>,
    page: &PageRequest<RoomCursor>,
) -> QueryResult<Page<RoomView, RoomCursor>> {
    let mut rooms =
        chatrooms::table.order(chatrooms::number).select(RoomRow::as_select()).into_boxed();
    if let Some(RoomCursor { number }) = page.after {
        rooms = rooms.filter(chatrooms::number.gt(number));
    }
    if let Some(user) = member {
        let entered = members::table
            .filter(members::user_id.eq(user.0.as_bytes().to_vec()))
            .select(members::chatroom_id);
        rooms = rooms.filter(chatrooms::id.eq_any(entered));
    }
    let surplus = i64::try_from(page.limit() + 1).unwrap_or(i64::MAX);
    let rows: Vec<RoomRow> = rooms.limit(surplus).load(connection)?;
    let number = |row: &RoomRow| RoomCursor { number: row.number };
    let Page { items, next } = Page::from_surplus(rows, page.limit(), number);
    Ok(Page { items: view::of(connection, items)?, next })
}

fn join(
    connection: &mut AnyConnection,
    id: ChatroomId,
    user: UserId,
    at: Timestamp,
) -> QueryResult<bool> {
    let row = (
        members::chatroom_id.eq(bytes(&id)),
        members::user_id.eq(user.0.as_bytes().as_slice()),
        members::joined_at.eq(Moment::from(at)),
    );
    match diesel::insert_into(members::table).values(row).execute(connection) {
        Ok(_) => Ok(true),
        // A member already, or room or person are gone.
        Err(Error::DatabaseError(
            DatabaseErrorKind::UniqueViolation | DatabaseErrorKind::ForeignKeyViolation,
            _,
        )) => Ok(false),
        Err(error) => Err(error),
    }
}

fn list_members(
    connection: &mut AnyConnection,
    id: ChatroomId,
    page: &PageRequest<MemberCursor>,
) -> QueryResult<Page<Person, MemberCursor>> {
    let mut people = members::table
        .inner_join(users::table.on(users::id.eq(members::user_id)))
        .filter(members::chatroom_id.eq(bytes(&id)))
        .order(users::number)
        .select(PersonOfRow::as_select())
        .into_boxed();
    if let Some(MemberCursor { number }) = page.after {
        people = people.filter(users::number.gt(number));
    }
    let surplus = i64::try_from(page.limit() + 1).unwrap_or(i64::MAX);
    let rows: Vec<PersonOfRow> = people.limit(surplus).load(connection)?;
    let people: Vec<Person> =
        rows.into_iter().map(PersonOfRow::into_person).collect::<Result<_, _>>()?;
    Ok(Page::from_surplus(people, page.limit(), |person| MemberCursor { number: person.number }))
}

fn bytes(id: &ChatroomId) -> &[u8] {
    id.0.as_bytes()
}
