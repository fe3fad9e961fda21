//! Pools of connections as r2d2 makes them, without a question to the database at each use.

use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::r2d2::{ConnectionManager, CustomizeConnection, Error, Pool, R2D2Connection};
use diesel::{MysqlConnection, SqliteConnection};

use crate::Failure;

/// A pool of as many connections as Doorward keeps by default.
pub(crate) fn mysql(url: &str) -> Result<Pool<ConnectionManager<MysqlConnection>>, Failure> {
    build(url, 16, None)
}

/// One connection that writes: more would wait for each other in SQLite, which is slower.
pub(crate) fn sqlite(file: &str) -> Result<Pool<ConnectionManager<SqliteConnection>>, Failure> {
    build(file, 1, Some(Box::new(Durable)))
}

type Setting<C> = Option<Box<dyn CustomizeConnection<C, Error>>>;

fn build<C: R2D2Connection + 'static>(
    url: &str,
    size: u32,
    setting: Setting<C>,
) -> Result<Pool<ConnectionManager<C>>, Failure> {
    let builder = Pool::builder()
        .max_size(size)
        .test_on_check_out(false)
        .connection_timeout(Duration::from_secs(10));
    let builder = match setting {
        Some(setting) => builder.connection_customizer(setting),
        None => builder,
    };
    Ok(builder.build(ConnectionManager::new(url))?)
}

/// As durable as Doorward: what was answered survives a power cut.
#[derive(Debug)]
struct Durable;

impl CustomizeConnection<SqliteConnection, Error> for Durable {
    fn on_acquire(&self, connection: &mut SqliteConnection) -> Result<(), Error> {
        let settings = "PRAGMA busy_timeout = 2000; PRAGMA journal_mode = WAL;
                        PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;";
        connection.batch_execute(settings).map_err(Error::QueryError)
    }
}
