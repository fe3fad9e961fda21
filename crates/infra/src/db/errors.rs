//! What goes wrong with databases: sorted for the stores, worded for the operator.

use std::path::PathBuf;

use diesel::result::{DatabaseErrorKind, Error};
use domain::problem::Field;

/// Why a database cannot be used. Each text is one line for the operator; none holds a password.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// `database.url` names no database.
    #[error("database.url cannot be used: {0}")]
    Url(&'static str),
    /// The engine was left out of this binary: its name, and Debian's package of its client library.
    #[error("this doorward was built without {0}; install the package {1} and run: make build")]
    NotBuiltIn(&'static str, &'static str),
    /// A file or folder of SQLite could not be made.
    #[error("cannot {action} {}: {source}", path.display())]
    File {
        /// What was tried, as in "cannot create x.db".
        action: &'static str,
        /// With what.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// No connection was to be had.
    #[error("cannot connect to {database}: {reason}")]
    Unreachable {
        /// The engine and the URL without credentials.
        database: String,
        /// What the client library said.
        reason: String,
    },
    /// The user may not do what is needed.
    #[error(
        "{database} does not let us in or change tables: {reason}; have an administrator run: {grant}"
    )]
    MissingRights {
        /// The engine and the URL without credentials.
        database: String,
        /// What the server said.
        reason: String,
        /// The SQL that grants the rights.
        grant: String,
    },
    /// A migration failed.
    #[error("migrating {database} failed: {reason}")]
    Migration {
        /// The engine and the URL without credentials.
        database: String,
        /// What the server said.
        reason: String,
    },
    /// The threads that ask the database could not be started.
    #[error("cannot start a thread: {0}")]
    Threads(std::io::Error),
}

/// What a failed statement means to a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// Others were in the way; all of it was undone and may be tried again.
    Retry,
    /// The connection is gone; whether a write happened is not known.
    Lost,
    /// Another row holds this unique value.
    Conflict(Field),
    /// Anything else.
    Unavailable,
}

/// The unique keys of all tables by the end of their names, which is what the engines agree on:
/// SQLite names the column, PostgreSQL and MariaDB the key, MySQL 8 the table and the key.
const UNIQUE_KEYS: [(&str, Field); 4] = [
    ("username_key", Field::Username),
    ("email_key", Field::Email),
    ("mobile_key", Field::Mobile),
    ("isbn_key", Field::Isbn),
];

/// What engines say, in lower case, when trying again may help. Diesel passes on no numbers, and
/// knows a deadlock as such in some places only.
const RETRYABLE: [&str; 9] = [
    "deadlock",
    "lock wait timeout exceeded",
    "due to lock timeout",
    "could not serialize",
    "could not obtain lock",
    "record has changed since last read",
    "database is locked",
    "database table is locked",
    "wsrep detected deadlock/conflict",
];

/// What client libraries say, in lower case, when the server closed the connection.
const LOST: [&str; 6] = [
    "server has gone away",
    "lost connection to",
    "connection was killed",
    "server closed the connection",
    "terminating connection",
    "no connection to the server",
];

/// Sorts an error of Diesel.
pub(crate) fn classify(error: &Error) -> Failure {
    if let Error::RollbackErrorOnCommit { commit_error, .. } = error {
        return classify(commit_error);
    }
    let Error::DatabaseError(kind, information) = error else { return Failure::Unavailable };
    let says = |texts: &[&str]| {
        let message = information.message().to_ascii_lowercase();
        texts.iter().any(|text| message.contains(text))
    };
    if matches!(kind, DatabaseErrorKind::UniqueViolation) {
        conflict(information.constraint_name().unwrap_or(information.message()))
    } else if matches!(kind, DatabaseErrorKind::SerializationFailure) || says(&RETRYABLE) {
        Failure::Retry
    } else if matches!(kind, DatabaseErrorKind::ClosedConnection) || says(&LOST) {
        Failure::Lost
    } else {
        Failure::Unavailable
    }
}

/// The key is named last: what stands before it may be what a person typed.
fn conflict(message: &str) -> Failure {
    let name = message.trim_end_matches(['\'', '"', '`']);
    let known = UNIQUE_KEYS.iter().find(|(key, _)| name.ends_with(key));
    known.map_or(Failure::Unavailable, |(_, field)| Failure::Conflict(*field))
}

#[cfg(test)]
mod tests;
