//! The bounded queue in front of the hashing threads: a line for each party, and a turn for each line.
//!
//! Whoever wants to be worked for takes a place first. Places are few. A party (a network, usually)
//! that holds many gives one up for a party that holds fewer, so that nobody's flood keeps the others
//! out; and as the lines take turns, nobody waits behind all of it either.

use std::collections::{HashMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What a hash is taken to need before the first was measured: what a well-chosen cost takes.
const ASSUMED: Duration = Duration::from_millis(250);

/// Whom work is done for.
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
    places: usize,
    lanes: usize,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    lines: HashMap<Party, Line>,
    /// Those who have a job waiting, in the order of their turns.
    turns: VecDeque<Party>,
    held: usize,
    waiting: usize,
    busy: usize,
    mean: Option<Duration>,
    closed: bool,
}

/// One party's.
#[derive(Default)]
struct Line {
    held: usize,
    waiting: VecDeque<Box<dyn Job>>,
}

impl Queue {
    /// A queue that lets `room` jobs wait while `lanes` threads are busy.
    pub(super) fn new(lanes: usize, room: usize) -> Self {
        let state = Mutex::new(State::default());
        Self { places: room.saturating_add(lanes), lanes, state, changed: Condvar::new() }
    }

    /// Takes a place, or says how long it may be until there is one. It must be
    /// [given back](Self::leave).
    pub(super) fn enter(&self, party: Party) -> Result<(), Duration> {
        let mut state = self.lock();
        if state.held >= self.places {
            let wait = state.estimate(self.lanes);
            match state.displaced_for(party) {
                Some(job) => job.displace(wait),
                None => return Err(wait),
            }
        }
        state.held += 1;
        state.lines.entry(party).or_default().held += 1;
        Ok(())
    }

    /// Gives a place back.
    pub(super) fn leave(&self, party: Party) {
        let mut state = self.lock();
        state.held = state.held.saturating_sub(1);
        if let Some(line) = state.lines.get_mut(&party) {
            line.held = line.held.saturating_sub(1);
            if line.held == 0 && line.waiting.is_empty() {
                state.lines.remove(&party);
            }
        }
    }

    /// Puts a job into its party's line.
    pub(super) fn push(&self, party: Party, job: Box<dyn Job>) {
        let mut state = self.lock();
        let line = state.lines.entry(party).or_default();
        let first = line.waiting.is_empty();
        line.waiting.push_back(job);
        if first {
            state.turns.push_back(party);
        }
        state.waiting += 1;
        drop(state);
        self.changed.notify_one();
    }

    /// The next job that somebody waits for; `None` once the queue is closed. The thread that is
    /// given one must say [`done`](Self::done) afterwards. `abandoned` hears of each that was
    /// passed over.
    pub(super) fn next(&self, mut abandoned: impl FnMut()) -> Option<Box<dyn Job>> {
        let mut state = self.lock();
        while !state.closed {
            match state.take() {
                Some(job) if job.abandoned() => abandoned(),
                Some(job) => {
                    state.busy += 1;
                    return Some(job);
                }
                None => {
                    state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
                }
            }
        }
        None
    }

    /// A thread has finished a job, which took this long.
    pub(super) fn done(&self, took: Duration) {
        let mut state = self.lock();
        state.busy = state.busy.saturating_sub(1);
        let mean = state.mean.unwrap_or(took);
        state.mean = Some(mean.saturating_mul(7).saturating_add(took) / 8);
    }

    /// Nothing is worked on from now; what waits is dropped.
    pub(super) fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        state.lines.clear();
        state.turns.clear();
        state.waiting = 0;
        drop(state);
        self.changed.notify_all();
    }

    /// How many jobs wait, and how many are worked on.
    pub(super) fn load(&self) -> (usize, usize) {
        let state = self.lock();
        (state.waiting, state.busy)
    }

    // No job runs while the lock is held, and the state is whole between any two statements.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The first job of the line whose turn it is.
    fn take(&mut self) -> Option<Box<dyn Job>> {
        let party = self.turns.pop_front()?;
        let line = self.lines.get_mut(&party)?;
        let job = line.waiting.pop_front();
        if !line.waiting.is_empty() {
            self.turns.push_back(party);
        }
        self.waiting = self.waiting.saturating_sub(1);
        job
    }

    /// The newest job of the party that holds the most places, if it has one more than `party` would
    /// have then.
    fn displaced_for(&mut self, party: Party) -> Option<Box<dyn Job>> {
        let own = self.lines.get(&party).map_or(0, |line| line.held);
        let waiting = self.lines.iter_mut().filter(|(_, line)| !line.waiting.is_empty());
        let (fullest, line) = waiting.max_by_key(|(_, line)| line.held)?;
        if line.held <= own + 1 {
            return None;
        }
        let (fullest, job) = (*fullest, line.waiting.pop_back());
        if line.waiting.is_empty() {
            self.turns.retain(|turn| *turn != fullest);
        }
        self.waiting = self.waiting.saturating_sub(1);
        job
    }

    /// When all that waits now and all that is being done will be done, in whole seconds.
    fn estimate(&self, lanes: usize) -> Duration {
        estimate(self.held.saturating_sub(self.busy), lanes, self.mean.unwrap_or(ASSUMED))
    }
}

fn estimate(waiting: usize, lanes: usize, mean: Duration) -> Duration {
    let rounds = waiting.div_ceil(lanes.max(1)).saturating_add(1);
    let wait = mean.saturating_mul(u32::try_from(rounds).unwrap_or(u32::MAX));
    let begun_second = u64::from(wait.subsec_nanos() > 0);
    Duration::from_secs(wait.as_secs().saturating_add(begun_second).max(1))
}

#[cfg(test)]
mod tests;
