//! Threads on which databases are waited for: as many as were ever needed at once, up to a limit.
//!
//! They are our own, not the runtime's: a database that hangs must not keep the process from ending,
//! and never occupies more threads than its pool has connections.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::Builder;
use std::time::Instant;

use tokio::sync::{Semaphore, oneshot};
use tokio::time::timeout_at;

type Job = Box<dyn FnOnce() + Send>;

/// The threads. They end when it is dropped, each after what it is at.
pub(super) struct Lane {
    name: String,
    jobs: mpsc::Sender<Job>,
    waiting: Arc<Mutex<mpsc::Receiver<Job>>>,
    places: Arc<Semaphore>,
    size: usize,
    /// How many threads there are.
    threads: Mutex<usize>,
}

/// Why an operation gave no answer.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NoAnswer {
    /// It was never begun.
    #[error("all connections to the database are in use")]
    Busy,
    /// It was begun, and may yet finish.
    #[error("the database did not answer in time")]
    Late,
    /// It panicked.
    #[error("the operation on the database panicked")]
    Panicked,
}

impl Lane {
    /// Up to `size` threads; the first is started now, so that a system which gives none says so here.
    pub(super) fn start(name: &str, size: u32) -> std::io::Result<Self> {
        let (jobs, waiting) = mpsc::channel::<Job>();
        let size = usize::try_from(size).unwrap_or(usize::MAX).min(Semaphore::MAX_PERMITS);
        let lane = Self {
            name: name.to_owned(),
            jobs,
            waiting: Arc::new(Mutex::new(waiting)),
            places: Arc::new(Semaphore::new(size)),
            size,
            threads: Mutex::new(0),
        };
        lane.see_to_threads(1)?;
        Ok(lane)
    }

    /// Sees to it that there is a thread for each of so many jobs.
    fn see_to_threads(&self, needed: usize) -> std::io::Result<()> {
        let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        while *threads < needed {
            let waiting = Arc::clone(&self.waiting);
            let thread = Builder::new().name(format!("{}-{threads}", self.name));
            thread.spawn(move || serve(&waiting))?;
            *threads += 1;
        }
        Ok(())
    }

    /// Has a thread do this, if one is free until `begin`, and waits for it until `end`. A caller
    /// who goes away meanwhile does not stop what was begun.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        begin: Instant,
        end: Instant,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, NoAnswer> {
        let place = timeout_at(begin.into(), Arc::clone(&self.places).acquire_owned()).await;
        let Ok(Ok(place)) = place else { return Err(NoAnswer::Busy) };
        // Where the system gives no more threads, those that are there do it in turn.
        let _ = self.see_to_threads(self.size - self.places.available_permits());
        let (reply, answer) = oneshot::channel();
        let job = move || {
            let answer = work();
            // The place is free before the caller goes on, so that one caller needs one place only.
            drop(place);
            // Whoever left meanwhile does not need the answer.
            let _ = reply.send(answer);
        };
        self.jobs.send(Box::new(job)).map_err(|_| NoAnswer::Panicked)?;
        match timeout_at(end.into(), answer).await {
            Ok(answered) => answered.map_err(|_| NoAnswer::Panicked),
            Err(_) => Err(NoAnswer::Late),
        }
    }
}

/// What one thread does until the lane is dropped.
fn serve(waiting: &Mutex<mpsc::Receiver<Job>>) {
    loop {
        let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = next else { return };
        // A panic drops the reply, which tells the caller. Nothing else is shared with the job.
        let _ = catch_unwind(AssertUnwindSafe(job));
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn in_millis(millis: u64) -> Instant {
        Instant::now() + Duration::from_millis(millis)
    }

    #[tokio::test]
    async fn as_many_threads_are_started_as_are_needed_at_once() {
        let lane = Lane::start("test", 3).unwrap();
        let threads = || *lane.threads.lock().unwrap();
        let work = || lane.run(in_millis(60_000), in_millis(60_000), || ());
        for _ in 0..5 {
            assert_eq!((work().await, threads()), (Ok(()), 1));
        }
        let both = Arc::new(std::sync::Barrier::new(2));
        let meet = || {
            let both = Arc::clone(&both);
            lane.run(in_millis(60_000), in_millis(60_000), move || both.wait().is_leader())
        };
        let (one, other) = tokio::join!(meet(), meet());
        assert!(one.unwrap() != other.unwrap());
        assert_eq!(threads(), 2);
    }

    #[tokio::test]
    async fn a_panic_is_told_and_costs_no_thread() {
        let lane = Lane::start("test", 1).unwrap();
        let (begin, end) = (in_millis(60_000), in_millis(60_000));
        let panicked = lane.run(begin, end, || panic!("on purpose")).await;
        assert_eq!(panicked, Err::<(), _>(NoAnswer::Panicked));
        assert_eq!(lane.run(begin, end, || 7).await, Ok(7));
    }

    #[tokio::test]
    async fn a_hanging_operation_is_given_up_and_keeps_its_place_until_it_ends() {
        let lane = Lane::start("test", 1).unwrap();
        let (go_on, hanging) = mpsc::channel::<()>();
        let hang = move || hanging.recv().is_err();
        assert_eq!(lane.run(in_millis(60_000), in_millis(1), hang).await, Err(NoAnswer::Late));
        assert_eq!(lane.run(in_millis(1), in_millis(60_000), || ()).await, Err(NoAnswer::Busy));
        drop(go_on);
        assert_eq!(lane.run(in_millis(60_000), in_millis(60_000), || ()).await, Ok(()));
    }
}
