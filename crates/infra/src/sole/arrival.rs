//! How a process joins those who write.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use super::lock::{Holder, Lock};
use super::turn::Turn;
use super::{SoleError, socket};

/// How long to wait before whoever is alone is asked again: it may be about to listen, or to leave.
const PAUSE: Duration = Duration::from_millis(20);

/// Takes the lock beside others; who has it alone is asked to share. `None` where the file system
/// knows no locks.
pub(super) fn arrive(database: &Path, patience: Duration) -> Result<Option<Lock>, SoleError> {
    let (turn, end) = (Turn::at(database), Instant::now() + patience);
    loop {
        // Anew each time: a lock on a file that was removed meanwhile keeps nobody away.
        let lock = Lock::open(database)?;
        let left = end.saturating_duration_since(Instant::now());
        match turn.wait(left, || Ok(lock.try_shared()? && lock.is_in_place())) {
            Ok(true) => return Ok(Some(lock)),
            Ok(false) => {}
            Err(error) if error.is_lack_of_locks() && !is_anybody_there(&lock, database) => {
                return Ok(None);
            }
            Err(error) => return Err(error),
        }
        let holder = lock.holder();
        let said = holder.as_ref().and_then(|holder| ask(holder, database, end));
        if Instant::now() >= end {
            return Err(unshared(database, holder.as_ref(), said));
        }
        if said.as_deref() != Some(socket::SHARED) {
            thread::sleep(PAUSE);
        }
    }
}

/// Whether somebody has a lock that this process cannot have: then it is no lack of the file system.
fn is_anybody_there(lock: &Lock, database: &Path) -> bool {
    let holder = lock.holder();
    holder.is_some_and(|holder| {
        addresses(&holder, database).iter().any(|path| socket::is_alive(path))
    })
}

/// What the holder answers, if it does.
fn ask(holder: &Holder, database: &Path, end: Instant) -> Option<String> {
    let left = end.saturating_duration_since(Instant::now()).max(PAUSE);
    addresses(holder, database).iter().find_map(|path| socket::ask(path, socket::SHARE, left).ok())
}

/// Where the holder listens: as it says, or, where it sees another file system as a container does,
/// beside the database.
fn addresses(holder: &Holder, database: &Path) -> Vec<PathBuf> {
    let beside = holder.socket.file_name().map(|name| database.with_file_name(name));
    std::iter::once(holder.socket.clone()).chain(beside).collect()
}

fn unshared(database: &Path, holder: Option<&Holder>, said: Option<String>) -> SoleError {
    SoleError::Unshared {
        database: database.to_owned(),
        holder: holder.map_or_else(|| "it does not say which".to_owned(), Holder::to_string),
        said: match said {
            Some(said) => format!("does not share: {said}"),
            None => "does not answer".to_owned(),
        },
    }
}
