//! The one place where engines differ in what they are asked.

use diesel::QueryResult;
use diesel::connection::AnsiTransactionManager;

use super::connection::AnyConnection;

/// How long a migration may wait for another process to finish migrating, in seconds.
#[cfg(any(feature = "mysql", feature = "postgres"))]
const LONGEST_MIGRATION: u32 = 60;
/// What the lock is called on PostgreSQL, where it is a number: "doorward" in ASCII.
#[cfg(feature = "postgres")]
const LOCK_NUMBER: i64 = i64::from_be_bytes(*b"doorward");

/// Begins a transaction that will write. On SQLite it takes the write lock at once: one that reads
/// first and writes then fails where another wrote between.
pub(super) fn begin(connection: &mut AnyConnection) -> QueryResult<()> {
    match connection {
        AnyConnection::Sqlite(sqlite) => {
            AnsiTransactionManager::begin_transaction_sql(sqlite, "BEGIN IMMEDIATE")
        }
        #[cfg(feature = "mysql")]
        AnyConnection::Mysql(mysql) => {
            AnsiTransactionManager::begin_transaction_sql(mysql, "BEGIN")
        }
        #[cfg(feature = "postgres")]
        AnyConnection::Postgres(postgres) => {
            AnsiTransactionManager::begin_transaction_sql(postgres, "BEGIN")
        }
    }
}

/// Makes this connection the only one that migrates until it is closed; `false` when others do for
/// too long. SQLite has no such lock: there, all of migrating is one transaction.
pub(super) fn lock_migrations(connection: &mut AnyConnection) -> QueryResult<bool> {
    match connection {
        AnyConnection::Sqlite(_) => Ok(true),
        #[cfg(feature = "mysql")]
        AnyConnection::Mysql(mysql) => lock_mysql(mysql),
        #[cfg(feature = "postgres")]
        AnyConnection::Postgres(postgres) => lock_postgres(postgres),
    }
}

#[cfg(feature = "mysql")]
fn lock_mysql(connection: &mut diesel::MysqlConnection) -> QueryResult<bool> {
    use diesel::RunQueryDsl;
    use diesel::connection::SimpleConnection;
    use diesel::dsl::sql;
    use diesel::sql_types::Bool;

    connection.batch_execute(&format!(
        "SET SESSION lock_wait_timeout = {LONGEST_MIGRATION}
         /*M! , max_statement_time = 0 */ /*!80000 , max_execution_time = 0 */"
    ))?;
    // The name is the whole server's: it holds that of the database, within 64 characters.
    let name = "CONCAT('doorward ', LEFT(SHA2(DATABASE(), 256), 48))";
    let lock = sql::<Bool>(&format!("COALESCE(GET_LOCK({name}, {LONGEST_MIGRATION}), 0) = 1"));
    diesel::select(lock).get_result(connection)
}

#[cfg(feature = "postgres")]
fn lock_postgres(connection: &mut diesel::PgConnection) -> QueryResult<bool> {
    use diesel::connection::SimpleConnection;

    connection.batch_execute(&format!(
        "SET statement_timeout = 0;
         SET lock_timeout = '{LONGEST_MIGRATION}s';
         SELECT pg_advisory_lock({LOCK_NUMBER})"
    ))?;
    Ok(true)
}
