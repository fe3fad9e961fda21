//! Migrations: in the binary, in three dialects under the same names, run by one process at a time.

use std::error::Error;
use std::time::{Duration, Instant};

use diesel::backend::Backend;
use diesel::migration::{Migration, MigrationSource};
use diesel::{QueryDsl, QueryResult, RunQueryDsl};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::connection::AnyConnection;
use super::{Database, DatabaseError, dialect};

const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
#[cfg(feature = "mysql")]
const MYSQL: EmbeddedMigrations = embed_migrations!("../../migrations/mysql");
#[cfg(feature = "postgres")]
const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");

diesel::table! {
    /// What Diesel notes of what ran.
    __diesel_schema_migrations (version) {
        /// The beginning of the migration's name.
        version -> Text,
    }
}

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

    /// Which migrations the database has, in their order. Reads only: whoever serves may lack the
    /// right to make tables.
    pub fn migration_status(&self) -> Result<Vec<MigrationState>, DatabaseError> {
        self.with_migrator(|connection| {
            let versions = versions(connection)?;
            match connection {
                AnyConnection::Sqlite(_) => status::<diesel::sqlite::Sqlite>(SQLITE, &versions),
                #[cfg(feature = "mysql")]
                AnyConnection::Mysql(_) => status::<diesel::mysql::Mysql>(MYSQL, &versions),
                #[cfg(feature = "postgres")]
                AnyConnection::Postgres(_) => status::<diesel::pg::Pg>(POSTGRES, &versions),
            }
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
            work(&mut self.0.writers.get().map_err(|error| manager.unreachable(&error))?.connection)
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
        let is_applied = |migration: &Boxed<DB>| versions.contains(&migration.name().version());
        let (applied, pending) = known(source)?.into_iter().partition(is_applied);
        Ok(Self { applied, pending })
    }
}

/// The migrations of a source, the first one first.
fn known<DB: Backend>(source: EmbeddedMigrations) -> Outcome<Vec<Boxed<DB>>> {
    let mut known: Vec<Boxed<DB>> = source.migrations()?;
    known.sort_unstable_by(|one, other| one.name().version().cmp(&other.name().version()));
    Ok(known)
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
    source: EmbeddedMigrations,
    versions: &[String],
) -> Outcome<Vec<MigrationState>> {
    let state = |migration: &Boxed<DB>| MigrationState {
        name: migration.name().to_string(),
        applied: versions.contains(&migration.name().version().to_string()),
    };
    Ok(known(source)?.iter().map(state).collect())
}

/// The versions that the database has; none where it has no list of them.
fn versions(connection: &mut AnyConnection) -> QueryResult<Vec<String>> {
    let listed = __diesel_schema_migrations::table.select(__diesel_schema_migrations::version);
    match listed.load(connection) {
        Err(diesel::result::Error::DatabaseError(_, told)) if is_absent(told.message()) => {
            Ok(Vec::new())
        }
        outcome => outcome,
    }
}

/// Whether this says, as one of the engines does, that a table is not there.
fn is_absent(message: &str) -> bool {
    ["no such table", "doesn't exist", "does not exist"].iter().any(|said| message.contains(said))
}
