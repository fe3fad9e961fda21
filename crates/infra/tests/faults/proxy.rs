//! A TCP proxy in front of a database, that can be told to hang or to hang up.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Passes everything on.
    Open,
    /// Takes everything and passes nothing on, like a server that was stopped.
    Hanging,
    /// Closes every connection, old and new, like a server that was killed.
    Closed,
}

struct Shared {
    server: SocketAddr,
    mode: Mutex<Mode>,
    changed: Condvar,
    open: Mutex<Vec<TcpStream>>,
}

/// Listens on a free loopback port until the tests end.
pub(crate) struct Proxy {
    shared: Arc<Shared>,
    /// Where it listens.
    pub(crate) port: u16,
}

impl Proxy {
    /// Passes on to `server`.
    pub(crate) fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared {
            server,
            mode: Mutex::new(Mode::Open),
            changed: Condvar::new(),
            open: Mutex::default(),
        });
        let accepting = Arc::clone(&shared);
        thread::spawn(move || {
            for client in listener.incoming() {
                accepting.accept(client.unwrap());
            }
        });
        Self { shared, port }
    }

    pub(crate) fn hang(&self) {
        self.shared.turn(Mode::Hanging);
    }

    pub(crate) fn close(&self) {
        self.shared.turn(Mode::Closed);
        for stream in self.shared.open.lock().unwrap().drain(..) {
            // The other side may have closed it already.
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    pub(crate) fn reopen(&self) {
        self.shared.turn(Mode::Open);
    }
}

impl Shared {
    fn turn(&self, mode: Mode) {
        *self.mode.lock().unwrap() = mode;
        self.changed.notify_all();
    }

    fn accept(self: &Arc<Self>, client: TcpStream) {
        if *self.mode.lock().unwrap() == Mode::Closed {
            return;
        }
        let server = TcpStream::connect(self.server).unwrap();
        for (from, to) in [(&client, &server), (&server, &client)] {
            let (from, to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
            self.open.lock().unwrap().push(from.try_clone().unwrap());
            let shared = Arc::clone(self);
            thread::spawn(move || shared.pass_on(from, to));
        }
    }

    fn pass_on(&self, mut from: TcpStream, mut to: TcpStream) {
        let mut buffer = [0; 4096];
        while let Ok(length @ 1..) = from.read(&mut buffer) {
            let hanging = |mode: &mut Mode| *mode == Mode::Hanging;
            drop(self.changed.wait_while(self.mode.lock().unwrap(), hanging).unwrap());
            if to.write_all(&buffer[..length]).is_err() {
                break;
            }
        }
        // The other side may have closed it already.
        let _ = to.shutdown(Shutdown::Both);
    }
}
