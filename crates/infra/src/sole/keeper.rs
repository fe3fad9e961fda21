//! A server's hold on the database: alone when nobody else is there, shared when somebody asks.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::answering::Answering;
use super::arrival::arrive;
use super::lock::Lock;
use super::turn::Turn;
use super::{PATIENCE, SoleError, socket};

/// How long a server that was asked to share does not try to be alone again: whoever asked takes
/// its lock meanwhile.
const YIELDING: Duration = if cfg!(test) { Duration::ZERO } else { Duration::from_secs(2) };
/// How long a turn is waited for; whoever asked waits for longer.
const TURN: Duration = Duration::from_millis(if cfg!(test) { 500 } else { 2_000 });

/// Keeps the lock for a server, and answers at the socket, until it is dropped.
pub struct Keeper {
    /// `None` where it cannot listen: then it is never alone. Dropped first, so that nobody asks
    /// who has no lock any more.
    answering: Option<Answering>,
    inner: Arc<Inner>,
}

struct Inner {
    database: PathBuf,
    turn: Turn,
    /// Told `true` once this process is alone, and `false` before it is not any more or lets go.
    told: Box<dyn Fn(bool) + Send + Sync>,
    state: Mutex<State>,
}

struct State {
    /// `None` where the file system knows no locks: then nobody is ever alone.
    lock: Option<Lock>,
    hold: Hold,
    /// Whether `true` was told last. Only while held alone.
    is_trusted: bool,
    /// Not to be tried before.
    again: Instant,
}

/// How the lock is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hold {
    /// Nobody else may write.
    Alone,
    /// Others may write as well.
    Shared,
    /// It was refused where nobody refuses it, or an error came between.
    Unsure,
}

impl Keeper {
    /// Takes the lock of this SQLite file, alone if nobody else has it, and listens in `folder`.
    /// `told` hears `true` once this process is the only one that may write, and `false` before
    /// another may. Blocks for a few seconds at most.
    ///
    /// # Errors
    /// When this process may not write: somebody is alone and does not share, or the lock cannot be
    /// taken. That nobody can be answered is no error, but then this process is never alone.
    pub fn start(
        database: &Path,
        folder: &Path,
        told: impl Fn(bool) + Send + Sync + 'static,
    ) -> Result<Self, SoleError> {
        let lock = arrive(database, PATIENCE)?;
        if lock.is_none() {
            tracing::info!("the file system of the database knows no locks: it may be shared");
        }
        let state = State { lock, hold: Hold::Shared, is_trusted: false, again: Instant::now() };
        let inner = Arc::new(Inner {
            database: database.to_owned(),
            turn: Turn::at(database),
            told: Box::new(told),
            state: Mutex::new(state),
        });
        let answering = answering(folder, &inner);
        if let Err(error) = &answering {
            tracing::warn!(%error, "no socket can be listened at: the database is shared");
        }
        let keeper = Self { answering: answering.ok(), inner };
        // What is wrong is told by the next call.
        let _ = keeper.renew();
        Ok(keeper)
    }

    /// Whether this process is the only one that may write.
    pub fn is_alone(&self) -> bool {
        self.inner.state().is_trusted
    }

    /// Becomes the only one if nobody else is there any more, and stops to be where it cannot be
    /// asked. To be called about every second; may block for a few where files were removed.
    ///
    /// # Errors
    /// When a file that is needed is not as it must be. Another call may mend it.
    pub fn renew(&self) -> Result<(), SoleError> {
        let mut state = self.inner.state();
        let Some(lock) = &state.lock else { return Ok(()) };
        if state.hold == Hold::Unsure || !lock.is_in_place() {
            self.inner.come_back(&mut state)?;
        }
        let Some(answering) = &self.answering else { return Ok(()) };
        if !answering.is_in_place() {
            self.inner.give_way(&mut state)?;
            return Err(lost(answering.path()));
        }
        if state.is_trusted || Instant::now() < state.again {
            return Ok(());
        }
        self.inner.try_alone(&mut state, answering.path())
    }

    /// Keeps the lock until the process ends, though the keeper is dropped before: a thread may
    /// still be writing when nothing is served any more.
    pub fn for_good(&self) {
        std::mem::forget(Arc::clone(&self.inner));
    }
}

impl Inner {
    fn answer(&self, question: &str) -> String {
        match question {
            socket::SHARE => match self.share() {
                Ok(()) => socket::SHARED.to_owned(),
                Err(error) => error.to_string(),
            },
            socket::STATUS => self.status(),
            _ => socket::UNKNOWN.to_owned(),
        }
    }

    fn share(&self) -> Result<(), SoleError> {
        let mut state = self.state();
        state.again = Instant::now() + YIELDING;
        self.give_way(&mut state)
    }

    fn status(&self) -> String {
        let hold = if self.state().is_trusted { "alone" } else { "shared" };
        format!("{} {} {hold}", std::process::id(), env!("CARGO_PKG_VERSION"))
    }

    /// Tells first, and only then lets others in.
    fn give_way(&self, state: &mut State) -> Result<(), SoleError> {
        self.distrust(state);
        let Some(lock) = state.lock.as_ref().filter(|_| state.hold != Hold::Shared) else {
            return Ok(());
        };
        let share = || Ok(if lock.try_shared()? { Hold::Shared } else { Hold::Unsure });
        Self::change(&self.turn, &mut state.hold, share)
    }

    fn try_alone(&self, state: &mut State, socket: &Path) -> Result<(), SoleError> {
        let Some(lock) = &state.lock else { return Ok(()) };
        let change = || {
            if lock.try_alone()? {
                lock.sign(socket)?;
                return Ok(Hold::Alone);
            }
            // What was held is gone with that. Nobody came between: it is this process's turn.
            Ok(if lock.try_shared()? { Hold::Shared } else { Hold::Unsure })
        };
        Self::change(&self.turn, &mut state.hold, change)?;
        if state.hold == Hold::Alone {
            state.is_trusted = true;
            (self.told)(true);
        }
        Ok(())
    }

    /// Changes the hold in turn. Where that fails in the middle nobody knows what is held.
    fn change(
        turn: &Turn,
        hold: &mut Hold,
        change: impl FnOnce() -> Result<Hold, SoleError>,
    ) -> Result<(), SoleError> {
        turn.wait(TURN, || {
            *hold = Hold::Unsure;
            *hold = change()?;
            Ok(())
        })
    }

    /// Takes the lock beside others once more: its file was removed, or nobody knows what is held.
    fn come_back(&self, state: &mut State) -> Result<(), SoleError> {
        self.give_way(state)?;
        let is_held = state.hold == Hold::Shared;
        if is_held && state.lock.as_ref().is_some_and(Lock::is_in_place) {
            return Ok(());
        }
        state.hold = Hold::Unsure;
        state.lock = arrive(&self.database, PATIENCE)?;
        state.hold = Hold::Shared;
        Ok(())
    }

    fn distrust(&self, state: &mut State) {
        if state.is_trusted {
            (self.told)(false);
            state.is_trusted = false;
        }
    }

    // The state is whole between any two statements.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Inner {
    /// The lock goes next.
    fn drop(&mut self) {
        let state = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        if state.is_trusted {
            (self.told)(false);
        }
    }
}

/// The thread may outlive the keeper for a moment, and the lock must not.
fn answering(folder: &Path, inner: &Arc<Inner>) -> io::Result<Answering> {
    let inner = Arc::downgrade(inner);
    Answering::start(folder, move |question| match inner.upgrade() {
        Some(inner) => inner.answer(question),
        None => socket::UNKNOWN.to_owned(),
    })
}

fn lost(socket: &Path) -> SoleError {
    let source = ErrorKind::NotFound.into();
    SoleError::File { action: "be asked to share at", path: socket.to_owned(), source }
}
