//! Addresses that are shown to be a person's own.

use diesel::{ExpressionMethods, QueryDsl, QueryResult, RunQueryDsl};
use domain::post::Recipient;
use domain::sessions::SessionId;
use domain::time::Timestamp;
use domain::users::{Email, Mobile, Status, UserId};

use crate::db::{AnyConnection, Moment, sessions, users};

/// Notes that the person's present address is verified, where it was not, and nothing else.
pub(super) fn note(
    connection: &mut AnyConnection,
    id: UserId,
    address: &Recipient,
    at: Timestamp,
) -> QueryResult<bool> {
    let person = users::table.filter(users::id.eq(bytes(&id)));
    let at = Some(Moment::from(at));
    let noted = match address {
        Recipient::Mail(email) => {
            let row = person.filter(users::email_key.eq(email.key()));
            let row = row.filter(users::email_verified_at.is_null());
            diesel::update(row).set(users::email_verified_at.eq(at)).execute(connection)?
        }
        Recipient::Sms(mobile) => {
            let row = person.filter(users::mobile_key.eq(mobile.key()));
            let row = row.filter(users::mobile_verified_at.is_null());
            diesel::update(row).set(users::mobile_verified_at.eq(at)).execute(connection)?
        }
    };
    Ok(noted == 1)
}

/// Drops what leads to other places than the one that showed who the owner is.
pub(super) fn close_ways_back(
    connection: &mut AnyConnection,
    id: UserId,
    address: &Recipient,
) -> QueryResult<()> {
    let person = users::table.filter(users::id.eq(bytes(&id)));
    let nothing_waits = (
        users::pending_email.eq(None::<String>),
        users::pending_email_key.eq(None::<String>),
        users::pending_mobile.eq(None::<String>),
        users::pending_mobile_key.eq(None::<String>),
    );
    diesel::update(person).set(nothing_waits).execute(connection)?;
    match address {
        Recipient::Mail(_) => {
            let unproven = users::mobile_verified_at.eq(None::<Moment>);
            diesel::update(person).set(unproven).execute(connection).map(drop)
        }
        Recipient::Sms(_) => Ok(()),
    }
}

/// Makes somebody inactive active.
pub(super) fn activate(connection: &mut AnyConnection, id: UserId) -> QueryResult<bool> {
    let waiting = users::table
        .filter(users::id.eq(bytes(&id)))
        .filter(users::status.eq(Status::Inactive.name()));
    let active = users::status.eq(Status::Active.name());
    Ok(diesel::update(waiting).set(active).execute(connection)? == 1)
}

/// Verifies an address: the one that waits takes its place, the present one ends other sessions.
pub(super) fn verify(
    connection: &mut AnyConnection,
    id: UserId,
    address: &Recipient,
    keep: Option<SessionId>,
    at: Timestamp,
) -> QueryResult<bool> {
    let moved = match address {
        Recipient::Mail(email) => move_email(connection, id, email, at)?,
        Recipient::Sms(mobile) => move_mobile(connection, id, mobile, at)?,
    };
    if moved {
        return Ok(true);
    }
    if !note(connection, id, address, at)? {
        return Ok(false);
    }
    let person = users::table.filter(users::id.eq(bytes(&id)));
    let change = (
        users::epoch.eq(users::epoch + 1),
        users::version.eq(users::version + 1),
        users::updated_at.eq(Moment::from(at)),
    );
    diesel::update(person).set(change).execute(connection)?;
    end_sessions(connection, id, keep)?;
    Ok(true)
}

fn move_email(
    connection: &mut AnyConnection,
    id: UserId,
    email: &Email,
    at: Timestamp,
) -> QueryResult<bool> {
    let waiting = users::table
        .filter(users::id.eq(bytes(&id)))
        .filter(users::pending_email_key.eq(email.key()));
    let change = (
        users::email.eq(Some(email.as_str())),
        users::email_key.eq(Some(email.key())),
        users::email_verified_at.eq(Some(Moment::from(at))),
        users::pending_email.eq(None::<String>),
        users::pending_email_key.eq(None::<String>),
        users::version.eq(users::version + 1),
        users::updated_at.eq(Moment::from(at)),
    );
    Ok(diesel::update(waiting).set(change).execute(connection)? == 1)
}

fn move_mobile(
    connection: &mut AnyConnection,
    id: UserId,
    mobile: &Mobile,
    at: Timestamp,
) -> QueryResult<bool> {
    let waiting = users::table
        .filter(users::id.eq(bytes(&id)))
        .filter(users::pending_mobile_key.eq(mobile.key()));
    let change = (
        users::mobile.eq(Some(mobile.as_str())),
        users::mobile_key.eq(Some(mobile.key())),
        users::mobile_verified_at.eq(Some(Moment::from(at))),
        users::pending_mobile.eq(None::<String>),
        users::pending_mobile_key.eq(None::<String>),
        users::version.eq(users::version + 1),
        users::updated_at.eq(Moment::from(at)),
    );
    Ok(diesel::update(waiting).set(change).execute(connection)? == 1)
}

/// Closes all sessions of a person whose epoch was raised, but for one, which goes on under it.
pub(super) fn end_sessions(
    connection: &mut AnyConnection,
    id: UserId,
    keep: Option<SessionId>,
) -> QueryResult<()> {
    let owned = sessions::table.filter(sessions::user_id.eq(bytes(&id)));
    let Some(keep) = &keep else {
        diesel::delete(owned).execute(connection)?;
        return Ok(());
    };
    let keep = sessions::id.eq(keep.0.as_bytes().as_slice());
    diesel::delete(owned.filter(diesel::dsl::not(keep))).execute(connection)?;
    let person = users::table.filter(users::id.eq(bytes(&id)));
    let epoch: i64 = person.select(users::epoch).get_result(connection)?;
    diesel::update(owned.filter(keep)).set(sessions::epoch.eq(epoch)).execute(connection)?;
    Ok(())
}

fn bytes(id: &UserId) -> &[u8] {
    id.0.as_bytes()
}
