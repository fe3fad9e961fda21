//! SQLite: one file, many readers, one writer.

use std::fs::{DirBuilder, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::{Connection, ConnectionError, ConnectionResult, SqliteConnection};

use super::Limits;
use crate::db::DatabaseError;

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::db) enum Role {
    /// Anything; on SQLite the only one that writes.
    Writer,
    /// Reads alone.
    Reader,
}

/// Makes the folder (0700) and the file (0600) where they are missing. SQLite gives the files it
/// puts beside (`-wal`, `-shm`) the same permissions.
pub(in crate::db) fn make_file(path: &Path) -> Result<(), DatabaseError> {
    let failed = |action, path: &Path| {
        let path = path.to_owned();
        move |source| DatabaseError::File { action, path, source }
    };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        let mut builder = DirBuilder::new();
        builder.recursive(true).mode(0o700);
        builder.create(folder).map_err(failed("create the folder", folder))?;
    }
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(failed("create", path)(error)),
    }
}

/// Opens the file, or a database in memory.
pub(in crate::db) fn connect(
    path: Option<&Path>,
    role: Role,
    limits: Limits,
) -> ConnectionResult<SqliteConnection> {
    let mut connection = SqliteConnection::establish(&name(path))?;
    let settings = settings(role, limits);
    connection.batch_execute(&settings).map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(connection)
}

/// `busy_timeout` comes first: two processes that both switch to WAL wait for each other then.
/// FULL: what was answered survives a power cut.
fn settings(role: Role, limits: Limits) -> String {
    let query_only = if role == Role::Reader { "ON" } else { "OFF" };
    format!(
        "PRAGMA busy_timeout = {};
         PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA query_only = {query_only};",
        limits.lock.as_millis()
    )
}

/// SQLite would read `file:…` as a URI and `:…` as a name of its own.
fn name(path: Option<&Path>) -> String {
    match path {
        None => ":memory:".to_owned(),
        Some(path) if path.is_relative() => format!("./{}", path.display()),
        Some(path) => path.display().to_string(),
    }
}
