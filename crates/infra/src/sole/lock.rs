//! The lock beside the database, and what its holder writes into it.

use std::ffi::OsString;
use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, Mode, OFlags, flock};
use rustix::io::{Errno, retry_on_intr};

use super::SoleError;
use super::error::LOCK;

/// The most that is read of what a holder wrote of itself.
const MOST: u64 = 8_192;

/// The file, and this process's hold on it. The system lets go of it with the process, however it
/// ends.
#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
    file: File,
}

/// What the one who is alone wrote of itself.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Holder {
    pid: String,
    /// Where it listens.
    pub(super) socket: PathBuf,
}

impl Lock {
    /// Opens the file, making it where it is missing. Nothing is locked yet.
    pub(super) fn open(database: &Path) -> Result<Self, SoleError> {
        let path = beside(database, "lock");
        Ok(Self { file: open(&path)?, path })
    }

    /// Takes the lock alone, unless somebody else holds it; then a hold that there was is gone.
    /// To be called in turn.
    pub(super) fn try_alone(&self) -> Result<bool, SoleError> {
        try_flock(&self.file, FlockOperation::NonBlockingLockExclusive, &self.path)
    }

    /// Takes the lock beside others, unless somebody holds it alone. To be called in turn.
    pub(super) fn try_shared(&self) -> Result<bool, SoleError> {
        try_flock(&self.file, FlockOperation::NonBlockingLockShared, &self.path)
    }

    /// Whether the file is where others look for it: whoever removes it takes the lock away.
    pub(super) fn is_in_place(&self) -> bool {
        is_at(&self.file, &self.path)
    }

    /// Writes down who is alone. To be called in the turn in which the lock was taken alone, so that
    /// nobody asks the one before.
    pub(super) fn sign(&self, socket: &Path) -> Result<(), SoleError> {
        let mut text = format!("{} ", std::process::id()).into_bytes();
        text.extend_from_slice(socket.as_os_str().as_bytes());
        let signed = match self.text() {
            // A full disk is no reason not to be alone again.
            Ok(before) if before == text => Ok(()),
            Ok(_) | Err(_) => self.file.set_len(0).and_then(|()| self.file.write_all_at(&text, 0)),
        };
        signed.map_err(|source| self.failed("write", source))
    }

    /// Who was alone last; `None` where nobody said so.
    pub(super) fn holder(&self) -> Option<Holder> {
        let text = self.text().ok()?;
        let mut parts = text.splitn(2, |byte| *byte == b' ');
        let pid = String::from_utf8(parts.next()?.to_vec()).ok()?;
        let socket = OsString::from_vec(parts.next()?.to_vec()).into();
        Some(Holder { pid, socket })
    }

    fn text(&self) -> io::Result<Vec<u8>> {
        let (mut file, mut text) = (&self.file, Vec::new());
        file.rewind()?;
        file.take(MOST).read_to_end(&mut text)?;
        Ok(text)
    }

    fn failed(&self, action: &'static str, source: io::Error) -> SoleError {
        SoleError::File { action, path: self.path.clone(), source }
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "pid {} at {}", self.pid, self.socket.display())
    }
}

/// `<database>.<kind>`.
pub(super) fn beside(database: &Path, kind: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".");
    name.push(kind);
    name.into()
}

/// Opens a file for this user alone, making it where it is missing, but never what a link of
/// somebody else points to.
pub(super) fn open(path: &Path) -> Result<File, SoleError> {
    let flags = OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let opened = retry_on_intr(|| rustix::fs::open(path, flags, Mode::RUSR | Mode::WUSR));
    opened.map(File::from).map_err(|errno| SoleError::File {
        action: "open",
        path: path.to_owned(),
        source: errno.into(),
    })
}

/// Asks for a lock without waiting; says whether it was given.
pub(super) fn try_flock(
    file: &File,
    operation: FlockOperation,
    path: &Path,
) -> Result<bool, SoleError> {
    match retry_on_intr(|| flock(file, operation)) {
        Ok(()) => Ok(true),
        Err(Errno::WOULDBLOCK) => Ok(false),
        Err(errno) => {
            Err(SoleError::File { action: LOCK, path: path.to_owned(), source: errno.into() })
        }
    }
}

/// Whether this path leads to this very file.
pub(super) fn is_at(file: &File, path: &Path) -> bool {
    match (file.metadata(), path.symlink_metadata()) {
        (Ok(one), Ok(other)) => (one.dev(), one.ino()) == (other.dev(), other.ino()),
        (Ok(_) | Err(_), Ok(_) | Err(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    #[test]
    fn what_the_holder_wrote_is_read_as_it_was_whatever_its_folder_is_called() {
        let folder = TempDir::new().unwrap();
        let lock = Lock::open(&folder.path().join("db")).unwrap();
        assert_eq!(lock.holder(), None);
        for name in [b"a b\nc".as_slice(), b"\xff"] {
            let socket = Path::new("/x").join(std::ffi::OsStr::from_bytes(name));
            lock.sign(&socket).unwrap();
            assert_eq!(lock.holder().unwrap().socket, socket);
        }
    }

    #[test]
    fn a_link_of_somebody_else_is_not_followed() {
        let folder = TempDir::new().unwrap();
        let target = folder.path().join("precious");
        std::fs::write(&target, "kept").unwrap();
        std::os::unix::fs::symlink(&target, folder.path().join("db.lock")).unwrap();
        let error = Lock::open(&folder.path().join("db")).unwrap_err();
        assert!(error.to_string().starts_with("cannot open "), "{error}");
        assert_eq!(std::fs::read(&target).unwrap(), b"kept");
    }

    #[test]
    fn a_lock_whose_file_was_removed_or_replaced_is_not_in_place() {
        let folder = TempDir::new().unwrap();
        let database = folder.path().join("db");
        let lock = Lock::open(&database).unwrap();
        assert!(lock.is_in_place());
        std::fs::remove_file(&lock.path).unwrap();
        assert!(!lock.is_in_place());
        assert!(Lock::open(&database).unwrap().is_in_place() && !lock.is_in_place());
    }
}
