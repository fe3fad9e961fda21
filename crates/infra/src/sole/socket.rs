//! The socket at which a server is asked to share: one line there, one line back.

use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::time::Duration;

use rustix::io::{FdFlags, fcntl_setfd};
use rustix::net::{AddressFamily, SocketAddrUnix, SocketType};

/// Asks whoever writes alone to share. The number is that of the protocol.
pub(super) const SHARE: &str = "doorward/1 share";
/// The answer to [`SHARE`].
pub(super) const SHARED: &str = "shared";
/// Asks for the process id, the version, and whether the server is `alone` or `shared`.
pub(super) const STATUS: &str = "doorward/1 status";
/// The answer to everything else.
pub(super) const UNKNOWN: &str = "unknown";

/// How long a server waits for the question: whoever connects asks at once.
const QUESTION: Duration = Duration::from_secs(1);
/// The longest line.
const MOST: u64 = 256;
/// What the address of a socket has room for, on every system.
const ADDRESS: usize = 100;

/// Sends a line, and gives the line that comes back within `patience`.
pub(super) fn ask(path: &Path, question: &str, patience: Duration) -> io::Result<String> {
    let mut stream = connect(path)?;
    stream.set_read_timeout(Some(patience))?;
    stream.set_write_timeout(Some(patience))?;
    writeln!(stream, "{question}")?;
    line(&stream)
}

/// Reads one line and sends what `answer` makes of it. Whoever says nothing in time is left, and
/// other people hear nothing.
pub(super) fn serve(mut stream: UnixStream, answer: impl FnOnce(&str) -> String) -> io::Result<()> {
    if !is_ours(&stream)? {
        return Err(ErrorKind::PermissionDenied.into());
    }
    stream.set_read_timeout(Some(QUESTION))?;
    stream.set_write_timeout(Some(QUESTION))?;
    let question = line(&stream)?;
    writeln!(stream, "{}", answer(&question))
}

/// Whether somebody listens there, or may.
pub(super) fn is_alive(path: &Path) -> bool {
    match connect(path) {
        Ok(_) => true,
        Err(error) => !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::ConnectionRefused),
    }
}

/// Connects at once or not at all: a process that was stopped does not empty its queue, and who waits
/// for room in it waits for ever.
pub(super) fn connect(path: &Path) -> io::Result<UnixStream> {
    let stream =
        UnixStream::from(rustix::net::socket(AddressFamily::UNIX, SocketType::STREAM, None)?);
    fcntl_setfd(&stream, FdFlags::CLOEXEC)?;
    stream.set_nonblocking(true)?;
    within_reach(path, |path| Ok(rustix::net::connect(&stream, &SocketAddrUnix::new(path)?)?))?;
    stream.set_nonblocking(false)?;
    Ok(stream)
}

/// Listens where nothing is yet.
pub(super) fn bind(path: &Path) -> io::Result<UnixListener> {
    within_reach(path, |path| UnixListener::bind(path))
}

/// A line, without its end.
fn line(stream: &UnixStream) -> io::Result<String> {
    let mut text = String::new();
    BufReader::new(stream.take(MOST)).read_line(&mut text)?;
    Ok(text.trim_end().to_owned())
}

/// Whether whoever is at the other end is this user; root may read and write everything anyhow.
#[cfg(target_os = "linux")]
fn is_ours(stream: &UnixStream) -> io::Result<bool> {
    let peer = rustix::net::sockopt::socket_peercred(stream)?.uid;
    Ok(peer == rustix::process::geteuid() || peer.is_root())
}

/// The socket's own permissions have to do.
#[cfg(not(target_os = "linux"))]
fn is_ours(_stream: &UnixStream) -> io::Result<bool> {
    Ok(true)
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

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    #[test]
    fn a_queue_that_nobody_empties_is_not_waited_for() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("full.sock");
        let listener = UnixListener::bind(&path).unwrap();
        rustix::net::listen(&listener, 0).unwrap();
        let mut waiting = Vec::new();
        let full = loop {
            match connect(&path) {
                Ok(stream) => waiting.push(stream),
                Err(error) => break error,
            }
            assert!(waiting.len() < 1_000, "it is never full");
        };
        assert_eq!(full.kind(), ErrorKind::WouldBlock);
        assert!(is_alive(&path), "it may yet go on");
    }

    #[test]
    fn whoever_says_too_much_or_nothing_is_answered_or_left() {
        for (said, heard) in [(vec![b'x'; 4_096], "unknown\n"), (Vec::new(), "")] {
            let (mut client, server) = UnixStream::pair().unwrap();
            let serving = std::thread::spawn(move || serve(server, |_| UNKNOWN.to_owned()));
            client.write_all(&said).unwrap();
            let mut answer = String::new();
            // What was not read is dropped, and the answer may be with it.
            let _ = client.read_to_string(&mut answer);
            assert!(heard.starts_with(&answer) || answer == heard, "{answer}");
            let _ = serving.join().unwrap();
        }
    }
}
