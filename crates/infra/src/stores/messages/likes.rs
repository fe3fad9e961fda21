//! Who likes what: a row each, once.

use diesel::result::{DatabaseErrorKind, Error};
use diesel::{ExpressionMethods, QueryDsl, QueryResult, RunQueryDsl};
use domain::chatrooms::MessageId;
use domain::time::Timestamp;
use domain::users::UserId;

use super::bytes;
use crate::db::{AnyConnection, Moment, likes, messages};

/// Says whether it was new.
pub(super) fn set(
    connection: &mut AnyConnection,
    id: MessageId,
    user: UserId,
    likes: bool,
    at: Timestamp,
) -> QueryResult<bool> {
    if !likes {
        return remove(connection, id, user);
    }
    match insert(connection, id, user, at) {
        Ok(()) => Ok(true),
        // Liked already, or message or person are gone.
        Err(Error::DatabaseError(
            DatabaseErrorKind::UniqueViolation | DatabaseErrorKind::ForeignKeyViolation,
            _,
        )) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Says whether the person likes the message now. The message's row is held until the end, so that
/// each call sees what the one before it came to.
pub(super) fn toggle(
    connection: &mut AnyConnection,
    id: MessageId,
    user: UserId,
    at: Timestamp,
) -> QueryResult<bool> {
    let message = messages::table.filter(messages::id.eq(bytes(&id)));
    let held = messages::version.eq(messages::version);
    let is_there = diesel::update(message).set(held).execute(connection)? == 1;
    if !is_there || remove(connection, id, user)? {
        return Ok(false);
    }
    match insert(connection, id, user, at) {
        Ok(()) => Ok(true),
        // The person is gone. Nothing was done that could be undone.
        Err(Error::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _)) => Ok(false),
        // A like that is no toggle came between: what it came to is seen when this is tried again.
        Err(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, told)) => {
            Err(Error::DatabaseError(DatabaseErrorKind::SerializationFailure, told))
        }
        Err(error) => Err(error),
    }
}

fn remove(connection: &mut AnyConnection, id: MessageId, user: UserId) -> QueryResult<bool> {
    let row = likes::table.find((bytes(&id), user.0.as_bytes().as_slice()));
    Ok(diesel::delete(row).execute(connection)? == 1)
}

fn insert(
    connection: &mut AnyConnection,
    id: MessageId,
    user: UserId,
    at: Timestamp,
) -> QueryResult<()> {
    let row = (
        likes::message_id.eq(bytes(&id)),
        likes::user_id.eq(user.0.as_bytes().as_slice()),
        likes::created_at.eq(Moment::from(at)),
    );
    diesel::insert_into(likes::table).values(row).execute(connection).map(drop)
}
