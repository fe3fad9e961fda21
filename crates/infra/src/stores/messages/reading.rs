//! The ways in which messages are read.

use diesel::{
    EscapeExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, QueryResult,
    RunQueryDsl, SelectableHelper, TextExpressionMethods,
};
use domain::chatrooms::{ChatroomId, MessageCursor, MessageKey, MessageView};
use domain::page::{Page, PageRequest};
use domain::users::UserId;

use super::row::MessageRow;
use super::view;
use crate::db::{AnyConnection, MultiBackend, members, messages};
use crate::stores::row::containing;

type Found<'a> = messages::BoxedQuery<'a, MultiBackend>;

pub(super) fn find(
    connection: &mut AnyConnection,
    key: &MessageKey,
) -> QueryResult<Option<MessageView>> {
    let found = messages::table.into_boxed();
    let found = match key {
        MessageKey::Id(id) => found.filter(messages::id.eq(id.0.as_bytes().to_vec())),
        MessageKey::Number(number) => found.filter(messages::number.eq(*number)),
    };
    let row = found.select(MessageRow::as_select()).first(connection).optional()?;
    Ok(view::of(connection, row.into_iter().collect())?.pop())
}

pub(super) fn after(
    connection: &mut AnyConnection,
    room: ChatroomId,
    after: i64,
    limit: u16,
) -> QueryResult<Vec<MessageView>> {
    let later = of_room(room).filter(messages::sequence.gt(after));
    let later = later.order(messages::sequence).limit(limit.into());
    let rows = later.select(MessageRow::as_select()).load(connection)?;
    view::of(connection, rows)
}

pub(super) fn before(
    connection: &mut AnyConnection,
    room: ChatroomId,
    before: Option<i64>,
    limit: u16,
) -> QueryResult<Vec<MessageView>> {
    let mut found = of_room(room);
    if let Some(before) = before {
        found = found.filter(messages::number.lt(before));
    }
    let found = found.order(messages::number.desc()).limit(limit.into());
    let mut rows: Vec<MessageRow> = found.select(MessageRow::as_select()).load(connection)?;
    rows.reverse();
    view::of(connection, rows)
}

pub(super) fn page(
    connection: &mut AnyConnection,
    room: ChatroomId,
    part: Option<&str>,
    page: &PageRequest<MessageCursor>,
) -> QueryResult<Page<MessageView, MessageCursor>> {
    let mut found = of_room(room);
    if let Some(part) = part {
        found = found.filter(messages::text_key.like(containing(part)).escape('!'));
    }
    paged(connection, found, page)
}

/// One statement for each room, by its index: the last message of a room is not the one of its last
/// sequence when that was removed.
pub(super) fn latest_of(
    connection: &mut AnyConnection,
    user: UserId,
) -> QueryResult<Vec<MessageView>> {
    let rooms: Vec<Vec<u8>> = members::table
        .filter(members::user_id.eq(user.0.as_bytes().as_slice()))
        .select(members::chatroom_id)
        .load(connection)?;
    let mut rows: Vec<MessageRow> = Vec::new();
    for room in rooms {
        let last = messages::table.filter(messages::chatroom_id.eq(room));
        let last = last.order(messages::number.desc()).select(MessageRow::as_select());
        rows.extend(last.first(connection).optional()?);
    }
    rows.sort_unstable_by_key(|row| row.number);
    view::of(connection, rows)
}

pub(super) fn written_by(
    connection: &mut AnyConnection,
    user: UserId,
    page: &PageRequest<MessageCursor>,
) -> QueryResult<Page<MessageView, MessageCursor>> {
    let user = user.0.as_bytes().to_vec();
    let entered = members::table.filter(members::user_id.eq(user.clone()));
    let found = messages::table
        .filter(messages::author.eq(user))
        .filter(messages::chatroom_id.eq_any(entered.select(members::chatroom_id)));
    paged(connection, found.into_boxed(), page)
}

fn of_room(room: ChatroomId) -> Found<'static> {
    messages::table.filter(messages::chatroom_id.eq(room.0.as_bytes().to_vec())).into_boxed()
}

fn paged(
    connection: &mut AnyConnection,
    found: Found<'_>,
    page: &PageRequest<MessageCursor>,
) -> QueryResult<Page<MessageView, MessageCursor>> {
    let found = match page.after {
        Some(MessageCursor { number }) => found.filter(messages::number.gt(number)),
        None => found,
    };
    let surplus = i64::try_from(page.limit() + 1).unwrap_or(i64::MAX);
    let found = found.order(messages::number).limit(surplus).select(MessageRow::as_select());
    let rows: Vec<MessageRow> = found.load(connection)?;
    let number = |row: &MessageRow| MessageCursor { number: row.number };
    let Page { items, next } = Page::from_surplus(rows, page.limit(), number);
    Ok(Page { items: view::of(connection, items)?, next })
}
