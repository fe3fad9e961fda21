//! A server's socket, and the thread that answers at it.

use std::fs::{File, Metadata, Permissions, set_permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rustix::fs::FlockOperation;

use super::lock::try_flock;
use super::{PATIENCE, socket};

/// How long to wait before the folder is tried again, or the next caller is let in after a failure.
const PAUSE: Duration = Duration::from_millis(10);
/// The most servers of one folder that listen.
const MOST: u32 = 64;

/// Answers at a socket until it is dropped.
pub(super) struct Answering {
    path: PathBuf,
    /// Device and inode: somebody else's socket may get the same path.
    identity: (u64, u64),
    closing: Arc<AtomicBool>,
}

impl Answering {
    /// Listens in this folder, for this user alone; one caller at a time is answered.
    ///
    /// It is called `doorward.sock`; further servers of the same folder add a number. What a dead one
    /// left is replaced.
    pub(super) fn start(
        folder: &Path,
        answer: impl Fn(&str) -> String + Send + 'static,
    ) -> io::Result<Self> {
        let folder = folder.canonicalize()?;
        let (listener, path) = listen(&folder)?;
        let identity = identity(&path.symlink_metadata()?);
        let closing = Arc::new(AtomicBool::new(false));
        let answering = Self { path, identity, closing: Arc::clone(&closing) };
        let thread = thread::Builder::new().name("sole".to_owned());
        thread.spawn(move || answer_all(&listener, &closing, answer))?;
        Ok(answering)
    }

    /// Where it listens.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether callers still find it there.
    pub(super) fn is_in_place(&self) -> bool {
        self.path.symlink_metadata().is_ok_and(|found| identity(&found) == self.identity)
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        // Removed while somebody still listens: a server that starts now would take the place of a
        // dead one's, and lose it. What cannot be removed is replaced by the next server.
        let waking = socket::connect(&self.path);
        if self.is_in_place() {
            let _ = std::fs::remove_file(&self.path);
        }
        self.closing.store(true, Ordering::SeqCst);
        // It hears that this caller says nothing, and ends.
        drop(waking);
    }
}

fn answer_all(listener: &UnixListener, closing: &AtomicBool, answer: impl Fn(&str) -> String) {
    while !closing.load(Ordering::SeqCst) {
        match listener.accept() {
            // Whoever left, or asked nothing, hears nothing.
            Ok((stream, _)) => drop(socket::serve(stream, &answer)),
            // As when no file may be opened any more.
            Err(_) => thread::sleep(PAUSE),
        }
    }
}

fn listen(folder: &Path) -> io::Result<(UnixListener, PathBuf)> {
    // Of two that start at once, neither takes the other's for a dead one's.
    let _held = hold(folder)?;
    for path in names().map(|name| folder.join(name)) {
        match path.symlink_metadata() {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Ok(found) if found.file_type().is_socket() && !socket::is_alive(&path) => {
                std::fs::remove_file(&path)?;
            }
            Ok(_) | Err(_) => continue,
        }
        let listener = socket::bind(&path)?;
        set_permissions(&path, Permissions::from_mode(0o600))?;
        return Ok((listener, path));
    }
    Err(ErrorKind::AddrInUse.into())
}

/// The names of sockets, in the order in which the servers of one folder take them.
fn names() -> impl Iterator<Item = String> {
    let others = (2..=MOST).map(|number| format!("doorward-{number}.sock"));
    std::iter::once("doorward.sock".to_owned()).chain(others)
}

/// Locks the folder itself, until the file is dropped.
fn hold(folder: &Path) -> io::Result<File> {
    let (file, end) = (File::open(folder)?, Instant::now() + PATIENCE);
    loop {
        match try_flock(&file, FlockOperation::NonBlockingLockExclusive, folder) {
            Ok(true) => return Ok(file),
            Ok(false) if Instant::now() >= end => return Err(ErrorKind::TimedOut.into()),
            Ok(false) => thread::sleep(PAUSE),
            // Some file systems lock no folders. Then two servers must not start at once there.
            Err(_) => return Ok(file),
        }
    }
}

fn identity(metadata: &Metadata) -> (u64, u64) {
    (metadata.dev(), metadata.ino())
}
