//! The socket that is listened on.

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpListener};
use std::os::fd::{AsFd, OwnedFd};

use rustix::net::Shutdown;

use crate::failure::Failure;
use crate::settings::report::reason;

/// How many connections may wait to be accepted.
const BACKLOG: i32 = 1_024;

/// Listens on this address.
pub(super) fn open(address: SocketAddr) -> Result<TcpListener, Failure> {
    let opened = TcpListener::bind(address).and_then(|listener| {
        // The standard library asks for a short queue; asking again lengthens it.
        rustix::net::listen(&listener, BACKLOG)?;
        Ok(listener)
    });
    opened.map_err(|error| {
        let (reason, advice) = (reason(&error), advice(error.kind()));
        Failure::Failed(format!("cannot listen on {address}: {reason}{advice}"))
    })
}

/// A hold on the socket that somebody else accepts from.
pub(super) struct Listening(OwnedFd);

impl Listening {
    /// Takes hold of it.
    pub(super) fn on(listener: &TcpListener) -> io::Result<Self> {
        Ok(Self(listener.as_fd().try_clone_to_owned()?))
    }

    /// From now on new connections are refused; those that were accepted go on.
    pub(super) fn close(&self) {
        if let Err(error) = rustix::net::shutdown(&self.0, Shutdown::Read) {
            // Linux alone can do this. Elsewhere the socket is closed with the server.
            tracing::debug!(%error, "the socket is still listening");
        }
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the system has dozens, and may get more")]
fn advice(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::AddrInUse => {
            "; stop the program that has it, or choose another port with --bind"
        }
        ErrorKind::AddrNotAvailable => {
            "; this machine has no such address, choose one that it has with --bind"
        }
        ErrorKind::PermissionDenied => {
            "; ports below 1024 are for root, choose another with --bind"
        }
        _ => "; choose another address with --bind",
    }
}
