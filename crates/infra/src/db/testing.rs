//! A fresh database per test, on every engine.
//!
//! SQLite gets a file in a temporary folder. For the others a database with a random name is made on
//! the server that `TEST_MYSQL_URL` or `TEST_POSTGRES_URL` names (a URL of a user who may create
//! databases and users), and dropped afterwards.
#![expect(clippy::expect_used, clippy::panic, reason = "a test that has no database fails")]
#![expect(clippy::disallowed_methods, reason = "the environment names the servers for tests")]

use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::{QueryableByName, RunQueryDsl, sql_types};
use secrecy::SecretString;
use tempfile::TempDir;
use url::Url;

use super::engine::Limits;
use super::engine::sqlite::Role;
use super::manager::Manager;
use super::patience::Patience;
use super::target::Target;
use super::{AnyConnection, Database, DatabaseOptions, engines};

/// The engines there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// A file.
    Sqlite,
    /// MySQL or MariaDB.
    Mysql,
    /// PostgreSQL.
    Postgres,
}

impl Engine {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Sqlite, Self::Mysql, Self::Postgres];

    /// The name of the folder of its migrations.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Mysql => "mysql",
            Self::Postgres => "postgres",
        }
    }

    /// The server's URL; `Err` says in a sentence why this engine is left out.
    ///
    /// # Panics
    /// Where it is to be left out although `CI` or `REQUIRE_ENGINES` is set: a skip would pass for
    /// a success.
    fn server(self) -> Result<Url, String> {
        let (name, variable) = (self.name(), format!("TEST_{}_URL", self.name().to_uppercase()));
        let reason = match std::env::var(&variable) {
            Ok(url) if engines().contains(&name) => {
                return Ok(Url::parse(&url).expect("the URL of a server for tests"));
            }
            Ok(_) => format!("{name} is not tested: it was not built in"),
            Err(_) => format!("{name} is not tested: {variable} is not set"),
        };
        let required =
            ["CI", "REQUIRE_ENGINES"].iter().any(|name| std::env::var_os(name).is_some());
        assert!(!required, "{reason}");
        Err(reason)
    }
}

/// A database of one's own, until it is dropped.
pub struct TestDatabase {
    /// `Some` until it is dropped.
    database: Option<Database>,
    url: String,
    cleanup: Cleanup,
}

enum Cleanup {
    /// Holds the folder.
    Folder(#[expect(dead_code, reason = "dropping it removes the folder")] TempDir),
    /// The server, and the name of the database.
    Server(Url, String),
}

impl TestDatabase {
    /// A migrated database; `Err` says in a sentence why this engine is left out.
    pub fn migrated(engine: Engine) -> Result<Self, String> {
        let made = Self::empty(engine)?;
        made.database().migrate_up().expect("the migrations run");
        Ok(made)
    }

    /// A database without tables; `Err` says in a sentence why this engine is left out.
    pub fn empty(engine: Engine) -> Result<Self, String> {
        let (url, cleanup) = match engine {
            Engine::Sqlite => {
                let folder = TempDir::new().expect("a temporary folder");
                let path = folder.path().join("test.db");
                (format!("sqlite://{}", path.display()), Cleanup::Folder(folder))
            }
            Engine::Mysql | Engine::Postgres => {
                let server = engine.server()?;
                let name = format!("doorward_{:016x}", getrandom::u64().expect("random bytes"));
                connect(&server)
                    .batch_execute(&format!("CREATE DATABASE {name}"))
                    .expect("a database");
                let mut url = server.clone();
                url.set_path(&name);
                (url.into(), Cleanup::Server(server, name))
            }
        };
        let database = Some(open(&url));
        Ok(Self { database, url, cleanup })
    }

    /// The database, open.
    pub fn database(&self) -> &Database {
        self.database.as_ref().expect("the database is open")
    }

    /// Its URL, with credentials.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The database, opened once more as another process would.
    pub fn open_again(&self) -> Database {
        open(&self.url)
    }

    /// A connection to it outside of any pool.
    #[cfg(test)]
    pub(super) fn connect(&self) -> AnyConnection {
        raw(&self.url)
    }

    /// Runs statements on a connection of their own.
    pub fn execute(&self, sql: &str) {
        execute(&self.url, sql);
    }

    /// The texts of the column `line` of a query.
    pub fn lines(&self, sql: &str) -> Vec<String> {
        let rows = match &mut raw(&self.url) {
            AnyConnection::Sqlite(sqlite) => diesel::sql_query(sql).load::<Line>(sqlite),
            #[cfg(feature = "mysql")]
            AnyConnection::Mysql(mysql) => diesel::sql_query(sql).load(mysql),
            #[cfg(feature = "postgres")]
            AnyConnection::Postgres(postgres) => diesel::sql_query(sql).load(postgres),
        };
        let rows = rows.unwrap_or_else(|error| panic!("{sql}: {error}"));
        rows.into_iter().map(|row| row.line).collect()
    }
}

/// Runs statements on a connection of their own to the database of this URL.
pub fn execute(url: &str, sql: &str) {
    let mut connection = raw(url);
    connection.batch_execute(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        self.database = None;
        if let Cleanup::Server(server, name) = &self.cleanup {
            // PostgreSQL drops no database that somebody is connected to, unless it is forced.
            let force = if server.scheme() == "mysql" { "" } else { "WITH (FORCE)" };
            let dropped = connect(server).batch_execute(&format!("DROP DATABASE {name} {force}"));
            // A second panic while the first one unwinds would end all tests.
            if !std::thread::panicking() {
                dropped.expect("the database can be dropped");
            }
        }
    }
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = sql_types::Text)]
    line: String,
}

fn open(url: &str) -> Database {
    let options = DatabaseOptions {
        url: url.into(),
        pool_size: 8,
        // Many tests at once on two cores make everything slow.
        acquire_timeout: Duration::from_secs(30),
    };
    Database::open(options).unwrap_or_else(|error| panic!("{error}"))
}

/// A connection to the database that every server has.
fn connect(server: &Url) -> AnyConnection {
    let mut url = server.clone();
    if url.scheme() != "mysql" {
        url.set_path("postgres");
    }
    raw(url.as_str())
}

fn raw(url: &str) -> AnyConnection {
    let url = SecretString::from(url);
    let target = Target::parse(&url).unwrap_or_else(|error| panic!("{error}"));
    let limits = Limits::new(Duration::from_secs(30));
    let manager = Manager { target, role: Role::Writer, limits, patience: Patience::default() };
    manager.open().unwrap_or_else(|error| panic!("{error}"))
}
