//! Promised letters in a table.

use async_trait::async_trait;
use diesel::{ExpressionMethods, QueryDsl, QueryResult, RunQueryDsl, SelectableHelper};
use domain::post::{Dispatch, DispatchId, Outbox, Turn};
use domain::store::StoreError;
use domain::time::Timestamp;

use super::post::DispatchRow;
use crate::db::{AnyConnection, Database, Moment, dispatches};

pub(super) struct Letters(pub(super) Database);

#[async_trait]
impl Outbox for Letters {
    async fn take_up(&self, turn: &Turn) -> Result<Vec<Dispatch>, StoreError> {
        let turn = *turn;
        if !self.0.read(move |connection| any_due(connection, &turn)).await? {
            return Ok(Vec::new());
        }
        self.0.transact(move |connection| take_up(connection, &turn)).await
    }

    async fn delivered(&self, id: DispatchId) -> Result<bool, StoreError> {
        let delivered = self.0.write(move |connection| {
            let row = dispatches::table.find(id.0.as_bytes().as_slice());
            Ok(diesel::delete(row).execute(connection)? == 1)
        });
        delivered.await
    }

    async fn postpone(
        &self,
        id: DispatchId,
        attempts: i64,
        due_at: Timestamp,
    ) -> Result<bool, StoreError> {
        let postponed = self.0.write(move |connection| {
            let row = dispatches::table.find(id.0.as_bytes().as_slice());
            let row = row.filter(dispatches::attempts.eq(attempts));
            let due = dispatches::due_at.eq(Moment::from(due_at));
            Ok(diesel::update(row).set(due).execute(connection)? == 1)
        });
        postponed.await
    }
}

/// Workers ask all the time, and mostly in vain: that takes no lock.
fn any_due(connection: &mut AnyConnection, turn: &Turn) -> QueryResult<bool> {
    let due = dispatches::table.filter(dispatches::due_at.le(Moment::from(turn.now)));
    let any = due.select(dispatches::attempts).limit(1).load::<i64>(connection)?;
    Ok(!any.is_empty())
}

fn take_up(connection: &mut AnyConnection, turn: &Turn) -> QueryResult<Vec<Dispatch>> {
    let due: Vec<DispatchRow> = dispatches::table
        .filter(dispatches::due_at.le(Moment::from(turn.now)))
        .order((dispatches::due_at, dispatches::id))
        .limit(turn.limit.into())
        .select(DispatchRow::as_select())
        .load(connection)?;
    let mut taken = Vec::new();
    for row in due {
        let mut dispatch = row.into_dispatch()?;
        let unclaimed = dispatches::table
            .find(dispatch.id.0.as_bytes().as_slice())
            .filter(dispatches::attempts.eq(dispatch.attempts))
            .filter(dispatches::due_at.le(Moment::from(turn.now)));
        let claim = (
            dispatches::attempts.eq(dispatches::attempts + 1),
            dispatches::due_at.eq(Moment::from(turn.until)),
        );
        // Somebody else may have been quicker: the row count decides.
        if diesel::update(unclaimed).set(claim).execute(connection)? == 1 {
            dispatch.attempts += 1;
            dispatch.due_at = turn.until;
            taken.push(dispatch);
        }
    }
    Ok(taken)
}
