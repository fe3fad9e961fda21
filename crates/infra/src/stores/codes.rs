//! One-time codes in a table.

use async_trait::async_trait;
use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, RunQueryDsl, SelectableHelper,
};
use domain::post::{Code, CodeHash, CodeId, CodePurpose, CodeStore, Redemption, Sequel};
use domain::store::StoreError;
use domain::time::Timestamp;
use domain::users::{PasswordHash, Status, UserId};

use super::addresses;
use super::post::{CodeRow, keep};
use super::{PURGE_LIMIT, rows};
use crate::db::{AnyConnection, Database, Moment, codes, users};

pub(super) struct Codes(pub(super) Database);

#[async_trait]
impl CodeStore for Codes {
    async fn issue(&self, sequel: &Sequel) -> Result<bool, StoreError> {
        let sequel = sequel.clone();
        self.0.transact(move |connection| issue(connection, &sequel)).await
    }

    async fn find(&self, handle: &CodeHash) -> Result<Option<Code>, StoreError> {
        let handle = *handle;
        self.0.read(move |connection| find(connection, &handle)).await
    }

    async fn attempt(
        &self,
        handle: &CodeHash,
        purpose: CodePurpose,
        now: Timestamp,
    ) -> Result<Option<Code>, StoreError> {
        let handle = *handle;
        let attempted = self.0.transact(move |connection| {
            let open = codes::table
                .filter(codes::handle_hash.eq(handle.0.as_slice()))
                .filter(codes::purpose.eq(purpose.name()))
                .filter(codes::tries_left.gt(0))
                .filter(codes::expires_at.gt(Moment::from(now)));
            let one_less = codes::tries_left.eq(codes::tries_left - 1);
            match diesel::update(open).set(one_less).execute(connection)? {
                0 => Ok(None),
                _ => find(connection, &handle),
            }
        });
        attempted.await
    }

    async fn redeem(&self, redemption: &Redemption) -> Result<bool, StoreError> {
        let redemption = redemption.clone();
        self.0.transact(move |connection| redeem(connection, &redemption)).await
    }

    async fn purge(&self, at: Timestamp) -> Result<u64, StoreError> {
        let at = Moment::from(at);
        let purged = self.0.write(move |connection| {
            let over = codes::expires_at.lt(at);
            let ids = codes::table.select(codes::id).filter(over).limit(PURGE_LIMIT);
            let ids = ids.load::<Vec<u8>>(connection)?;
            diesel::delete(codes::table.filter(codes::id.eq_any(ids))).execute(connection)
        });
        purged.await.map(rows)
    }
}

fn issue(connection: &mut AnyConnection, sequel: &Sequel) -> QueryResult<bool> {
    for code in &sequel.codes {
        // Nobody is looked up like anybody, so that a code for nobody takes as long.
        let id = code.user_id.map(|id| id.0).unwrap_or_default();
        let person = users::table.filter(users::id.eq(id.as_bytes().as_slice()));
        let person = person.select(users::number).get_result::<i64>(connection).optional()?;
        if person.is_none() && code.user_id.is_some() {
            return Ok(false);
        }
    }
    keep(connection, sequel)?;
    Ok(true)
}

fn find(connection: &mut AnyConnection, handle: &CodeHash) -> QueryResult<Option<Code>> {
    let row = codes::table.filter(codes::handle_hash.eq(handle.0.as_slice()));
    let row = row.select(CodeRow::as_select()).get_result(connection).optional()?;
    row.map(CodeRow::into_code).transpose()
}

fn redeem(connection: &mut AnyConnection, redemption: &Redemption) -> QueryResult<bool> {
    match redemption {
        Redemption::Password {
            code,
            purpose,
            user_id,
            new_hash,
            address,
            activates,
            at,
            sequel,
        } => {
            if !spend(connection, *code, *user_id, *purpose)?
                || !set_password(connection, *user_id, new_hash, *at)?
            {
                return Ok(false);
            }
            addresses::note(connection, *user_id, address, *at)?;
            addresses::close_ways_back(connection, *user_id, address)?;
            if *activates {
                addresses::activate(connection, *user_id)?;
            }
            keep(connection, sequel)?;
            Ok(true)
        }
        Redemption::Activation { code, user_id, at, sequel } => {
            if !spend(connection, *code, *user_id, CodePurpose::Activation)?
                || !activate(connection, *user_id, *at)?
            {
                return Ok(false);
            }
            keep(connection, sequel)?;
            Ok(true)
        }
        Redemption::Address {
            code,
            purpose,
            user_id,
            address,
            activates,
            keep: kept,
            at,
            sequel,
        } => {
            if !spend(connection, *code, *user_id, *purpose)?
                || !addresses::verify(connection, *user_id, address, *kept, *at)?
            {
                return Ok(false);
            }
            if *activates {
                addresses::activate(connection, *user_id)?;
            }
            keep(connection, sequel)?;
            Ok(true)
        }
    }
}

/// Removes the code; of any number at once one finds it there.
fn spend(
    connection: &mut AnyConnection,
    id: CodeId,
    user_id: UserId,
    purpose: CodePurpose,
) -> QueryResult<bool> {
    let code = codes::table
        .find(id.0.as_bytes().as_slice())
        .filter(codes::user_id.eq(user_id.0.as_bytes().as_slice()))
        .filter(codes::purpose.eq(purpose.name()));
    Ok(diesel::delete(code).execute(connection)? == 1)
}

fn set_password(
    connection: &mut AnyConnection,
    id: UserId,
    new_hash: &PasswordHash,
    at: Timestamp,
) -> QueryResult<bool> {
    let bytes = id.0.as_bytes().as_slice();
    let change = (
        users::password_hash.eq(new_hash.expose()),
        users::epoch.eq(users::epoch + 1),
        users::version.eq(users::version + 1),
        users::updated_at.eq(Moment::from(at)),
    );
    let person = users::table.filter(users::id.eq(bytes));
    if diesel::update(person).set(change).execute(connection)? == 0 {
        return Ok(false);
    }
    addresses::end_sessions(connection, id, None)?;
    diesel::delete(codes::table.filter(codes::user_id.eq(bytes))).execute(connection)?;
    Ok(true)
}

fn activate(connection: &mut AnyConnection, id: UserId, at: Timestamp) -> QueryResult<bool> {
    let waiting = users::table
        .filter(users::id.eq(id.0.as_bytes().as_slice()))
        .filter(users::status.eq(Status::Inactive.name()));
    let change = (
        users::status.eq(Status::Active.name()),
        users::mobile_verified_at.eq(Some(Moment::from(at))),
        users::version.eq(users::version + 1),
        users::updated_at.eq(Moment::from(at)),
    );
    Ok(diesel::update(waiting).set(change).execute(connection)? == 1)
}
