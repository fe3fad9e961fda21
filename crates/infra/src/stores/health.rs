//! Whether the database answers.

use async_trait::async_trait;
use diesel::{OptionalExtension, QueryDsl, RunQueryDsl};
use domain::store::{StoreError, StoreHealth};

use crate::db::{Database, throttles};

pub(super) struct Health(pub(super) Database);

#[async_trait]
impl StoreHealth for Health {
    /// Reads a table: `SELECT 1` does not touch the file of SQLite, nor tell a database that was
    /// never migrated.
    async fn ping(&self) -> Result<(), StoreError> {
        let any = |connection: &mut _| {
            let taken = throttles::table.select(throttles::taken).limit(1);
            taken.get_result::<i64>(connection).optional().map(drop)
        };
        self.0.read(any).await
    }
}
