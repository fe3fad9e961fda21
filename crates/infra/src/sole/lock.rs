//! The lock beside the database, and the turn in which it changes hands.
//!
//! Turning a lock from one kind to the other lets it go for a moment. So whoever takes or changes
//! it does so while it holds `<database>.turn`: then nobody can come between.

use std::fmt;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use super::SoleError;

/// How long to wait before the turn is tried again.
const PAUSE: Duration = Duration::from_millis(5);
/// The most that is read of what a holder wrote of itself.
const MOST: u64 = 8_192;

/// How the lock is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hold {
    /// Nobody else may write.
    Alone,
    /// Others may write as well.
    Shared,
}

/// The two files. The system lets go of them with the process, however it ends.
#[derive(Debug)]
pub(super) struct Lock {
    database: PathBuf,
    path: PathBuf,
    file: File,
    turn: File,
}

/// What the one who is alone wrote of itself: its process id and the path of its socket.
pub(super) struct Holder(String);

impl Lock {
    /// Opens the files, making them where they are missing; `None` where the file system knows no
    /// locks.
    pub(super) fn open(database: &Path) -> Result<Option<Self>, SoleError> {
        let [path, turn_path] = ["lock", "turn"].map(|kind| beside(database, kind));
        let lock = Self {
            database: database.to_owned(),
            file: open(&path)?,
            turn: open(&turn_path)?,
            path,
        };
        match lock.turn.try_lock() {
            Ok(()) => {
                lock.turn.unlock().map_err(|error| lock.failed("unlock", error))?;
                Ok(Some(lock))
            }
            Err(TryLockError::WouldBlock) => Ok(Some(lock)),
            Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => Ok(None),
            Err(TryLockError::Error(error)) => Err(lock.failed("lock", error)),
        }
    }

    /// The database.
    pub(super) fn database(&self) -> &Path {
        &self.database
    }

    /// Does a step while nobody else does one; gives up after `patience`.
    pub(super) fn in_turn<T>(
        &self,
        patience: Duration,
        step: impl FnOnce() -> Result<T, SoleError>,
    ) -> Result<T, SoleError> {
        let end = Instant::now() + patience;
        while !self.attempt(self.turn.try_lock())? {
            if Instant::now() >= end {
                let (database, holder) = (self.database.clone(), self.holder().to_string());
                return Err(SoleError::Silent { database, holder });
            }
            thread::sleep(PAUSE);
        }
        let done = step();
        self.turn.unlock().map_err(|error| self.failed("unlock", error))?;
        done
    }

    /// Takes the lock alone, unless somebody holds it.
    pub(super) fn try_alone(&self) -> Result<bool, SoleError> {
        self.attempt(self.file.try_lock())
    }

    /// Takes the lock beside others, unless somebody holds it alone.
    pub(super) fn try_shared(&self) -> Result<bool, SoleError> {
        self.attempt(self.file.try_lock_shared())
    }

    /// Lets go of the lock.
    pub(super) fn release(&self) -> Result<(), SoleError> {
        self.file.unlock().map_err(|error| self.failed("unlock", error))
    }

    /// Writes down who is alone.
    pub(super) fn sign(&self, socket: &Path) -> Result<(), SoleError> {
        let text = format!("{} {}", std::process::id(), socket.display());
        let mut file = &self.file;
        let written = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(text.as_bytes()));
        written.map_err(|error| self.failed("write", error))
    }

    /// Who was alone last.
    pub(super) fn holder(&self) -> Holder {
        let mut text = String::new();
        let mut file = &self.file;
        // Whoever cannot be read is asked nothing, and the caller says so.
        let _ = file.rewind().and_then(|()| file.take(MOST).read_to_string(&mut text));
        Holder(text)
    }

    fn attempt(&self, tried: Result<(), TryLockError>) -> Result<bool, SoleError> {
        match tried {
            Ok(()) => Ok(true),
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(error)) => Err(self.failed("lock", error)),
        }
    }

    fn failed(&self, action: &'static str, source: std::io::Error) -> SoleError {
        SoleError::File { action, path: self.path.clone(), source }
    }
}

impl Holder {
    /// Where it listens.
    pub(super) fn socket(&self) -> Option<PathBuf> {
        self.0.split_once(' ').map(|(_, path)| PathBuf::from(path))
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.split_once(' ') {
            Some((process, socket)) => write!(f, "pid {process} at {socket}"),
            None => f.write_str("of unknown id"),
        }
    }
}

fn beside(database: &Path, kind: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".");
    name.push(kind);
    name.into()
}

fn open(path: &Path) -> Result<File, SoleError> {
    let mut options = OpenOptions::new();
    let opened = options.read(true).write(true).create(true).truncate(false).mode(0o600).open(path);
    opened.map_err(|source| SoleError::File { action: "open", path: path.to_owned(), source })
}
