//! Opens, checks and judges connections for the pool.

use diesel::ConnectionError;
use diesel::r2d2::R2D2Connection;

use super::DatabaseError;
use super::connection::AnyConnection;
use super::engine::Limits;
#[cfg(feature = "mysql")]
use super::engine::mysql;
#[cfg(feature = "postgres")]
use super::engine::postgres;
use super::engine::sqlite::{self, Role};
use super::patience::{NoAnswer, Patience};
#[cfg(any(feature = "mysql", feature = "postgres"))]
use super::rights;
use super::target::Target;

/// Opens connections to one database, and keeps the real reason where it cannot: the `establish`
/// that Diesel derives tries every engine in turn and drops it.
#[derive(Clone)]
pub(super) struct Manager {
    pub(super) target: Target,
    pub(super) role: Role,
    pub(super) limits: Limits,
    pub(super) patience: Patience,
}

/// Why there is no connection: one line, without credentials.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct NoConnection(String);

impl Manager {
    /// Opens a connection, or gives up after about the statement limit.
    pub(super) fn open(&self) -> Result<AnyConnection, NoConnection> {
        match &self.target {
            // Nothing can hang here, and a thread for each would be wasted.
            Target::Memory | Target::File(_) => self.establish(),
            #[cfg(any(feature = "mysql", feature = "postgres"))]
            _ => self.establish_patiently(),
        }
    }

    #[cfg(any(feature = "mysql", feature = "postgres"))]
    fn establish_patiently(&self) -> Result<AnyConnection, NoConnection> {
        let manager = self.clone();
        let answer = self.patience.wait(self.limits.statement, move || manager.establish());
        answer.unwrap_or_else(|none| {
            Err(NoConnection(match none {
                NoAnswer::InTime => format!("no answer within {:?}", self.limits.statement),
                NoAnswer::Crowded => "too many attempts to connect hang already".to_owned(),
            }))
        })
    }

    fn establish(&self) -> Result<AnyConnection, NoConnection> {
        match &self.target {
            Target::Memory => {
                let opened = sqlite::connect(None, Role::Writer, self.limits);
                opened.map(AnyConnection::Sqlite).map_err(|error| NoConnection(reason(error)))
            }
            Target::File(path) => {
                let opened = sqlite::connect(Some(path), self.role, self.limits);
                opened.map(AnyConnection::Sqlite).map_err(|error| NoConnection(reason(error)))
            }
            #[cfg(feature = "mysql")]
            Target::Mysql(server) => mysql::connect(server, self.limits)
                .map(AnyConnection::Mysql)
                .map_err(|error| NoConnection(server.scrub(&reason(error)))),
            #[cfg(feature = "postgres")]
            Target::Postgres(server) => postgres::connect(server, self.limits)
                .map(AnyConnection::Postgres)
                .map_err(|error| NoConnection(server.scrub(&reason(error)))),
        }
    }
}

/// What the client library said.
fn reason(error: ConnectionError) -> String {
    match error {
        ConnectionError::BadConnection(reason) => reason,
        other => other.to_string(),
    }
}

impl r2d2::ManageConnection for Manager {
    type Connection = AnyConnection;
    type Error = NoConnection;

    fn connect(&self) -> Result<AnyConnection, NoConnection> {
        self.open()
    }

    /// A round trip to a server: a connection that was killed there looks sound from here.
    fn is_valid(&self, connection: &mut AnyConnection) -> Result<(), NoConnection> {
        match connection {
            AnyConnection::Sqlite(_) => Ok(()),
            #[cfg(any(feature = "mysql", feature = "postgres"))]
            server => server.ping().map_err(|error| NoConnection(error.to_string())),
        }
    }

    fn has_broken(&self, connection: &mut AnyConnection) -> bool {
        connection.is_broken()
    }
}

impl Manager {
    /// What the operator is told when there is no connection.
    pub(super) fn unreachable(&self, error: &dyn std::error::Error) -> DatabaseError {
        let (database, reason) = (self.target.to_string(), error.to_string());
        match self.grant(&reason) {
            Some(grant) => DatabaseError::MissingRights { database, reason, grant },
            None => DatabaseError::Unreachable { database, reason },
        }
    }

    /// What the operator is told when a migration fails.
    pub(super) fn migration_failed(&self, reason: &str) -> DatabaseError {
        let reason = reason.split_whitespace().collect::<Vec<_>>().join(" ");
        let database = self.target.to_string();
        match self.grant(&reason) {
            Some(grant) => DatabaseError::MissingRights { database, reason, grant },
            None => DatabaseError::Migration { database, reason },
        }
    }

    fn grant(&self, reason: &str) -> Option<String> {
        match &self.target {
            Target::Memory | Target::File(_) => None,
            #[cfg(feature = "mysql")]
            Target::Mysql(server) => rights::mysql_grant(server, reason),
            #[cfg(feature = "postgres")]
            Target::Postgres(server) => rights::postgres_grant(server, reason),
        }
    }
}
