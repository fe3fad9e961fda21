//! The one place where engines differ in what they are asked.

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::{QueryResult, RunQueryDsl};

use super::connection::AnyConnection;

/// How long a migration may wait for another process to finish migrating, in seconds.
const LONGEST_MIGRATION: u32 = 60;
/// What the lock is called on PostgreSQL, where it is a number: "doorward" in ASCII.
#[cfg(feature = "postgres")]
const LOCK_NUMBER: i64 = i64::from_be_bytes(*b"doorward");

/// Begins a transaction that will write. On SQLite it takes the write lock at once: one that reads
/// first and writes then fails where another wrote between.
pub(crate) fn begin(connection: &mut AnyConnection) -> QueryResult<()> {
    match connection {
        AnyConnection::Sqlite(sqlite) => {
            AnsiTransactionManager::begin_transaction_sql(sqlite, "BEGIN IMMEDIATE")
        }
        #[cfg(feature = "mysql")]
        AnyConnection::Mysql(mysql) => AnsiTransactionManager::begin_transaction(mysql),
        #[cfg(feature = "postgres")]
        AnyConnection::Postgres(postgres) => AnsiTransactionManager::begin_transaction(postgres),
    }
}

/// Makes this connection the only one that migrates, until it is closed or says otherwise. SQLite
/// has no such lock: there, all of a migration is one transaction.
pub(super) fn lock_migrations(connection: &mut AnyConnection) -> QueryResult<bool> {
    match connection {
        AnyConnection::Sqlite(_) => Ok(true),
        #[cfg(feature = "mysql")]
        AnyConnection::Mysql(mysql) => {
            mysql.batch_execute(&format!(
                "SET SESSION lock_wait_timeout = {LONGEST_MIGRATION}
                 /*M! , max_statement_time = 0 */ /*!80000 , max_execution_time = 0 */"
            ))?;
            // The name is the whole server's: it holds that of the database, within 64 characters.
            let lock = format!(
                "COALESCE(GET_LOCK(CONCAT('doorward ', MD5(DATABASE())), {LONGEST_MIGRATION}), 0) = 1"
            );
            diesel::select(diesel::dsl::sql::<diesel::sql_types::Bool>(&lock)).get_result(mysql)
        }
        #[cfg(feature = "postgres")]
        AnyConnection::Postgres(postgres) => {
            postgres.batch_execute(&format!(
                "SET statement_timeout = 0; SET lock_timeout = '{LONGEST_MIGRATION}s';
                 SELECT pg_advisory_lock({LOCK_NUMBER})"
            ))?;
            Ok(true)
        }
    }
}
