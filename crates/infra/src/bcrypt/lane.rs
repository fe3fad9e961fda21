//! A fixed number of threads with lines in front, for work that keeps a core busy.
//!
//! They run at the lowest priority: a request that needs no hash comes first, and what they are left
//! with is all that hashing can have anyway.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use metrics::{counter, gauge, histogram};
use rustix::process::setpriority_process;
use tokio::sync::oneshot;

use super::queue::{Job, Party, Queue};

/// The nicest there is.
const NICENESS: i32 = 19;

/// Why the work was not done.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NotDone {
    /// There is no place; there may be one after this time.
    Full(Duration),
    /// The work panicked.
    Panicked,
}

/// The threads and their queue. Dropping it ends them; it waits for what is being worked on.
pub(super) struct Lane {
    queue: Arc<Queue>,
    threads: Vec<JoinHandle<()>>,
}

/// A place in front of the threads, until it is dropped.
pub(super) struct Entrance {
    queue: Arc<Queue>,
    party: Party,
}

impl Lane {
    /// Starts `lanes` threads called `password-N` with room for `room` more requests.
    pub(super) fn start(lanes: usize, room: usize) -> std::io::Result<Self> {
        let mut lane = Self { queue: Arc::new(Queue::new(lanes, room)), threads: Vec::new() };
        for number in 0..lanes {
            let queue = Arc::clone(&lane.queue);
            let thread = Builder::new().name(format!("password-{number}"));
            lane.threads.push(thread.spawn(move || serve(&queue))?);
        }
        gauge!("doorward_password_lanes").set(f64::from(u32::try_from(lanes).unwrap_or(u32::MAX)));
        Ok(lane)
    }

    /// Takes a place for this party.
    pub(super) fn enter(&self, party: Party) -> Result<Entrance, NotDone> {
        if let Err(wait) = self.queue.enter(party) {
            counter!("doorward_password_refused_total").increment(1);
            return Err(NotDone::Full(wait));
        }
        Ok(Entrance { queue: Arc::clone(&self.queue), party })
    }

    /// How many jobs wait.
    #[cfg(test)]
    pub(super) fn waiting(&self) -> usize {
        self.queue.load().0
    }

    /// How many threads there are.
    pub(super) fn lanes(&self) -> usize {
        self.threads.len()
    }
}

impl Entrance {
    /// Has one of the threads do this. A caller who goes away before it began is not worked for.
    pub(super) async fn run<T, F>(&self, work: F) -> Result<T, NotDone>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let since = Instant::now();
        self.queue.push(self.party, Box::new(Request { reply, work, since }));
        tell(&self.queue);
        answer.await.unwrap_or(Err(NotDone::Panicked))
    }
}

impl Drop for Entrance {
    fn drop(&mut self) {
        self.queue.leave(self.party);
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        self.queue.close();
        for thread in self.threads.drain(..) {
            // It cannot have panicked: `serve` catches what its jobs do.
            let _ = thread.join();
        }
    }
}

/// What one thread does until the queue is closed.
fn serve(queue: &Queue) {
    // Of this thread alone, on Linux. Where it is refused, hashing only is less polite.
    if let Err(error) = setpriority_process(None, NICENESS) {
        tracing::warn!(%error, "passwords are hashed at the priority of requests");
    }
    let abandoned = || counter!("doorward_password_abandoned_total").increment(1);
    while let Some(job) = queue.next(abandoned) {
        tell(queue);
        let begun = Instant::now();
        // A panic drops the reply, which tells the caller. Nothing else is shared with the job.
        let _ = catch_unwind(AssertUnwindSafe(|| job.run()));
        let took = begun.elapsed();
        queue.done(took);
        counter!("doorward_password_hashes_total").increment(1);
        histogram!("doorward_password_hash_seconds").record(took);
        tell(queue);
    }
}

fn tell(queue: &Queue) {
    let (waiting, busy) = queue.load();
    let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    gauge!("doorward_password_queue_length").set(number(waiting));
    gauge!("doorward_password_hashing").set(number(busy));
}

struct Request<T, F> {
    reply: oneshot::Sender<Result<T, NotDone>>,
    work: F,
    since: Instant,
}

impl<T: Send, F: FnOnce() -> T + Send> Job for Request<T, F> {
    fn abandoned(&self) -> bool {
        self.reply.is_closed()
    }

    fn run(self: Box<Self>) {
        histogram!("doorward_password_wait_seconds").record(self.since.elapsed());
        // Whoever left meanwhile does not need the answer.
        let _ = self.reply.send(Ok((self.work)()));
    }

    fn displace(self: Box<Self>, wait: Duration) {
        counter!("doorward_password_refused_total").increment(1);
        let _ = self.reply.send(Err(NotDone::Full(wait)));
    }
}

#[cfg(test)]
mod tests;
