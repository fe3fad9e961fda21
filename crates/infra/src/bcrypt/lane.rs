//! A fixed number of threads with lines in front, for work that keeps a core busy.
//!
//! They run at a low priority: a request that needs no hash comes first, and what they are left with is all
//! that hashing can have anyway.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::queue::{Begun, Held, Job, Party, Queue};

/// Nice enough for requests to come first. Nicer still would give way to other programs as well: at 19, two
/// that keep both cores busy leave so little to hashing that nobody signs in.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;

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
    held: Held,
}

impl Lane {
    /// Starts `lanes` threads called `password-N` with room for `room` more requests.
    pub(super) fn start(lanes: usize, room: usize) -> std::io::Result<Self> {
        let mut lane = Self { queue: Arc::new(Queue::new(lanes, room)), threads: Vec::new() };
        for number in 0..lanes {
            let queue = Arc::clone(&lane.queue);
            let thread = Builder::new().name(format!("password-{number}"));
            let work = move || {
                // What is refused to one is refused to all.
                yield_to_requests(number == 0);
                serve(&queue);
            };
            lane.threads.push(thread.spawn(work)?);
        }
        Ok(lane)
    }

    /// Takes a place for this party.
    pub(super) fn enter(&self, party: Party) -> Result<Entrance, NotDone> {
        let held = self.queue.enter(party).map_err(NotDone::Full)?;
        Ok(Entrance { queue: Arc::clone(&self.queue), held })
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
        self.queue.push(&self.held, Box::new(Request { reply, work }));
        answer.await.unwrap_or(Err(NotDone::Panicked))
    }
}

impl Drop for Entrance {
    fn drop(&mut self) {
        self.queue.leave(&self.held);
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

/// Lets everything else of this process come first. On Linux the priority is the thread's own; elsewhere
/// it would be that of the whole process, which is left as it is.
#[cfg(target_os = "linux")]
fn yield_to_requests(tells: bool) {
    let refused = rustix::process::setpriority_process(None, NICENESS).err();
    if let Some(error) = refused.filter(|_| tells) {
        tracing::warn!(%error, "passwords are hashed at the priority of requests");
    }
}

#[cfg(not(target_os = "linux"))]
fn yield_to_requests(_: bool) {}

/// What one thread does until the queue is closed.
fn serve(queue: &Queue) {
    while let Some(Begun { job, ticket }) = queue.next() {
        let begun = Instant::now();
        // A panic drops the reply, which tells the caller. Nothing else is shared with the job.
        let _ = catch_unwind(AssertUnwindSafe(|| job.run()));
        queue.done(ticket, begun.elapsed());
    }
}

struct Request<T, F> {
    reply: oneshot::Sender<Result<T, NotDone>>,
    work: F,
}

impl<T: Send, F: FnOnce() -> T + Send> Job for Request<T, F> {
    fn abandoned(&self) -> bool {
        self.reply.is_closed()
    }

    fn run(self: Box<Self>) {
        // Whoever left meanwhile does not need the answer.
        let _ = self.reply.send(Ok((self.work)()));
    }

    fn displace(self: Box<Self>, wait: Duration) {
        let _ = self.reply.send(Err(NotDone::Full(wait)));
    }
}

#[cfg(test)]
mod tests;
