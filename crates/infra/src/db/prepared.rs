//! Statements that are prepared once per connection.
//!
//! Diesel keeps what it prepared, but for statements whose text may differ from one time to the next, and
//! takes every UPDATE for such: a changeset may leave columns out. Ours mostly do not. Prepared anew
//! each time, a statement is parsed and planned each time, and on MySQL costs a second round trip.

use diesel::connection::Connection;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::{QueryResult, RunQueryDsl};

use super::connection::AnyConnection;

type Backend = <AnyConnection as Connection>::Backend;

/// A statement that is kept prepared, by its text.
pub(crate) struct Prepared<T>(T);

/// For statements whose text is one of a few, whatever they are about. Each text takes memory, here
/// and at the server, as long as the connection lasts.
pub(crate) trait Prepare: Sized {
    /// The same, to be kept prepared.
    fn prepared(self) -> Prepared<Self> {
        Prepared(self)
    }
}

impl<T: QueryFragment<Backend>> Prepare for T {}

impl<T: QueryFragment<Backend>> QueryFragment<Backend> for Prepared<T> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        self.0.walk_ast(pass)
    }

    fn is_safe_to_cache_prepared(&self, _: &Backend) -> QueryResult<bool> {
        Ok(true)
    }
}

impl<T> QueryId for Prepared<T> {
    type QueryId = ();

    /// It is found again by its text.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<T> RunQueryDsl<AnyConnection> for Prepared<T> {}

#[cfg(test)]
mod tests {
    use diesel::query_builder::QueryFragment;

    use super::*;
    use crate::db::throttles;
    use diesel::ExpressionMethods;

    #[test]
    fn an_update_is_kept_prepared_if_we_say_so() {
        let update = || diesel::update(throttles::table).set(throttles::taken.eq(1));
        let backend = crate::db::MultiBackend::Sqlite(diesel::sqlite::Sqlite);
        assert_eq!(update().is_safe_to_cache_prepared(&backend), Ok(false));
        assert_eq!(update().prepared().is_safe_to_cache_prepared(&backend), Ok(true));
    }
}
