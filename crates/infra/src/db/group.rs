//! One writer for many: what waits while a commit is under way is committed together by the next.
//!
//! A durable commit costs a flush of the disk, whatever is in it. So the one thread that writes to a
//! SQLite file takes everything that waits into one transaction, each operation in a savepoint of its
//! own, and answers nobody before all of it is committed. Together is only ever a short cut: where
//! anything goes wrong that is not one operation's own conflict, all of it is undone, and each
//! operation is done by itself, as if nothing had been tried.
//!
//! Whoever waits is served in the order of arrival. What has not begun in time never does.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, mpsc};
use std::thread::Builder;
use std::time::{Duration, Instant};

use diesel::QueryResult;
use diesel::connection::TransactionManager;
use domain::store::StoreError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::time::timeout_at;

use super::connection::AnyConnection;
use super::dialect;
use super::effect::{Effect, Unit};
use super::errors::{Failure, classify};
use super::lane::NoAnswer;
use super::pool::{Pool, pause};

/// How many operations may wait for the writer.
const WAITING: usize = 256;
/// How many are committed together, at most.
const TOGETHER: usize = 64;
/// How long they may be at work before they are committed: who comes late waits for the next.
const LONGEST: Duration = Duration::from_millis(5);

/// The writer's thread. It ends when this is dropped, after what it is at.
pub(super) struct Group {
    jobs: mpsc::Sender<Box<dyn Job>>,
    places: Arc<Semaphore>,
    pool: Arc<Pool>,
}

/// What became of an operation among others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// It has an outcome, which counts once all is committed.
    Taken,
    /// Nothing of the group may stand.
    Broken,
}

/// What became of operations that were to be committed together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Joint {
    /// The first so many are committed; the others were not begun.
    Committed(usize),
    /// Another process writes. Nothing was begun.
    Locked,
    /// Nothing of it stands.
    Undone,
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
    let mut line = Vec::new();
    while wait(&mut line, waiting) {
        line = work_off(line, pool);
    }
}

/// Waits for somebody where nobody is left, and lets in who came meanwhile; says whether anybody is
/// there.
fn wait(line: &mut Vec<Box<dyn Job>>, waiting: &mpsc::Receiver<Box<dyn Job>>) -> bool {
    if line.is_empty() {
        let Ok(first) = waiting.recv() else { return false };
        line.push(first);
    }
    let room = TOGETHER.saturating_sub(line.len());
    line.extend(waiting.try_iter().take(room));
    true
}

/// Serves them; gives back whose turn has yet to come.
fn work_off(line: Vec<Box<dyn Job>>, pool: &Pool) -> Vec<Box<dyn Job>> {
    let mut jobs = refuse_late(line);
    match together(&mut jobs, pool) {
        Joint::Committed(count) => {
            let rest = jobs.split_off(count);
            jobs.into_iter().for_each(|job| job.settle());
            rest
        }
        Joint::Locked => {
            // SQLite itself waited for as long as it may; only rarely it says so at once.
            std::thread::sleep(pause(1));
            jobs
        }
        Joint::Undone => {
            jobs.into_iter().for_each(|job| alone(job, pool));
            Vec::new()
        }
    }
}

/// Does it by itself, if it may begin still.
fn alone(job: Box<dyn Job>, pool: &Pool) {
    if job.is_over() {
        return job.refuse();
    }
    // A panic drops the reply, which tells the caller. Nothing else is shared with the job.
    let _ = catch_unwind(AssertUnwindSafe(|| job.alone(pool)));
}

/// Those that may begin still.
fn refuse_late(jobs: Vec<Box<dyn Job>>) -> Vec<Box<dyn Job>> {
    let (late, jobs): (Vec<_>, Vec<_>) = jobs.into_iter().partition(|job| job.is_over());
    late.into_iter().for_each(|job| job.refuse());
    jobs
}

/// Commits together as many of them as there is time for, if they are several.
fn together(jobs: &mut [Box<dyn Job>], pool: &Pool) -> Joint {
    if jobs.len() < 2 {
        return Joint::Undone;
    }
    catch_unwind(AssertUnwindSafe(|| commit(jobs, pool))).unwrap_or(Joint::Undone)
}

fn commit(jobs: &mut [Box<dyn Job>], pool: &Pool) -> Joint {
    let Ok(mut pooled) = pool.get() else { return Joint::Undone };
    let connection = &mut pooled.connection;
    if let Err(error) = dialect::begin(connection) {
        return match classify(&error) {
            Failure::Retry => Joint::Locked,
            Failure::Lost | Failure::Conflict(_) | Failure::Unavailable => Joint::Undone,
        };
    }
    let joined = catch_unwind(AssertUnwindSafe(|| join(jobs, connection)));
    if let Ok(Some(count)) = joined
        && AnyConnection::commit_transaction(connection).is_ok()
    {
        return Joint::Committed(count);
    }
    // Savepoints that were not let go end with it. A rollback that fails leaves a broken connection,
    // which the pool throws away.
    while transaction_depth(connection) > 0
        && AnyConnection::rollback_transaction(connection).is_ok()
    {}
    Joint::Undone
}

/// Tries one after the other until the time is over; says how many, or nothing where one of them
/// spoils it for all.
fn join(jobs: &mut [Box<dyn Job>], connection: &mut AnyConnection) -> Option<usize> {
    let begun = Instant::now();
    for (before, job) in jobs.iter_mut().enumerate() {
        if before > 0 && begun.elapsed() >= LONGEST {
            return Some(before);
        }
        if job.join(connection) == Step::Broken {
            return None;
        }
    }
    Some(jobs.len())
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
        let effect = Effect::Write(self.unit);
        let outcome = pool.attempt(effect, self.begin, self.end, &self.work);
        drop(self.place);
        let _ = self.reply.send(outcome);
    }
}

#[cfg(test)]
mod tests;
