//! Databases: opening, migrating, and running a store's statements off the async threads.
//!
//! The stores see `Database::read`, `Database::write` and `Database::transact` alone. Each is one hop
//! to a thread that has a connection, and back.

mod columns;
mod connection;
mod dialect;
mod effect;
mod engine;
mod errors;
mod group;
mod lane;
mod manager;
mod migrate;
mod patience;
mod pool;
mod pooled;
#[cfg(any(feature = "mysql", feature = "postgres"))]
mod rights;
mod schema;
#[cfg(any(feature = "mysql", feature = "postgres"))]
mod server;
mod steady;
mod target;
#[cfg(any(test, feature = "testing"))]
pub mod testing;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use diesel::dsl::sql;
use diesel::sql_types::BigInt;
use diesel::{QueryResult, RunQueryDsl};
use domain::store::StoreError;
use secrecy::SecretString;

pub(crate) use columns::{Moment, UtcTime};
pub(crate) use connection::{AnyConnection, MultiBackend};
use effect::{Effect, Unit};
use engine::Limits;
use engine::sqlite::{Role, make_file};
pub use errors::DatabaseError;
use group::Group;
use manager::Manager;
pub use migrate::{MigrationReport, MigrationState};
use patience::Patience;
use pool::Pool;
pub(crate) use schema::{
    audit_events, audit_heads, books, chatrooms, codes, dispatches, idempotency_keys, likes,
    members, messages, sessions, throttles, users,
};
pub(crate) use steady::steady_update;
use target::Target;

/// The engines that this binary knows, by the scheme of their URLs.
pub fn engines() -> &'static [&'static str] {
    &[
        "sqlite",
        #[cfg(feature = "mysql")]
        "mysql",
        #[cfg(feature = "postgres")]
        "postgres",
    ]
}

/// Which database, and how much of it.
#[derive(Debug, Clone)]
pub struct DatabaseOptions {
    /// `sqlite://path`, `mysql://…` or `postgres://…`.
    pub url: SecretString,
    /// The most connections; on SQLite the most readers, beside one writer.
    pub pool_size: u32,
    /// How long an operation may wait for a connection. Everything is answered within half a second
    /// more, by an error if need be.
    pub acquire_timeout: Duration,
}

/// The SQLite file that a URL names, made where it is missing; `None` where it names something else.
pub fn sqlite_file(url: &SecretString) -> Result<Option<PathBuf>, DatabaseError> {
    let Target::File(path) = Target::parse(url)? else { return Ok(None) };
    make_file(&path)?;
    // However it is called: one file, one lock.
    Ok(Some(path.canonicalize().unwrap_or(path)))
}

/// An open database. Clones share its connections.
#[derive(Clone)]
pub struct Database(Arc<Inner>);

struct Inner {
    manager: Manager,
    readers: Arc<Pool>,
    /// The same pool, except on SQLite.
    writers: Arc<Pool>,
    /// Commits together what waits, on a SQLite file.
    group: Option<Group>,
}

impl Database {
    /// Connects once, so that a database which cannot be used says so here. Makes the folder and
    /// the file of SQLite where they are missing. Blocks for about the acquire timeout at most.
    pub fn open(options: DatabaseOptions) -> Result<Self, DatabaseError> {
        let target = Target::parse(&options.url)?;
        if let Target::File(path) = &target {
            make_file(path)?;
        }
        let limits = Limits::new(options.acquire_timeout);
        let manager = Manager { target, role: Role::Writer, limits, patience: Patience::default() };
        manager.open().map_err(|error| manager.unreachable(&error))?;
        let pool = |name, role, size: u32| {
            let manager = Manager { role, ..manager.clone() };
            Pool::new(name, manager, size.max(1), options.acquire_timeout).map(Arc::new)
        };
        let (readers, writers) = if let Target::File(_) = manager.target {
            (pool("db-read", Role::Reader, options.pool_size)?, pool("db-write", Role::Writer, 1)?)
        } else {
            // A database in memory is its connection: a second one would be another database.
            let size = if manager.target.is_server() { options.pool_size } else { 1 };
            let all = pool("db", Role::Writer, size)?;
            (Arc::clone(&all), all)
        };
        let group = if let Target::File(_) = manager.target {
            Some(Group::start(Arc::clone(&writers)).map_err(DatabaseError::Threads)?)
        } else {
            None
        };
        Ok(Self(Arc::new(Inner { manager, readers, writers, group })))
    }

    /// The engine, and the path or the URL without credentials.
    pub fn describe(&self) -> String {
        self.0.manager.target.to_string()
    }

    /// A number that changes whenever somebody else than this process's writer writes to a SQLite
    /// file; `None` on other engines. Our own readers never write.
    pub async fn foreign_writes(&self) -> Result<Option<i64>, StoreError> {
        let Target::File(_) = self.0.manager.target else { return Ok(None) };
        let version = self.write(|connection| {
            let version = sql::<BigInt>("data_version FROM pragma_data_version");
            diesel::select(version).get_result(connection)
        });
        version.await.map(Some)
    }

    /// Reads. Tried again where others were in the way or the connection broke.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        work: impl Fn(&mut AnyConnection) -> QueryResult<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.0.readers.run(Effect::Read, work).await
    }

    /// Writes by statements each of which stands for itself: no transaction is begun for them. Where
    /// the connection breaks meanwhile, they may have been done, and are not tried again.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        work: impl Fn(&mut AnyConnection) -> QueryResult<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        match &self.0.group {
            Some(group) => group.run(Unit::Loose, work).await,
            None => self.0.writers.run(Effect::Write(Unit::Loose), work).await,
        }
    }

    /// Writes by statements that happen together or not at all. Tried again where others were in the
    /// way, or the connection broke before all of it was to be committed.
    pub(crate) async fn transact<T: Send + 'static>(
        &self,
        work: impl Fn(&mut AnyConnection) -> QueryResult<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        match &self.0.group {
            Some(group) => group.run(Unit::Atomic, work).await,
            None => self.0.writers.run(Effect::Write(Unit::Atomic), work).await,
        }
    }
}

#[cfg(test)]
mod tests;
