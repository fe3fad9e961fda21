//! SQLite: one file, many readers, one writer.

use std::fs::{DirBuilder, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::result::Error;
use diesel::{Connection, ConnectionError, ConnectionResult, QueryResult, SqliteConnection};

use super::Limits;
use crate::db::DatabaseError;

/// How long to wait before WAL is tried again.
const PAUSE: Duration = Duration::from_millis(5);

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
    let timeout = format!("PRAGMA busy_timeout = {}", limits.lock.as_millis());
    connection
        .batch_execute(&timeout)
        .and_then(|()| write_ahead(&mut connection, limits))
        .and_then(|()| connection.batch_execute(&settings(role)))
        .map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(connection)
}

/// Switches to WAL. While another process is at it too, SQLite says BUSY at once instead of waiting
/// as `busy_timeout` asks: so we wait ourselves.
fn write_ahead(connection: &mut SqliteConnection, limits: Limits) -> QueryResult<()> {
    let deadline = Instant::now() + limits.lock;
    loop {
        match connection.batch_execute("PRAGMA journal_mode = WAL") {
            Err(error) if is_busy(&error) && Instant::now() < deadline => thread::sleep(PAUSE),
            outcome => return outcome,
        }
    }
}

fn is_busy(error: &Error) -> bool {
    matches!(error, Error::DatabaseError(_, said) if said.message().contains("is locked"))
}

/// FULL: what was answered survives a power cut.
fn settings(role: Role) -> String {
    let query_only = if role == Role::Reader { "ON" } else { "OFF" };
    format!(
        "PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA query_only = {query_only};"
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

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::time::Duration;

    use diesel::RunQueryDsl;
    use diesel::dsl::sql;
    use diesel::sql_types::{BigInt, Text};

    use super::*;

    fn mode(path: &Path) -> u32 {
        path.metadata().unwrap().permissions().mode() & 0o777
    }

    fn limits() -> Limits {
        Limits::new(Duration::from_secs(2))
    }

    #[test]
    fn nobody_else_may_read_what_is_made() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b/test.db");
        make_file(&path).unwrap();
        let mut connection = connect(Some(&path), Role::Writer, limits()).unwrap();
        connection.batch_execute("CREATE TABLE t (c INTEGER)").unwrap();
        assert_eq!(mode(path.parent().unwrap()), 0o700);
        for file in [path.clone(), path.with_extension("db-wal"), path.with_extension("db-shm")] {
            assert_eq!(mode(&file), 0o600, "{}", file.display());
        }
    }

    #[test]
    fn many_may_open_a_new_file_at_once() {
        for _ in 0..20 {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("test.db");
            make_file(&path).unwrap();
            thread::scope(|scope| {
                for _ in 0..8 {
                    scope.spawn(|| connect(Some(&path), Role::Writer, limits()).unwrap());
                }
            });
        }
    }

    #[test]
    fn a_file_that_is_there_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("test.db");
        std::fs::write(&path, "kept").unwrap();
        make_file(&path).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"kept");
    }

    #[test]
    fn what_cannot_be_made_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        let error = make_file(&file.join("test.db")).unwrap_err().to_string();
        assert!(
            error.starts_with(&format!("cannot create the folder {}", file.display())),
            "{error}"
        );
    }

    #[test]
    fn sessions_are_durable_and_check_references() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("test.db");
        for role in [Role::Writer, Role::Reader] {
            let mut connection = connect(Some(&path), role, limits()).unwrap();
            let mut setting = |name: &str| {
                let query = format!("{name} FROM pragma_{name}");
                diesel::select(sql::<BigInt>(&query)).get_result::<i64>(&mut connection).unwrap()
            };
            assert_eq!((setting("synchronous"), setting("foreign_keys")), (2, 1));
            assert_eq!(setting("query_only"), i64::from(role == Role::Reader));
            let busy = sql::<BigInt>("timeout FROM pragma_busy_timeout");
            assert_eq!(diesel::select(busy).get_result(&mut connection), Ok(2_000_i64));
            let journal = sql::<Text>("journal_mode FROM pragma_journal_mode");
            assert_eq!(diesel::select(journal).get_result(&mut connection), Ok("wal".to_owned()));
        }
    }
}
