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
use super::pooled::Pooled;
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
        // A file does not hang, and a thread for each would be wasted.
        if !self.target.is_server() {
            return self.establish();
        }
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
            Target::Memory => sqlite::connect(None, self.role, self.limits)
                .map(AnyConnection::Sqlite)
                .map_err(|error| NoConnection(reason(error))),
            Target::File(path) => sqlite::connect(Some(path), self.role, self.limits)
                .map(AnyConnection::Sqlite)
                .map_err(|error| NoConnection(reason(error))),
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
    if let ConnectionError::BadConnection(reason) = error { reason } else { error.to_string() }
}

impl r2d2::ManageConnection for Manager {
    type Connection = Pooled;
    type Error = NoConnection;

    fn connect(&self) -> Result<Pooled, NoConnection> {
        self.open().map(Pooled::new)
    }

    fn is_valid(&self, pooled: &mut Pooled) -> Result<(), NoConnection> {
        pooled.ping().map_err(|error| NoConnection(error.to_string()))
    }

    fn has_broken(&self, pooled: &mut Pooled) -> bool {
        pooled.is_gone() || pooled.connection.is_broken()
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
        match (&self.target, reason) {
            (Target::Memory | Target::File(_), _) => None,
            #[cfg(feature = "mysql")]
            (Target::Mysql(server), reason) => {
                // It may name the host that we come from. The account's own is known once inside.
                let named = rights::refused_by_mysql(reason)?;
                let account = self.mysql_account();
                Some(rights::mysql_grant(server, account.as_deref().unwrap_or(named)))
            }
            #[cfg(feature = "postgres")]
            (Target::Postgres(server), reason) => rights::postgres_grant(server, reason),
        }
    }

    #[cfg(feature = "mysql")]
    fn mysql_account(&self) -> Option<String> {
        let AnyConnection::Mysql(mut connection) = self.open().ok()? else { return None };
        mysql::account(&mut connection)
    }
}
