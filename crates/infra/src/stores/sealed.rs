//! The sealed values of all tables, for sealing them again.

use async_trait::async_trait;
use diesel::{ExpressionMethods, QueryDsl, QueryResult, RunQueryDsl};
use domain::resealing::{SealedKind, SealedValues};
use domain::sealing::Sealed;
use domain::store::StoreError;
use uuid::Uuid;

use super::row::uuid;
use crate::db::{AnyConnection, Database, chatrooms, dispatches, idempotency_keys};

pub(super) struct SealedRows(pub(super) Database);

#[async_trait]
impl SealedValues for SealedRows {
    async fn page(
        &self,
        kind: SealedKind,
        after: Option<Uuid>,
        limit: u16,
    ) -> Result<Vec<(Uuid, Sealed)>, StoreError> {
        self.0.read(move |connection| page(connection, kind, after, limit)).await
    }

    async fn replace(
        &self,
        kind: SealedKind,
        id: Uuid,
        old: &Sealed,
        new: &Sealed,
    ) -> Result<bool, StoreError> {
        let (old, new) = (old.0.clone(), new.0.clone());
        let replaced = self.0.write(move |connection| {
            let id = id.as_bytes().as_slice();
            let rows = match kind {
                SealedKind::Letter => {
                    let row = dispatches::table.find(id).filter(dispatches::sealed.eq(&old));
                    diesel::update(row).set(dispatches::sealed.eq(&new)).execute(connection)?
                }
                SealedKind::Passkey => {
                    let row = chatrooms::table.filter(chatrooms::id.eq(id));
                    let row = row.filter(chatrooms::passkey.eq(&old));
                    diesel::update(row).set(chatrooms::passkey.eq(&new)).execute(connection)?
                }
                SealedKind::Reply => {
                    let row = idempotency_keys::table.filter(idempotency_keys::holder.eq(id));
                    let row = row.filter(idempotency_keys::reply.eq(&old));
                    let reply = idempotency_keys::reply.eq(&new);
                    diesel::update(row).set(reply).execute(connection)?
                }
            };
            Ok(rows == 1)
        });
        replaced.await
    }
}

fn page(
    connection: &mut AnyConnection,
    kind: SealedKind,
    after: Option<Uuid>,
    limit: u16,
) -> QueryResult<Vec<(Uuid, Sealed)>> {
    // No id is all zeros.
    let after = after.unwrap_or_default().as_bytes().to_vec();
    let (column, rows): (_, Vec<(Vec<u8>, Option<String>)>) = match kind {
        SealedKind::Letter => {
            let rows = dispatches::table.filter(dispatches::id.gt(after)).order(dispatches::id);
            let rows = rows.limit(limit.into()).select((dispatches::id, dispatches::sealed));
            let rows = rows.load::<(Vec<u8>, String)>(connection)?;
            ("dispatches.id", rows.into_iter().map(|(id, text)| (id, Some(text))).collect())
        }
        SealedKind::Passkey => {
            let rows = chatrooms::table.filter(chatrooms::id.gt(after)).order(chatrooms::id);
            let rows = rows.filter(chatrooms::passkey.is_not_null()).limit(limit.into());
            ("chatrooms.id", rows.select((chatrooms::id, chatrooms::passkey)).load(connection)?)
        }
        SealedKind::Reply => {
            let rows = idempotency_keys::table.filter(idempotency_keys::holder.gt(after));
            let rows = rows.filter(idempotency_keys::reply.is_not_null());
            let rows = rows.order(idempotency_keys::holder).limit(limit.into());
            let rows = rows.select((idempotency_keys::holder, idempotency_keys::reply));
            ("idempotency_keys.holder", rows.load(connection)?)
        }
    };
    let read = |(id, text): (Vec<u8>, Option<String>)| {
        let id = uuid(column, &id);
        text.map(|text| Ok((id?, Sealed(text))))
    };
    rows.into_iter().filter_map(read).collect()
}
