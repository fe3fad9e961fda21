//! The bounded queue in front of the hashing threads: a line for each party, and a turn for each line.
//!
//! Whoever wants to be worked for takes a place first. Places are few. A party (a network, usually)
//! that holds many gives one up for a party that holds fewer, so that nobody's flood keeps the others
//! out; and as the lines take turns, nobody waits behind all of it either.

mod seats;
mod state;

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

pub(super) use self::seats::Ticket;
use self::state::{Displaced, State};
use super::figures::Figures;

/// Whom work is done for: a network, or all those of whom none is known.
pub(super) type Party = Option<std::net::IpAddr>;

/// Something to be done on a thread.
pub(super) trait Job: Send {
    /// Nobody waits for it any more.
    fn abandoned(&self) -> bool;

    /// Does it.
    fn run(self: Box<Self>);

    /// Tells whoever waits for it that it is not done, and when there may be room.
    fn displace(self: Box<Self>, wait: Duration);
}

/// The lines.
pub(super) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
    figures: Figures,
}

/// A place in front of the threads, until it is [given back](Queue::leave).
#[derive(Debug)]
pub(super) struct Held(Ticket);

/// A job whose turn has come.
pub(super) struct Begun {
    pub(super) job: Box<dyn Job>,
    /// The place that it waited at.
    pub(super) ticket: Ticket,
}

impl Queue {
    /// A queue that lets `room` jobs wait while `lanes` threads are busy.
    pub(super) fn new(lanes: usize, room: usize) -> Self {
        let state = Mutex::new(State::new(lanes, room));
        Self { state, changed: Condvar::new(), figures: Figures::of(lanes) }
    }

    /// Takes a place, or says how long it may be until there is one for this party.
    pub(super) fn enter(&self, party: Party) -> Result<Held, Duration> {
        let mut state = self.lock();
        let displaced = match state.make_room(party) {
            Ok(displaced) => displaced,
            Err(wait) => {
                drop(state);
                self.figures.refused();
                return Err(wait);
            }
        };
        let ticket = state.seat(party);
        self.unlock(state);
        self.turn_away(displaced);
        Ok(Held(ticket))
    }

    /// Gives a place back, with the job that may still wait at it.
    pub(super) fn leave(&self, held: &Held) {
        let mut state = self.lock();
        let abandoned = state.leave(held.0);
        self.unlock(state);
        if abandoned.is_some() {
            self.figures.abandoned();
        }
    }

    /// Puts a job into its party's line, unless its place went to somebody else meanwhile.
    pub(super) fn push(&self, held: &Held, job: Box<dyn Job>) {
        let mut state = self.lock();
        let displaced = state.push(held.0, job, Instant::now());
        self.unlock(state);
        self.changed.notify_one();
        self.turn_away(displaced);
    }

    /// The next job that somebody waits for; `None` once the queue is closed. The thread that is
    /// given one must say [`done`](Self::done) afterwards.
    pub(super) fn next(&self) -> Option<Begun> {
        let mut state = self.lock();
        while !state.is_closed() {
            match state.take() {
                Some(next) if next.job.abandoned() => {
                    state.pass_over(next.ticket);
                    self.show(&state);
                    self.figures.abandoned();
                }
                Some(next) => {
                    state.begin(next.ticket);
                    self.unlock(state);
                    self.figures.begun(next.since.elapsed());
                    return Some(Begun { job: next.job, ticket: next.ticket });
                }
                None => {
                    state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
                }
            }
        }
        None
    }

    /// A thread has finished the job of this ticket, which took this long.
    pub(super) fn done(&self, ticket: Ticket, took: Duration) {
        let mut state = self.lock();
        state.end(ticket, took);
        self.unlock(state);
        self.figures.done(took);
    }

    /// Nothing is worked on from now; what waits is dropped.
    pub(super) fn close(&self) {
        let mut state = self.lock();
        state.close();
        self.unlock(state);
        self.changed.notify_all();
    }

    /// How many jobs wait, and how many are worked on.
    #[cfg(test)]
    pub(super) fn load(&self) -> (usize, usize) {
        self.lock().load()
    }

    /// Outside of the lock: whoever is told wakes up.
    fn turn_away(&self, displaced: Option<Displaced>) {
        if let Some(Displaced { job, wait }) = displaced {
            self.figures.refused();
            job.displace(wait);
        }
    }

    fn unlock(&self, state: MutexGuard<'_, State>) {
        self.show(&state);
    }

    fn show(&self, state: &State) {
        let (waiting, busy) = state.load();
        self.figures.show(waiting, busy);
    }

    // No job runs while the lock is held, and the state is whole between any two statements.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
