//! Rooms with who is in them: two statements more, however many rooms.

use std::collections::HashMap;

use diesel::dsl::count_star;
use diesel::{ExpressionMethods, JoinOnDsl, QueryDsl, QueryResult, RunQueryDsl, SelectableHelper};
use domain::chatrooms::{Person, RoomView};

use super::row::RoomRow;
use crate::db::{AnyConnection, members, messages, users};
use crate::stores::people::PersonOfRow;

/// The rooms as they are shown, in the same order.
pub(super) fn of(connection: &mut AnyConnection, rows: Vec<RoomRow>) -> QueryResult<Vec<RoomView>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Vec<u8>> = rows.iter().map(|row| row.id.clone()).collect();
    let mut people = people_in(connection, &ids)?;
    let counts = messages::table
        .filter(messages::chatroom_id.eq_any(ids))
        .group_by(messages::chatroom_id)
        .select((messages::chatroom_id, count_star()))
        .load::<(Vec<u8>, i64)>(connection)?;
    let counts: HashMap<Vec<u8>, i64> = counts.into_iter().collect();
    let view = |row: RoomRow| {
        let members = people.remove(&row.id).unwrap_or_default();
        let count = counts.get(&row.id).copied().unwrap_or_default();
        let message_count = u64::try_from(count).unwrap_or_default();
        Ok(RoomView { room: row.into_room()?, members, message_count })
    };
    rows.into_iter().map(view).collect()
}

/// Who is in each of these rooms, in the order of joining.
fn people_in(
    connection: &mut AnyConnection,
    ids: &[Vec<u8>],
) -> QueryResult<HashMap<Vec<u8>, Vec<Person>>> {
    let rows: Vec<(Vec<u8>, PersonOfRow)> = members::table
        .inner_join(users::table.on(users::id.eq(members::user_id)))
        .filter(members::chatroom_id.eq_any(ids.to_vec()))
        .order((members::joined_at, users::number))
        .select((members::chatroom_id, PersonOfRow::as_select()))
        .load(connection)?;
    let mut people: HashMap<Vec<u8>, Vec<Person>> = HashMap::new();
    for (room, row) in rows {
        people.entry(room).or_default().push(row.into_person()?);
    }
    Ok(people)
}
