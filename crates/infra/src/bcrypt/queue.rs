//! The bounded queue in front of the hashing threads.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What a hash is taken to need before the first was measured: what a well-chosen cost takes.
const ASSUMED: Duration = Duration::from_millis(250);

/// Something to be done on a thread.
pub(super) trait Job: Send {
    /// Nobody waits for it any more.
    fn abandoned(&self) -> bool;

    /// Does it.
    fn run(self: Box<Self>);
}

/// First come, first served.
pub(super) struct Queue {
    room: usize,
    lanes: usize,
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    waiting: VecDeque<Box<dyn Job>>,
    busy: usize,
    mean: Duration,
    closed: bool,
}

impl Queue {
    /// A queue that lets `room` jobs wait while `lanes` threads are busy.
    pub(super) fn new(lanes: usize, room: usize) -> Self {
        let state = State { waiting: VecDeque::new(), busy: 0, mean: ASSUMED, closed: false };
        Self { room, lanes, state: Mutex::new(state), changed: Condvar::new() }
    }

    /// Takes a job, or says how long it may be until there is room.
    pub(super) fn push(&self, job: Box<dyn Job>) -> Result<(), Duration> {
        let mut state = self.lock();
        // An idle thread that has not yet woken up takes its job from the queue as well.
        let limit = self.room + self.lanes.saturating_sub(state.busy);
        if state.waiting.len() >= limit {
            state.waiting.retain(|job| !job.abandoned());
        }
        if state.waiting.len() >= limit {
            return Err(estimate(state.waiting.len(), self.lanes, state.mean));
        }
        state.waiting.push_back(job);
        drop(state);
        self.changed.notify_one();
        Ok(())
    }

    /// The next job that somebody waits for; `None` once the queue is closed. The thread that is
    /// given one must say [`done`](Self::done) afterwards.
    pub(super) fn next(&self) -> Option<Box<dyn Job>> {
        let mut state = self.lock();
        while !state.closed {
            match state.waiting.pop_front() {
                Some(job) if job.abandoned() => drop(job),
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
        state.mean = state.mean.saturating_mul(7).saturating_add(took) / 8;
    }

    /// Nothing is worked on from now; what waits is dropped.
    pub(super) fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        state.waiting.clear();
        drop(state);
        self.changed.notify_all();
    }

    /// How many jobs wait.
    pub(super) fn waiting(&self) -> usize {
        self.lock().waiting.len()
    }

    // No job runs while the lock is held, and the state is whole between any two statements.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// When all that waits now and all that is being done will be done, in whole seconds.
fn estimate(waiting: usize, lanes: usize, mean: Duration) -> Duration {
    let rounds = waiting.div_ceil(lanes.max(1)).saturating_add(1);
    let wait = mean.saturating_mul(u32::try_from(rounds).unwrap_or(u32::MAX));
    let begun_second = u64::from(wait.subsec_nanos() > 0);
    Duration::from_secs(wait.as_secs().saturating_add(begun_second).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Nothing {
        abandoned: bool,
    }

    impl Job for Nothing {
        fn abandoned(&self) -> bool {
            self.abandoned
        }

        fn run(self: Box<Self>) {}
    }

    fn job() -> Box<dyn Job> {
        Box::new(Nothing { abandoned: false })
    }

    #[test]
    fn the_wait_is_told_in_whole_seconds_upwards() {
        let wait = |waiting, lanes, millis| {
            estimate(waiting, lanes, Duration::from_millis(millis)).as_secs()
        };
        assert_eq!(wait(0, 1, 1), 1);
        assert_eq!(wait(64, 4, 250), 5);
        assert_eq!(wait(64, 4, 1_000), 17);
        assert_eq!(wait(7, 2, 200), 1);
        assert_eq!(wait(8, 2, 201), 2);
    }

    #[test]
    fn an_absurd_wait_does_not_overflow() {
        assert!(estimate(usize::MAX, 1, Duration::MAX) >= Duration::from_secs(u64::MAX - 1));
    }

    #[test]
    fn room_counts_from_when_all_lanes_are_busy() {
        let queue = Queue::new(2, 1);
        for _ in 0..3 {
            queue.push(job()).unwrap();
        }
        assert!(queue.push(job()).is_err());
        assert!(queue.next().is_some());
        assert!(queue.push(job()).is_err(), "two idle lanes have become one");
        queue.done(Duration::ZERO);
        assert!(queue.push(job()).is_ok());
    }

    #[test]
    fn the_mean_follows_what_jobs_take() {
        let queue = Queue::new(1, 0);
        queue.push(job()).unwrap();
        assert_eq!(queue.push(job()).unwrap_err().as_secs(), 1);
        for _ in 0..100 {
            queue.done(Duration::from_secs(3));
        }
        assert_eq!(queue.push(job()).unwrap_err().as_secs(), 6);
    }

    #[test]
    fn abandoned_jobs_take_no_room() {
        let queue = Queue::new(1, 1);
        for _ in 0..10 {
            queue.push(Box::new(Nothing { abandoned: true })).unwrap();
        }
        assert!(queue.waiting() <= 2);
        queue.push(job()).unwrap();
        assert!(!queue.next().unwrap().abandoned());
        assert_eq!(queue.waiting(), 0);
    }

    #[test]
    fn a_closed_queue_gives_nothing() {
        let queue = Queue::new(1, 1);
        queue.push(job()).unwrap();
        queue.close();
        assert!(queue.next().is_none());
        assert_eq!(queue.waiting(), 0);
    }
}
