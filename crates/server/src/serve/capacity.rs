//! How much this process may take on, given the machine and its limits.

use std::thread::available_parallelism;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::settings::Database;

/// The most connections per worker, however many files may be open.
const MAX_CONNECTIONS: usize = 25_000;
/// Open files that are neither connections of clients nor of the database.
const OTHER_FILES: usize = 64;
/// SQLite keeps the database, its log and its index open for each connection.
const FILES_PER_CONNECTION: usize = 3;

/// What the HTTP server is started with.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Capacity {
    /// Threads that serve.
    pub(super) workers: usize,
    /// Connections per worker; more wait to be accepted.
    pub(super) connections: usize,
}

/// One worker per core, and as many connections as there are files to be opened: accepting more
/// would fail again and again.
pub(super) fn of_this_process(database: &Database) -> Capacity {
    let workers = available_parallelism().map_or(1, usize::from);
    capacity(workers, open_files(), database.pool_size.count())
}

fn capacity(workers: usize, files: usize, pool_size: usize) -> Capacity {
    let taken = OTHER_FILES + FILES_PER_CONNECTION * (pool_size + 1);
    let connections = files.saturating_sub(taken) / workers;
    Capacity { workers, connections: connections.clamp(8, MAX_CONNECTIONS) }
}

/// How many files this process may open, after asking for as many as it may.
fn open_files() -> usize {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    let current = match setrlimit(Resource::Nofile, raised) {
        Ok(()) => limit.maximum,
        Err(_) => limit.current,
    };
    current.and_then(|files| usize::try_from(files).ok()).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_files_for_the_database() {
        assert_eq!(capacity(2, 256, 16), Capacity { workers: 2, connections: 70 });
        assert_eq!(capacity(2, 1_000_000, 16).connections, MAX_CONNECTIONS);
        assert_eq!(capacity(4, 20, 16).connections, 8);
        assert_eq!(capacity(4, usize::MAX, 16).connections, MAX_CONNECTIONS);
    }
}
