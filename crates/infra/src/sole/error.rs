//! Why a process may not write.

use std::io;
use std::path::PathBuf;

use rustix::io::Errno;

/// Why a process may not write. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum SoleError {
    /// A file or a socket refuses.
    #[error("cannot {action} {}", path.display())]
    File {
        /// What was tried.
        action: &'static str,
        /// With what.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// Somebody writes alone, and does not share.
    #[error(
        "{} is in use: the running server ({holder}) {said}; nothing was changed",
        database.display()
    )]
    Unshared {
        /// The database.
        database: PathBuf,
        /// What the other process wrote of itself: its id and its socket.
        holder: String,
        /// That it does not answer, or what it answers.
        said: String,
    },
    /// Somebody has the turn to take or give the lock, and does not end it.
    #[error(
        "another process holds {} and does not go on (was it stopped?); nothing was changed",
        turn.display()
    )]
    Stuck {
        /// The file that says whose turn it is.
        turn: PathBuf,
    },
}

impl SoleError {
    /// Whether the file system, and not another process, refuses to lock.
    pub(super) fn is_lack_of_locks(&self) -> bool {
        let Self::File { action: LOCK, source, .. } = self else { return false };
        let lacks =
            [Errno::NOLCK, Errno::NOTSUP, Errno::OPNOTSUPP, Errno::INVAL, Errno::NOSYS].as_slice();
        Errno::from_io_error(source).is_some_and(|errno| lacks.contains(&errno))
    }
}

/// What is tried with a file when it is locked.
pub(super) const LOCK: &str = "lock";

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(action: &'static str, errno: Errno) -> bool {
        SoleError::File { action, path: PathBuf::new(), source: errno.into() }.is_lack_of_locks()
    }

    #[test]
    fn only_what_a_file_system_says_of_locks_is_a_lack_of_them() {
        for errno in [Errno::NOLCK, Errno::NOTSUP, Errno::INVAL, Errno::NOSYS] {
            assert!(refused(LOCK, errno) && !refused("open", errno), "{errno}");
        }
        for errno in [Errno::ACCESS, Errno::IO, Errno::BADF] {
            assert!(!refused(LOCK, errno), "{errno}");
        }
        assert!(!SoleError::Stuck { turn: PathBuf::new() }.is_lack_of_locks());
    }
}
