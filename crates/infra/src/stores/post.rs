//! Codes and letters as rows, and how they are kept along with a change.

use diesel::result::{DatabaseErrorKind, Error};
use diesel::{
    ExpressionMethods, Insertable, QueryDsl, QueryResult, Queryable, RunQueryDsl, Selectable,
};
use domain::post::{Code, CodeHash, CodeId, CodePurpose, Dispatch, DispatchId, Sequel};
use domain::sealing::Sealed;
use domain::users::UserId;

use super::row::{Corrupt, uuid};
use super::{audit, idempotency};
use crate::db::{AnyConnection, Moment, MultiBackend, codes, dispatches};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = codes, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub(super) struct CodeRow {
    id: Vec<u8>,
    user_id: Option<Vec<u8>>,
    purpose: String,
    handle_hash: Vec<u8>,
    code_hash: Vec<u8>,
    tries_left: i64,
    created_at: Moment,
    expires_at: Moment,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = dispatches, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub(super) struct DispatchRow {
    id: Vec<u8>,
    sealed: String,
    attempts: i64,
    created_at: Moment,
    due_at: Moment,
}

/// Keeps what follows a change, in the transaction of the change.
pub(super) fn keep(connection: &mut AnyConnection, sequel: &Sequel) -> QueryResult<()> {
    sequel.codes.iter().try_for_each(|code| put(connection, code))?;
    for dispatch in &sequel.dispatches {
        let row = DispatchRow::from(dispatch);
        diesel::insert_into(dispatches::table).values(row).execute(connection)?;
    }
    for event in &sequel.events {
        audit::record(connection, event)?;
    }
    sequel.claim.iter().try_for_each(|claim| idempotency::note_change(connection, claim))
}

/// Puts a code into the place of the one before it. Those who do so at the same moment wait for the row.
fn put(connection: &mut AnyConnection, code: &Code) -> QueryResult<()> {
    let row = CodeRow::from(code);
    let anew = (
        codes::id.eq(row.id.clone()),
        codes::user_id.eq(row.user_id.clone()),
        codes::purpose.eq(row.purpose.clone()),
        codes::code_hash.eq(row.code_hash.clone()),
        codes::tries_left.eq(row.tries_left),
        codes::created_at.eq(row.created_at),
        codes::expires_at.eq(row.expires_at),
    );
    let before = codes::table.filter(codes::handle_hash.eq(row.handle_hash.clone()));
    if diesel::update(before).set(anew).execute(connection)? == 1 {
        return Ok(());
    }
    match diesel::insert_into(codes::table).values(row).execute(connection) {
        // Another one came between: it is there to be replaced when this is tried again.
        Err(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, told)) => {
            Err(Error::DatabaseError(DatabaseErrorKind::SerializationFailure, told))
        }
        outcome => outcome.map(drop),
    }
}

impl From<&Code> for CodeRow {
    fn from(code: &Code) -> Self {
        Self {
            id: code.id.0.into(),
            user_id: code.user_id.map(|id| id.0.into()),
            purpose: code.purpose.name().into(),
            handle_hash: code.handle_hash.0.to_vec(),
            code_hash: code.code_hash.0.to_vec(),
            tries_left: code.tries_left,
            created_at: code.created_at.into(),
            expires_at: code.expires_at.into(),
        }
    }
}

impl CodeRow {
    /// The code, unless the row holds what no version of this program wrote.
    pub(super) fn into_code(self) -> QueryResult<Code> {
        let user_id = self.user_id.map(|id| uuid("codes.user_id", &id)).transpose()?;
        Ok(Code {
            id: CodeId(uuid("codes.id", &self.id)?),
            user_id: user_id.map(UserId),
            purpose: CodePurpose::from_name(&self.purpose).ok_or(Corrupt("codes.purpose"))?,
            handle_hash: hash("codes.handle_hash", self.handle_hash)?,
            code_hash: hash("codes.code_hash", self.code_hash)?,
            tries_left: self.tries_left,
            created_at: self.created_at.into(),
            expires_at: self.expires_at.into(),
        })
    }
}

fn hash(column: &'static str, bytes: Vec<u8>) -> Result<CodeHash, Corrupt> {
    bytes.try_into().map(CodeHash).map_err(|_| Corrupt(column))
}

impl From<&Dispatch> for DispatchRow {
    fn from(dispatch: &Dispatch) -> Self {
        Self {
            id: dispatch.id.0.into(),
            sealed: dispatch.sealed.0.clone(),
            attempts: dispatch.attempts,
            created_at: dispatch.created_at.into(),
            due_at: dispatch.due_at.into(),
        }
    }
}

impl DispatchRow {
    /// The promised letter, unless the row holds what no version of this program wrote.
    pub(super) fn into_dispatch(self) -> QueryResult<Dispatch> {
        Ok(Dispatch {
            id: DispatchId(uuid("dispatches.id", &self.id)?),
            sealed: Sealed(self.sealed),
            attempts: self.attempts,
            created_at: self.created_at.into(),
            due_at: self.due_at.into(),
        })
    }
}
