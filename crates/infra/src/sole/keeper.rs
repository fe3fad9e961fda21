//! A server's hold on the database: alone when nobody else is there, shared when somebody asks.

use std::io;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::lock::{Hold, Lock};
use super::{PATIENCE, SoleError, arrive, socket};

/// How long a server that was asked to share does not try to be alone again: whoever asked takes
/// its lock meanwhile.
const YIELDING: Duration = Duration::from_millis(if cfg!(test) { 50 } else { 2_000 });

/// Keeps the lock for a server, and answers at the socket, until it is dropped.
pub struct Keeper(Arc<Inner>);

struct Inner {
    lock: Option<Lock>,
    state: Mutex<State>,
    /// Told `true` once this process is alone, and `false` before it is not any more.
    told: Box<dyn Fn(bool) + Send + Sync>,
    socket: PathBuf,
    closing: AtomicBool,
}

struct State {
    alone: bool,
    /// Not to be tried before.
    again: Instant,
}

impl Keeper {
    /// Takes the lock of this SQLite file, alone if nobody else has it, and listens in `folder`.
    /// `told` hears `true` once this process is the only one that may write, and `false` before
    /// another may. Blocks for a few seconds at most.
    pub fn start(
        database: &Path,
        folder: &Path,
        told: impl Fn(bool) + Send + Sync + 'static,
    ) -> Result<Self, SoleError> {
        let lock = Lock::open(database)?;
        let (listener, socket) = socket::listen(folder)?;
        let state = State { alone: false, again: Instant::now() };
        let inner = Arc::new(Inner {
            lock,
            state: Mutex::new(state),
            told: Box::new(told),
            socket,
            closing: AtomicBool::new(false),
        });
        let keeper = Self(Arc::clone(&inner));
        // While the state is held, nobody is answered.
        let mut state = inner.state();
        let answering = Arc::clone(&inner);
        let thread = thread::Builder::new().name("sole".to_owned());
        let started = thread.spawn(move || answering.answer(&listener));
        started.map_err(|source| inner.failed("start to listen at", source))?;
        if let Some(lock) = &inner.lock {
            let hold = arrive(lock, Some(&inner.socket))?;
            if hold == Hold::Alone {
                inner.become_alone(lock, &mut state)?;
            }
        }
        drop(state);
        Ok(keeper)
    }

    /// Whether this process is the only one that may write.
    pub fn is_alone(&self) -> bool {
        self.0.state().alone
    }

    /// Becomes the only one if nobody else is there any more; says whether that changed. To be
    /// called about every second.
    pub fn renew(&self) -> Result<bool, SoleError> {
        let inner = &self.0;
        let Some(lock) = &inner.lock else { return Ok(false) };
        let mut state = inner.state();
        if state.alone || Instant::now() < state.again {
            return Ok(false);
        }
        let alone = lock.in_turn(Duration::ZERO, || {
            lock.release()?;
            let alone = lock.try_alone()?;
            // Nobody can be alone meanwhile: it would be this one's turn.
            Ok(alone || {
                lock.try_shared()?;
                false
            })
        });
        match alone {
            Ok(true) => inner.become_alone(lock, &mut state).map(|()| true),
            // Somebody else is at it: another time.
            Ok(false) | Err(SoleError::Silent { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.0.closing.store(true, Ordering::SeqCst);
        let mut state = self.0.state();
        if state.alone {
            state.alone = false;
            (self.0.told)(false);
        }
        if let Some(lock) = &self.0.lock {
            // What is left of it goes with the process.
            let _ = lock.release();
        }
        drop(state);
        // Wakes the thread, which then ends. What cannot be removed is replaced by the next server.
        let _ = socket::connect(&self.0.socket);
        let _ = std::fs::remove_file(&self.0.socket);
    }
}

impl Inner {
    fn answer(&self, listener: &UnixListener) {
        for stream in listener.incoming() {
            if self.closing.load(Ordering::SeqCst) {
                return;
            }
            let served = stream.and_then(|stream| {
                socket::serve(stream, |question| match question {
                    socket::SHARE => self.share(),
                    socket::STATUS => self.status(),
                    _ => "unknown".to_owned(),
                })
            });
            // Who asked and left, or asked nothing, hears nothing.
            if served.is_err() {
                thread::yield_now();
            }
        }
    }

    fn share(&self) -> String {
        let mut state = self.state();
        state.again = Instant::now() + YIELDING;
        match self.give_way(&mut state) {
            Ok(()) => socket::SHARED.to_owned(),
            Err(error) => error.to_string(),
        }
    }

    /// Tells first, and only then lets others in.
    fn give_way(&self, state: &mut State) -> Result<(), SoleError> {
        let Some(lock) = self.lock.as_ref().filter(|_| state.alone) else { return Ok(()) };
        (self.told)(false);
        state.alone = false;
        lock.in_turn(PATIENCE, || {
            lock.release()?;
            lock.try_shared().map(drop)
        })
    }

    fn become_alone(&self, lock: &Lock, state: &mut State) -> Result<(), SoleError> {
        lock.sign(&self.socket)?;
        state.alone = true;
        (self.told)(true);
        Ok(())
    }

    fn status(&self) -> String {
        let alone = if self.state().alone { "alone" } else { "shared" };
        format!("{} {} {alone}", std::process::id(), env!("CARGO_PKG_VERSION"))
    }

    fn failed(&self, action: &'static str, source: io::Error) -> SoleError {
        SoleError::File { action, path: self.socket.clone(), source }
    }

    // The state is whole between any two statements.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
