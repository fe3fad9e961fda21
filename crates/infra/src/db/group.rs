//! One writer for many: what waits while a commit is under way is committed together by the next.
//!
//! A durable commit costs a flush of the disk, whatever is in it. So the one thread that writes to a
//! SQLite file takes everything that waits into one transaction, each operation in a savepoint of its
//! own, and answers nobody before all of it is committed. Together is only ever a short cut: where
//! anything goes wrong that is not one operation's own conflict, all of it is undone, and each
//! operation is done by itself, as if nothing had been tried.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, mpsc};
use std::thread::Builder;
use std::time::Instant;

use diesel::QueryResult;
use diesel::connection::TransactionManager;
use domain::store::StoreError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::time::timeout_at;

use super::connection::AnyConnection;
use super::errors::{Failure, classify};
use super::lane::NoAnswer;
use super::pool::Pool;
use super::{dialect, transaction};

/// How many operations may wait for the writer.
const WAITING: usize = 256;
/// How many are committed together, at most.
const TOGETHER: usize = 64;

/// The writer's thread. It ends when this is dropped, after what it is at.
pub(super) struct Group {
    jobs: mpsc::Sender<Box<dyn Job>>,
    places: Arc<Semaphore>,
    pool: Arc<Pool>,
}

/// How an operation's statements hang together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// All of them or none.
    Atomic,
    /// Each stands for itself.
    Loose,
}

/// What became of an operation among others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// It has an outcome, which counts once all is committed.
    Taken,
    /// Nothing of the group may stand.
    Broken,
}

/// An operation, and whoever waits for it.
trait Job: Send {
    /// Nobody waits for it any more, or it has not begun in time.
    fn is_over(&self) -> bool;

    /// Says that it was not begun.
    fn refuse(self: Box<Self>);

    /// Tries it within the transaction of the group.
    fn join(&mut self, connection: &mut AnyConnection) -> Step;

    /// The group is committed: tells the outcome.
    fn settle(self: Box<Self>);

    /// Does it by itself, and tells the outcome.
    fn alone(self: Box<Self>, pool: &Pool);
}

struct Operation<T, W> {
    unit: Unit,
    work: W,
    begin: Instant,
    end: Instant,
    outcome: Option<Result<T, StoreError>>,
    reply: oneshot::Sender<Result<T, StoreError>>,
    place: OwnedSemaphorePermit,
}

impl Group {
    /// Starts the thread over a pool of one connection.
    pub(super) fn start(pool: Arc<Pool>) -> std::io::Result<Self> {
        let (jobs, waiting) = mpsc::channel();
        let (places, connections) = (Arc::new(Semaphore::new(WAITING)), Arc::clone(&pool));
        Builder::new().name("db-writer".to_owned()).spawn(move || serve(&waiting, &connections))?;
        Ok(Self { jobs, places, pool })
    }

    /// Does `work`, perhaps together with others. Answers as late as [`Pool::run`] at most.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        unit: Unit,
        work: impl Fn(&mut AnyConnection) -> QueryResult<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (begin, end) = self.pool.limits();
        let place = timeout_at(begin.into(), Arc::clone(&self.places).acquire_owned()).await;
        let Ok(Ok(place)) = place else { return Err(StoreError::unavailable(NoAnswer::Busy)) };
        let (reply, answer) = oneshot::channel();
        let operation = Operation { unit, work, begin, end, outcome: None, reply, place };
        let sent = self.jobs.send(Box::new(operation));
        sent.map_err(|_| StoreError::unavailable(NoAnswer::Panicked))?;
        match timeout_at(end.into(), answer).await {
            Ok(answered) => {
                answered.unwrap_or_else(|_| Err(StoreError::unavailable(NoAnswer::Panicked)))
            }
            Err(_) => Err(StoreError::unavailable(NoAnswer::Late)),
        }
    }
}

/// What the thread does until the group is dropped.
fn serve(waiting: &mpsc::Receiver<Box<dyn Job>>, pool: &Pool) {
    while let Ok(first) = waiting.recv() {
        let others = std::iter::from_fn(|| waiting.try_recv().ok());
        let jobs = std::iter::once(first).chain(others).take(TOGETHER);
        let (over, jobs): (Vec<_>, Vec<_>) = jobs.partition(|job| job.is_over());
        over.into_iter().for_each(|job| job.refuse());
        do_all(jobs, pool);
    }
}

fn do_all(mut jobs: Vec<Box<dyn Job>>, pool: &Pool) {
    let together = jobs.len() > 1
        && catch_unwind(AssertUnwindSafe(|| commit(&mut jobs, pool))).unwrap_or(false);
    for job in jobs {
        if together {
            job.settle();
        } else {
            // A panic drops the reply, which tells the caller. Nothing else is shared with the job.
            let _ = catch_unwind(AssertUnwindSafe(|| job.alone(pool)));
        }
    }
}

/// Does all of them in one transaction; says whether it is committed. Where it is not, nothing of it
/// is left.
fn commit(jobs: &mut [Box<dyn Job>], pool: &Pool) -> bool {
    let Ok(mut connection) = pool.get() else { return false };
    let connection = &mut *connection;
    if dialect::begin(connection).is_err() {
        return false;
    }
    let joined = catch_unwind(AssertUnwindSafe(|| {
        jobs.iter_mut().all(|job| job.join(connection) == Step::Taken)
    }));
    if matches!(joined, Ok(true)) && AnyConnection::commit_transaction(connection).is_ok() {
        return true;
    }
    // Savepoints that were not let go end with it. A rollback that fails leaves a broken connection,
    // which the pool throws away.
    while transaction_depth(connection) > 0
        && AnyConnection::rollback_transaction(connection).is_ok()
    {}
    false
}

/// How many transactions and savepoints are open, as far as Diesel knows.
fn transaction_depth(connection: &mut AnyConnection) -> u32 {
    let status = AnyConnection::transaction_manager_status_mut(connection);
    status.transaction_depth().ok().flatten().map_or(0, std::num::NonZeroU32::get)
}

impl<T, W> Job for Operation<T, W>
where
    T: Send + 'static,
    W: Fn(&mut AnyConnection) -> QueryResult<T> + Send + 'static,
{
    fn is_over(&self) -> bool {
        self.reply.is_closed() || Instant::now() >= self.begin
    }

    fn refuse(self: Box<Self>) {
        let _ = self.reply.send(Err(StoreError::unavailable(NoAnswer::Busy)));
    }

    fn join(&mut self, connection: &mut AnyConnection) -> Step {
        if self.unit == Unit::Atomic && AnyConnection::begin_transaction(connection).is_err() {
            return Step::Broken;
        }
        let outcome = match (self.work)(connection) {
            Ok(value) => Ok(value),
            Err(error) => match classify(&error) {
                Failure::Conflict(field) => Err(StoreError::Conflict(field)),
                Failure::Retry | Failure::Lost | Failure::Unavailable => return Step::Broken,
            },
        };
        let ended = match (self.unit, &outcome) {
            (Unit::Loose, _) => Ok(()),
            (Unit::Atomic, Ok(_)) => AnyConnection::commit_transaction(connection),
            (Unit::Atomic, Err(_)) => AnyConnection::rollback_transaction(connection),
        };
        if ended.is_err() {
            return Step::Broken;
        }
        self.outcome = Some(outcome);
        Step::Taken
    }

    fn settle(self: Box<Self>) {
        drop(self.place);
        if let Some(outcome) = self.outcome {
            // Whoever left meanwhile does not need the answer.
            let _ = self.reply.send(outcome);
        }
    }

    fn alone(self: Box<Self>, pool: &Pool) {
        let (unit, work) = (self.unit, self.work);
        let outcome = pool.attempt(
            super::pool::Effect::Write,
            self.begin,
            self.end,
            |connection| match unit {
                Unit::Atomic => transaction(connection, &work),
                Unit::Loose => work(connection),
            },
        );
        drop(self.place);
        let _ = self.reply.send(outcome);
    }
}

#[cfg(test)]
mod tests;
