//! Pooled connections and the threads that use them: from an async call to a statement and back.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use diesel::QueryResult;
use domain::store::StoreError;
use r2d2::{NopErrorHandler, PooledConnection};

use super::DatabaseError;
use super::connection::AnyConnection;
use super::effect::Effect;
use super::engine::Limits;
use super::errors::{Failure, classify};
use super::lane::Lane;
use super::manager::Manager;
use super::pooled::Pooled;

/// How often one operation is tried: once, and three times more.
const ATTEMPTS: u32 = 4;

/// As many connections as threads.
pub(super) struct Pool {
    lane: Lane,
    connections: r2d2::Pool<Manager>,
    limits: Limits,
    acquire_timeout: Duration,
    /// When a connection was last seen to be lost.
    last_loss: Mutex<Option<Instant>>,
}

impl Pool {
    /// A pool that connects when it is asked to, and keeps at it in the background while it fails.
    pub(super) fn new(
        name: &str,
        manager: Manager,
        size: u32,
        acquire_timeout: Duration,
    ) -> Result<Self, DatabaseError> {
        let lane = Lane::start(name, size).map_err(DatabaseError::Threads)?;
        let limits = manager.limits;
        let builder = r2d2::Pool::builder()
            .max_size(size)
            .min_idle(Some(0))
            .connection_timeout(acquire_timeout)
            // We ask ourselves, where it is worth a round trip.
            .test_on_check_out(false)
            // Every operation that a failed connection fails says why; a second log would repeat it.
            .error_handler(Box::new(NopErrorHandler));
        let builder = if manager.target.is_server() {
            builder
        } else {
            // A file does not age, and a database in memory ends with its last connection.
            builder.max_lifetime(None).idle_timeout(None)
        };
        Ok(Self {
            lane,
            connections: builder.build_unchecked(manager),
            limits,
            acquire_timeout,
            last_loss: Mutex::default(),
        })
    }

    /// A connection for this thread, which may block.
    pub(super) fn get(&self) -> Result<PooledConnection<Manager>, r2d2::Error> {
        self.connections.get_timeout(self.acquire_timeout)
    }

    /// Does `work` on one of the threads, again where others were in the way. Answers within about
    /// half a second more than `database.acquire_timeout`, whatever the database does.
    pub(super) async fn run<T: Send + 'static>(
        self: &Arc<Self>,
        effect: Effect,
        work: impl Fn(&mut AnyConnection) -> QueryResult<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (begin, end) = self.limits();
        let pool = Arc::clone(self);
        let answer =
            self.lane.run(begin, end, move || pool.attempt(effect, begin, end, work)).await;
        answer.unwrap_or_else(|none| Err(StoreError::unavailable(none)))
    }

    /// Until when an operation that is asked for now must have begun, and until when it is waited for.
    pub(super) fn limits(&self) -> (Instant, Instant) {
        let now = Instant::now();
        (now + self.acquire_timeout, now + self.limits.statement)
    }

    /// Does `work` on this thread, again where others were in the way.
    pub(super) fn attempt<T>(
        &self,
        effect: Effect,
        begin: Instant,
        end: Instant,
        work: impl Fn(&mut AnyConnection) -> QueryResult<T>,
    ) -> Result<T, StoreError> {
        let mut attempt = 1;
        loop {
            let mut pooled = self.check_out(effect, begin).map_err(StoreError::unavailable)?;
            let setback = match effect.perform(&mut pooled.connection, &work) {
                Ok(value) => {
                    pooled.note_answer();
                    return Ok(value);
                }
                Err(setback) => setback,
            };
            let failure = classify(&setback.error);
            self.note(&mut pooled, failure);
            drop(pooled);
            let again = match failure {
                Failure::Conflict(field) => return Err(StoreError::Conflict(field)),
                Failure::Retry => true,
                Failure::Lost => !setback.may_stand,
                Failure::Unavailable => false,
            };
            let pause = pause(attempt);
            // Nobody listens after the end.
            if !again || attempt == ATTEMPTS || Instant::now() + pause >= end {
                return Err(StoreError::unavailable(setback.error));
            }
            attempt += 1;
            std::thread::sleep(pause);
        }
    }

    /// A connection that is whole, as far as `effect` has to know that before.
    fn check_out(
        &self,
        effect: Effect,
        begin: Instant,
    ) -> Result<PooledConnection<Manager>, r2d2::Error> {
        loop {
            let patience = begin.saturating_duration_since(Instant::now());
            let mut pooled = self.connections.get_timeout(patience)?;
            if effect.forgives() && pooled.is_trusted(*self.last_loss()) {
                return Ok(pooled);
            }
            if pooled.ping().is_ok() {
                return Ok(pooled);
            }
            self.note(&mut pooled, Failure::Lost);
        }
    }

    /// Notes what a failure says of the connection.
    fn note(&self, pooled: &mut Pooled, failure: Failure) {
        match failure {
            Failure::Conflict(_) => pooled.note_answer(),
            Failure::Lost => {
                pooled.note_loss();
                *self.last_loss() = Some(Instant::now());
            }
            Failure::Retry | Failure::Unavailable => pooled.note_failure(),
        }
    }

    fn last_loss(&self) -> std::sync::MutexGuard<'_, Option<Instant>> {
        self.last_loss.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A short pause, longer each time and never the same twice, so that those who collided part.
pub(super) fn pause(attempt: u32) -> Duration {
    let spread = getrandom::u32().map_or(0, |random| random % 16);
    Duration::from_millis(u64::from(attempt * 4 + spread))
}
