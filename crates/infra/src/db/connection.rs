//! One connection type for all engines, so that every query is written once.

use diesel::SqliteConnection;
#[cfg(feature = "mysql")]
use diesel::mysql::MysqlConnection;
#[cfg(feature = "postgres")]
use diesel::pg::PgConnection;

/// A connection to whichever engine the URL names. Diesel builds a query for it at run time, which
/// costs nothing measurable, and refuses at compile time what not every engine can do.
#[derive(diesel::MultiConnection)]
pub(crate) enum AnyConnection {
    /// SQLite, always built in.
    Sqlite(SqliteConnection),
    /// MySQL or MariaDB.
    #[cfg(feature = "mysql")]
    Mysql(MysqlConnection),
    /// PostgreSQL.
    #[cfg(feature = "postgres")]
    Postgres(PgConnection),
}
