//! Updates that are prepared once per connection.
//!
//! Diesel keeps what it prepared, but for statements whose text may differ from one time to the next, and
//! takes every UPDATE for such, since a changeset may leave columns out. Prepared anew each time,
//! a statement is parsed and planned each time, and on MySQL costs a second round trip. So those that
//! requests wait for are said here to be steady: they name the same columns whenever they are made.

use diesel::connection::Connection;
use diesel::expression::AppearsOnTable;
use diesel::query_builder::{AsChangeset, AstPass, QueryFragment, QueryId};
use diesel::query_source::QuerySource;
use diesel::sql_types::Bool;
use diesel::{Expression, QueryResult, RunQueryDsl};

use super::connection::AnyConnection;

type Backend = <AnyConnection as Connection>::Backend;

/// `UPDATE … SET … WHERE …`.
pub(crate) struct SteadyUpdate<T, C, F> {
    table: T,
    change: C,
    filter: F,
}

/// Changes the rows of `table` that `filter` finds. `change` must never leave out a column: each text
/// that comes of it takes memory, here and at the server, as long as the connection lasts.
pub(crate) fn steady_update<T, C, F>(
    table: T,
    change: C,
    filter: F,
) -> SteadyUpdate<T::FromClause, C::Changeset, F>
where
    T: QuerySource,
    C: AsChangeset<Target = T>,
    F: Expression<SqlType = Bool> + AppearsOnTable<T>,
{
    SteadyUpdate { table: table.from_clause(), change: change.as_changeset(), filter }
}

impl<T, C, F> QueryFragment<Backend> for SteadyUpdate<T, C, F>
where
    T: QueryFragment<Backend>,
    C: QueryFragment<Backend>,
    F: QueryFragment<Backend>,
{
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        pass.push_sql("UPDATE ");
        self.table.walk_ast(pass.reborrow())?;
        pass.push_sql(" SET ");
        self.change.walk_ast(pass.reborrow())?;
        pass.push_sql(" WHERE ");
        self.filter.walk_ast(pass)
    }
}

impl<T, C, F> QueryId for SteadyUpdate<T, C, F> {
    type QueryId = ();

    /// It is found again by its text.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<T, C, F> RunQueryDsl<AnyConnection> for SteadyUpdate<T, C, F> {}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use diesel::connection::{InstrumentationEvent, SimpleConnection};
    use diesel::{Connection, ExpressionMethods, SqliteConnection};

    use super::*;
    use crate::db::throttles;

    #[test]
    fn it_is_prepared_once() {
        let mut connection = SqliteConnection::establish(":memory:").unwrap();
        connection.batch_execute("CREATE TABLE throttles (id BLOB, taken BIGINT)").unwrap();
        connection.batch_execute("INSERT INTO throttles VALUES (x'07', 1)").unwrap();
        let kept = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&kept);
        connection.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::CacheQuery { sql, .. } = event {
                noted.lock().unwrap().push(sql.to_owned());
            }
        });
        let mut connection = AnyConnection::Sqlite(connection);
        for (id, found) in [([7], 1), ([8], 0), ([7], 1)] {
            let more = throttles::taken.eq(throttles::taken + 1);
            let update = steady_update(throttles::table, more, throttles::id.eq(id.as_slice()));
            assert_eq!(update.execute(&mut connection), Ok(found));
        }
        let text = "UPDATE `throttles` SET `taken` = (`throttles`.`taken` + ?) \
                    WHERE (`throttles`.`id` = ?)";
        assert_eq!(*kept.lock().unwrap(), [text]);
    }
}
