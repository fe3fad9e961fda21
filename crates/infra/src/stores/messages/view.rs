//! Messages with their authors, rooms and likes: three statements more, however many messages.

use std::collections::HashMap;

use diesel::{ExpressionMethods, QueryDsl, QueryResult, RunQueryDsl};
use domain::chatrooms::{MessageView, Person};
use domain::users::UserId;

use super::row::MessageRow;
use crate::db::{AnyConnection, chatrooms, likes};
use crate::stores::people;
use crate::stores::row::uuid;

/// The messages as they are shown, in the same order.
pub(super) fn of(
    connection: &mut AnyConnection,
    rows: Vec<MessageRow>,
) -> QueryResult<Vec<MessageView>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let names = room_names(connection, &rows)?;
    let ids: Vec<Vec<u8>> = rows.iter().map(|row| row.id.clone()).collect();
    let liked: Vec<(Vec<u8>, Vec<u8>)> = likes::table
        .filter(likes::message_id.eq_any(ids))
        .order((likes::created_at, likes::user_id))
        .select((likes::message_id, likes::user_id))
        .load(connection)?;
    let mentioned = rows.iter().map(|row| &row.author).chain(liked.iter().map(|(_, user)| user));
    let mut mentioned: Vec<Vec<u8>> = mentioned.cloned().collect();
    mentioned.sort_unstable();
    mentioned.dedup();
    let people = people::by_id(connection, mentioned)?;
    let mut likers: HashMap<Vec<u8>, Vec<Person>> = HashMap::new();
    for (message, user) in liked {
        let person = people.get(&UserId(uuid("likes.user_id", &user)?)).cloned();
        likers.entry(message).or_default().extend(person);
    }
    let view = |row: MessageRow| {
        let room_name = names.get(&row.chatroom_id).cloned();
        let likers = likers.remove(&row.id).unwrap_or_default();
        let message = row.into_message()?;
        // Who or what went between two statements took the message along.
        let author = people.get(&message.author).cloned();
        Ok(author.zip(room_name).map(|(author, room_name)| MessageView {
            message,
            author,
            room_name,
            likers,
        }))
    };
    rows.into_iter().map(view).filter_map(Result::transpose).collect()
}

fn room_names(
    connection: &mut AnyConnection,
    rows: &[MessageRow],
) -> QueryResult<HashMap<Vec<u8>, String>> {
    let mut ids: Vec<Vec<u8>> = rows.iter().map(|row| row.chatroom_id.clone()).collect();
    ids.sort_unstable();
    ids.dedup();
    let rooms = chatrooms::table.filter(chatrooms::id.eq_any(ids));
    let names = rooms.select((chatrooms::id, chatrooms::name)).load(connection)?;
    Ok(names.into_iter().collect())
}
