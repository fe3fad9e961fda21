//! Migrations: in the binary, in three dialects under the same names, run by one process at a time.

use std::error::Error;
use std::time::{Duration, Instant};

use diesel::backend::Backend;
use diesel::migration::{Migration, MigrationSource};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::connection::AnyConnection;
use super::{Database, DatabaseError, dialect};

const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
#[cfg(feature = "mysql")]
const MYSQL: EmbeddedMigrations = embed_migrations!("../../migrations/mysql");
#[cfg(feature = "postgres")]
const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");

/// What migrating did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationReport {
    /// The names of what ran, in that order; empty where nothing was left to do.
    pub ran: Vec<String>,
    /// Whether the database was empty before.
    pub created: bool,
    /// How long it took, waiting for other processes included.
    pub took: Duration,
}

/// One migration that this binary knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationState {
    /// The name, the same for every engine.
    pub name: String,
    /// Whether the database has it.
    pub applied: bool,
}

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

impl Database {
    /// Runs what the database does not have yet. Of several processes at once one migrates, and the
    /// others wait for it.
    pub fn migrate_up(&self) -> Result<MigrationReport, DatabaseError> {
        self.migrate(Steps::Up)
    }

    /// Undoes the last `steps` migrations, and with them the data they made room for.
    pub fn migrate_down(&self, steps: usize) -> Result<MigrationReport, DatabaseError> {
        self.migrate(Steps::Down(steps))
    }

    /// Which migrations the database has, in their order.
    pub fn migration_status(&self) -> Result<Vec<MigrationState>, DatabaseError> {
        self.with_migrator(|connection| match connection {
            AnyConnection::Sqlite(sqlite) => status(sqlite, SQLITE),
            #[cfg(feature = "mysql")]
            AnyConnection::Mysql(mysql) => status(mysql, MYSQL),
            #[cfg(feature = "postgres")]
            AnyConnection::Postgres(postgres) => status(postgres, POSTGRES),
        })
    }

    fn migrate(&self, steps: Steps) -> Result<MigrationReport, DatabaseError> {
        self.with_migrator(|connection| {
            let begun = Instant::now();
            if !dialect::lock_migrations(connection)? {
                return Err("another process has been migrating for a minute".into());
            }
            let (ran, created) = match connection {
                // All of it is one transaction, and so its own lock.
                AnyConnection::Sqlite(sqlite) => {
                    sqlite.immediate_transaction(|sqlite| step(sqlite, SQLITE, steps))
                }
                #[cfg(feature = "mysql")]
                AnyConnection::Mysql(mysql) => step(mysql, MYSQL, steps),
                #[cfg(feature = "postgres")]
                AnyConnection::Postgres(postgres) => step(postgres, POSTGRES, steps),
            }?;
            Ok(MigrationReport { ran, created, took: begun.elapsed() })
        })
    }

    /// Gives `work` a connection of its own, whose locks end with it; on SQLite the writer's, since
    /// a database in memory has no other.
    fn with_migrator<T>(
        &self,
        work: impl FnOnce(&mut AnyConnection) -> Outcome<T>,
    ) -> Result<T, DatabaseError> {
        let manager = &self.0.manager;
        let outcome = if manager.target.is_server() {
            work(&mut manager.open().map_err(|error| manager.unreachable(&error))?)
        } else {
            work(&mut *self.0.writers.get().map_err(|error| manager.unreachable(&error))?)
        };
        outcome.map_err(|error| manager.migration_failed(&error.to_string()))
    }
}

#[derive(Clone, Copy)]
enum Steps {
    Up,
    Down(usize),
}

type Boxed<DB> = Box<dyn Migration<DB>>;

/// The migrations that this binary knows, each list in its order.
struct Sorted<DB: Backend> {
    applied: Vec<Boxed<DB>>,
    pending: Vec<Boxed<DB>>,
}

impl<DB: Backend> Sorted<DB> {
    fn read(
        connection: &mut impl MigrationHarness<DB>,
        source: EmbeddedMigrations,
    ) -> Outcome<Self> {
        let versions = connection.applied_migrations()?;
        let mut known: Vec<Boxed<DB>> = source.migrations()?;
        known.sort_unstable_by(|one, other| one.name().version().cmp(&other.name().version()));
        let is_applied = |migration: &Boxed<DB>| versions.contains(&migration.name().version());
        let (applied, pending) = known.into_iter().partition(is_applied);
        Ok(Self { applied, pending })
    }
}

/// Runs or undoes migrations; their names, and whether there was none before.
fn step<DB: Backend>(
    connection: &mut impl MigrationHarness<DB>,
    source: EmbeddedMigrations,
    steps: Steps,
) -> Outcome<(Vec<String>, bool)> {
    let Sorted { applied, pending } = Sorted::read(connection, source)?;
    let mut ran = Vec::new();
    match steps {
        Steps::Up => {
            for migration in pending {
                connection.run_migration(&migration)?;
                ran.push(migration.name().to_string());
            }
        }
        Steps::Down(steps) => {
            for migration in applied.iter().rev().take(steps) {
                connection.revert_migration(migration)?;
                ran.push(migration.name().to_string());
            }
        }
    }
    Ok((ran, applied.is_empty()))
}

fn status<DB: Backend>(
    connection: &mut impl MigrationHarness<DB>,
    source: EmbeddedMigrations,
) -> Outcome<Vec<MigrationState>> {
    let Sorted { applied, pending } = Sorted::read(connection, source)?;
    let state = |migration: &Boxed<DB>, applied| {
        let name = migration.name().to_string();
        MigrationState { name, applied }
    };
    let applied = applied.iter().map(|migration| state(migration, true));
    Ok(applied.chain(pending.iter().map(|migration| state(migration, false))).collect())
}
