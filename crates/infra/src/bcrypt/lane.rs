//! A fixed number of threads with a short queue in front, for work that keeps a core busy.
//!
//! The queue is bounded so that a flood of sign-ins is refused at once instead of waiting until its
//! callers have given up; first come is first served.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::queue::{Job, Queue};

/// Why the work was not done.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NotDone {
    /// All threads are busy and the queue is full; there may be room after this time.
    Full(Duration),
    /// The work panicked.
    Panicked,
}

/// The threads and their queue. Dropping it ends them; it waits for what is being worked on.
pub(super) struct Lane {
    queue: Arc<Queue>,
    threads: Vec<JoinHandle<()>>,
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
        Ok(lane)
    }

    /// Has one of the threads do this. A caller who goes away before it began is not worked for.
    pub(super) async fn run<T, F>(&self, work: F) -> Result<T, NotDone>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        self.queue.push(Box::new(Request { reply, work })).map_err(NotDone::Full)?;
        answer.await.map_err(|_| NotDone::Panicked)
    }

    /// How many requests wait for a thread.
    pub(super) fn waiting(&self) -> usize {
        self.queue.waiting()
    }

    /// How many threads there are.
    pub(super) fn lanes(&self) -> usize {
        self.threads.len()
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
    while let Some(job) = queue.next() {
        let begun = Instant::now();
        // A panic drops the reply, which tells the caller. Nothing else is shared with the job.
        let _ = catch_unwind(AssertUnwindSafe(|| job.run()));
        queue.done(begun.elapsed());
    }
}

struct Request<T, F> {
    reply: oneshot::Sender<T>,
    work: F,
}

impl<T: Send, F: FnOnce() -> T + Send> Job for Request<T, F> {
    fn abandoned(&self) -> bool {
        self.reply.is_closed()
    }

    fn run(self: Box<Self>) {
        // Whoever left meanwhile does not need the answer.
        let _ = self.reply.send((self.work)());
    }
}

#[cfg(test)]
mod tests;
