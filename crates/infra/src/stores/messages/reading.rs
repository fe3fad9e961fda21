//! The ways in which messages are read.

use diesel::dsl::max;
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
    let row = found.select(MessageRow::as_select()).get_result(connection).optional()?;
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

/// The index of a room's numbers gives its last one at once. That need not be the one of its last
/// sequence, which may have been removed.
pub(super) fn latest_of(
    connection: &mut AnyConnection,
    user: UserId,
) -> QueryResult<Vec<MessageView>> {
    let said_there = messages::table.filter(messages::chatroom_id.eq(members::chatroom_id));
    let last = said_there.select(max(messages::number)).single_value();
    let numbers: Vec<Option<i64>> = members::table
        .filter(members::user_id.eq(user.0.as_bytes().as_slice()))
        .select(last)
        .load(connection)?;
    let numbers: Vec<i64> = numbers.into_iter().flatten().collect();
    let found = messages::table.filter(messages::number.eq_any(numbers)).order(messages::number);
    let rows = found.select(MessageRow::as_select()).load(connection)?;
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
