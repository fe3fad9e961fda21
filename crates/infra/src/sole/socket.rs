//! The socket at which a server is asked to share: one line there, one line back.

use std::fs::{File, Permissions, set_permissions};
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::SoleError;

/// Asks whoever writes alone to share. The number is that of the protocol.
pub(super) const SHARE: &str = "doorward/1 share";
/// The answer to [`SHARE`].
pub(super) const SHARED: &str = "shared";
/// Asks whether the server writes alone.
pub(super) const STATUS: &str = "doorward/1 status";

/// How long one side waits for the other.
const PATIENCE: Duration = Duration::from_millis(if cfg!(test) { 400 } else { 4_000 });
/// The longest line.
const MOST: u64 = 256;
/// What the address of a socket has room for, on every system.
const ADDRESS: usize = 100;

/// Listens in this folder, for this user alone. A socket that nobody listens at is replaced.
pub(super) fn listen(folder: &Path) -> Result<(UnixListener, PathBuf), SoleError> {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let usual = folder.join("doorward.sock");
    let path = if connect(&usual).is_ok() {
        folder.join(format!("doorward-{}.sock", std::process::id()))
    } else {
        usual
    };
    let listening = match std::fs::remove_file(&path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => bind(&path),
    };
    match listening {
        Ok(listener) => Ok((listener, path)),
        Err(source) => Err(SoleError::File { action: "listen at", path, source }),
    }
}

/// Sends a line, and gives the line that comes back.
pub(super) fn ask(path: &Path, question: &str) -> io::Result<String> {
    let mut stream = connect(path)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    writeln!(stream, "{question}")?;
    line(&stream)
}

/// Reads one line and sends what `answer` makes of it. Whoever says nothing in time is left.
pub(super) fn serve(mut stream: UnixStream, answer: impl FnOnce(&str) -> String) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let question = line(&stream)?;
    writeln!(stream, "{}", answer(&question))
}

fn line(stream: &UnixStream) -> io::Result<String> {
    let mut text = String::new();
    BufReader::new(stream.take(MOST)).read_line(&mut text)?;
    Ok(text.trim_end().to_owned())
}

pub(super) fn connect(path: &Path) -> io::Result<UnixStream> {
    within_reach(path, |path| UnixStream::connect(path))
}

fn bind(path: &Path) -> io::Result<UnixListener> {
    let listener = within_reach(path, |path| UnixListener::bind(path))?;
    set_permissions(path, Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// A path that is too long for the address of a socket is reached from its folder.
fn within_reach<T>(path: &Path, reach: impl FnOnce(&Path) -> io::Result<T>) -> io::Result<T> {
    if path.as_os_str().len() <= ADDRESS {
        return reach(path);
    }
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(ErrorKind::InvalidInput.into());
    };
    let folder = File::open(folder)?;
    reach(&Path::new("/proc/self/fd").join(folder.as_raw_fd().to_string()).join(name))
}
