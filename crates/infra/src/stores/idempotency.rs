//! Idempotency keys in a table: every step is one conditional statement.

use async_trait::async_trait;
use diesel::result::{DatabaseErrorKind, Error};
use diesel::{
    BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, RunQueryDsl,
};
use domain::idempotency::{Claim, Claimed, Hold, IdempotencyStore, Kept};
use domain::sealing::Sealed;
use domain::store::StoreError;
use domain::time::Timestamp;
use domain::users::UserId;

use super::row::{Corrupt, uuid};
use super::{PURGE_LIMIT, rows};
use crate::db::{AnyConnection, Database, Moment, idempotency_keys};

/// How often a key may vanish between being there and being read.
const ROUNDS: usize = 8;

pub(super) struct Keys(pub(super) Database);

/// A change was to be made under a key that somebody else holds by now.
#[derive(Debug, thiserror::Error)]
#[error("somebody else holds the idempotency key by now")]
struct NotHeld;

/// Notes in the transaction of a change that it was made under this key; undoes it where the key is
/// somebody else's.
pub(super) fn note_change(connection: &mut AnyConnection, claim: &Claim) -> QueryResult<()> {
    let change = idempotency_keys::changed.eq(true);
    match diesel::update(held(claim)).set(change).execute(connection)? {
        0 => Err(Error::DeserializationError(Box::new(NotHeld))),
        _ => Ok(()),
    }
}

type Held<'a> = diesel::dsl::Filter<
    diesel::dsl::Find<idempotency_keys::table, &'a [u8]>,
    diesel::dsl::Eq<idempotency_keys::holder, &'a [u8]>,
>;

fn held(claim: &Claim) -> Held<'_> {
    let key = idempotency_keys::table.find(claim.key.as_slice());
    key.filter(idempotency_keys::holder.eq(claim.holder.as_bytes().as_slice()))
}

#[async_trait]
impl IdempotencyStore for Keys {
    async fn claim(&self, hold: &Hold) -> Result<Claimed, StoreError> {
        let hold = hold.clone();
        let claimed = self.0.write(move |connection| {
            for _ in 0..ROUNDS {
                if begin(connection, &hold)? || take_over(connection, &hold)? {
                    return Ok(Some(Claimed::Mine));
                }
                if let Some(kept) = find(connection, &hold.claim)? {
                    return Ok(Some(Claimed::Known(kept)));
                }
            }
            Ok(None)
        });
        claimed.await?.ok_or_else(|| StoreError::unavailable("an idempotency key came and went"))
    }

    async fn settle(&self, claim: &Claim, reply: &Sealed) -> Result<bool, StoreError> {
        let (claim, reply) = (*claim, reply.clone());
        let settled = self.0.write(move |connection| {
            let reply = idempotency_keys::reply.eq(Some(reply.0.as_str()));
            Ok(diesel::update(held(&claim)).set(reply).execute(connection)? == 1)
        });
        settled.await
    }

    async fn release(&self, claim: &Claim) -> Result<bool, StoreError> {
        let claim = *claim;
        let released = self.0.write(move |connection| {
            let unused = held(&claim)
                .filter(idempotency_keys::changed.eq(false))
                .filter(idempotency_keys::reply.is_null());
            Ok(diesel::delete(unused).execute(connection)? == 1)
        });
        released.await
    }

    async fn purge(&self, at: Timestamp) -> Result<u64, StoreError> {
        let at = Moment::from(at);
        let purged = self.0.write(move |connection| {
            let over = idempotency_keys::expires_at.lt(at);
            let ids = idempotency_keys::table.select(idempotency_keys::id).filter(over);
            let ids = ids.limit(PURGE_LIMIT).load::<Vec<u8>>(connection)?;
            // Asked again, since a key may have been taken anew meanwhile.
            let over =
                idempotency_keys::table.filter(idempotency_keys::id.eq_any(ids)).filter(over);
            diesel::delete(over).execute(connection)
        });
        purged.await.map(rows)
    }
}

/// Takes a key that nobody has.
fn begin(connection: &mut AnyConnection, hold: &Hold) -> QueryResult<bool> {
    match insert(connection, hold, hold.principal) {
        // The person is gone meanwhile, which the request is about to be told.
        Err(Error::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _)) => {
            insert(connection, hold, None)
        }
        outcome => outcome,
    }
}

fn insert(
    connection: &mut AnyConnection,
    hold: &Hold,
    principal: Option<UserId>,
) -> QueryResult<bool> {
    let row = (
        idempotency_keys::id.eq(hold.claim.key.as_slice()),
        idempotency_keys::holder.eq(hold.claim.holder.as_bytes().as_slice()),
        idempotency_keys::fingerprint.eq(hold.fingerprint.as_slice()),
        idempotency_keys::principal.eq(principal.map(|id| id.0.as_bytes().to_vec())),
        idempotency_keys::changed.eq(false),
        idempotency_keys::reply.eq(None::<String>),
        idempotency_keys::held_until.eq(Moment::from(hold.held_until)),
        idempotency_keys::expires_at.eq(Moment::from(hold.expires_at)),
    );
    match diesel::insert_into(idempotency_keys::table).values(row).execute(connection) {
        Ok(_) => Ok(true),
        Err(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Takes a key that has expired, or whose holder was given up before it changed anything.
fn take_over(connection: &mut AnyConnection, hold: &Hold) -> QueryResult<bool> {
    let now = Moment::from(hold.now);
    let given_up = idempotency_keys::held_until
        .le(now)
        .and(idempotency_keys::changed.eq(false))
        .and(idempotency_keys::reply.is_null())
        .and(idempotency_keys::fingerprint.eq(hold.fingerprint.as_slice()));
    let free = idempotency_keys::table
        .find(hold.claim.key.as_slice())
        .filter(idempotency_keys::expires_at.le(now).or(given_up));
    let row = (
        idempotency_keys::holder.eq(hold.claim.holder.as_bytes().as_slice()),
        idempotency_keys::fingerprint.eq(hold.fingerprint.as_slice()),
        idempotency_keys::changed.eq(false),
        idempotency_keys::reply.eq(None::<String>),
        idempotency_keys::held_until.eq(Moment::from(hold.held_until)),
        idempotency_keys::expires_at.eq(Moment::from(hold.expires_at)),
    );
    Ok(diesel::update(free).set(row).execute(connection)? == 1)
}

fn find(connection: &mut AnyConnection, claim: &Claim) -> QueryResult<Option<Kept>> {
    let row = idempotency_keys::table.find(claim.key.as_slice()).select((
        idempotency_keys::holder,
        idempotency_keys::fingerprint,
        idempotency_keys::changed,
        idempotency_keys::reply,
        idempotency_keys::held_until,
    ));
    let row = row
        .get_result::<(Vec<u8>, Vec<u8>, bool, Option<String>, Moment)>(connection)
        .optional()?;
    let Some((holder, fingerprint, changed, reply, held_until)) = row else { return Ok(None) };
    let fingerprint =
        fingerprint.try_into().map_err(|_| Corrupt("idempotency_keys.fingerprint"))?;
    let holder = uuid("idempotency_keys.holder", &holder)?;
    let reply = reply.map(Sealed);
    Ok(Some(Kept { holder, fingerprint, changed, reply, held_until: held_until.into() }))
}
