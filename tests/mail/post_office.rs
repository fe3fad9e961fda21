//! A mail server with manners to choose from: as much of RFC 5321 as a client needs to hand over a
//! mail, over TCP.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{sleep, spawn};
use std::time::{Duration, Instant};

/// How it treats a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manners {
    /// As it should.
    Prompt,
    /// It waits before each reply.
    Slow(Duration),
    /// It takes no mail now: 451.
    Refuses,
    /// It closes the connection when the mail has come, before it says that it has it.
    Dies,
    /// It takes the connection and never says a word.
    Hangs,
}

/// A mail that it took.
#[derive(Debug, Clone)]
pub(crate) struct Taken {
    pub(crate) recipient: String,
    /// Head and body, without the dots of the transfer, lines ended by LF.
    pub(crate) text: String,
}

struct State {
    manners: Manners,
    connections: usize,
    taken: Vec<Taken>,
}

/// The server; its threads end with the test.
pub(crate) struct PostOffice {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

impl PostOffice {
    pub(crate) fn open(manners: Manners) -> Self {
        Self::open_at(SocketAddr::from(([127, 0, 0, 1], 0)), manners)
    }

    pub(crate) fn open_at(address: SocketAddr, manners: Manners) -> Self {
        let listener = TcpListener::bind(address).expect("a free port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::new(Mutex::new(State { manners, connections: 0, taken: Vec::new() }));
        let shared = Arc::clone(&state);
        spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let state = Arc::clone(&shared);
                // A client that goes away ends its conversation, nothing else.
                spawn(move || drop(converse(&stream, &state)));
            }
        });
        Self { address, state }
    }

    /// An address at which nobody listens.
    pub(crate) fn closed() -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.local_addr().expect("an address")
    }

    pub(crate) fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    pub(crate) fn behave(&self, manners: Manners) {
        locked(&self.state).manners = manners;
    }

    /// Waits until somebody has called.
    pub(crate) fn await_call(&self) {
        until(Duration::from_secs(10), "a connection", || {
            (locked(&self.state).connections > 0).then_some(())
        });
    }

    /// Waits for the first mail to this address.
    pub(crate) fn await_mail(&self, recipient: &str, patience: Duration) -> Taken {
        let sought = || {
            let state = locked(&self.state);
            state.taken.iter().find(|taken| taken.recipient == recipient).cloned()
        };
        until(patience, "the mail", sought)
    }

    pub(crate) fn taken(&self) -> Vec<Taken> {
        locked(&self.state).taken.clone()
    }
}

fn until<T>(patience: Duration, what: &str, mut found: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = found() {
            return found;
        }
        assert!(start.elapsed() < patience, "no sign of {what} within {patience:?}");
        sleep(Duration::from_millis(20));
    }
}

fn locked(state: &Mutex<State>) -> std::sync::MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One client, from the greeting to `QUIT`.
fn converse(stream: &TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    let manners = {
        let mut state = locked(state);
        state.connections += 1;
        state.manners
    };
    let say = |line: &str| -> std::io::Result<()> {
        if let Manners::Slow(pause) = manners {
            sleep(pause);
        }
        (&*stream).write_all(format!("{line}\r\n").as_bytes())
    };
    if manners == Manners::Hangs {
        sleep(Duration::from_secs(120));
        return Ok(());
    }
    say("220 post.example")?;
    let mut lines = BufReader::new(stream).lines();
    let mut recipient = String::new();
    while let Some(line) = lines.next().transpose()? {
        match line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase().as_str() {
            "EHLO" => say("250 post.example")?,
            "MAIL" if manners == Manners::Refuses => say("451 come back later")?,
            "RCPT" => {
                recipient = line.trim_start_matches(|c| c != '<').trim_matches(['<', '>']).into();
                say("250 fine")?;
            }
            "DATA" => {
                say("354 go on")?;
                let text = letter(&mut lines)?;
                if manners == Manners::Dies {
                    return Ok(());
                }
                locked(state).taken.push(Taken { recipient: recipient.clone(), text });
                say("250 taken")?;
            }
            "QUIT" => return say("221 bye"),
            _ => say("250 fine")?,
        }
    }
    Ok(())
}

fn letter(lines: &mut impl Iterator<Item = std::io::Result<String>>) -> std::io::Result<String> {
    let mut text = String::new();
    for line in lines {
        let line = line?;
        if line == "." {
            break;
        }
        text.push_str(line.strip_prefix('.').unwrap_or(&line));
        text.push('\n');
    }
    Ok(text)
}
