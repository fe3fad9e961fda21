//! Delivering what was promised.

use std::sync::Arc;
use std::time::Duration;

use crate::Ports;
use crate::post::{Courier, Dispatch, Outbox, Turn};
use crate::problem::Problem;
use crate::sealing::Sealer;
use crate::sessions::SecurityLog;
use crate::time::Clock;

/// How long whoever took up a letter may take: a courier answers within a minute.
const LEASE: Duration = Duration::from_secs(90);
/// After this time a letter is given up: what it tells is of no use any more.
const GIVEN_UP_AFTER: Duration = Duration::from_secs(3 * 24 * 60 * 60);

/// What one round came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Letters that somebody else is responsible for now.
    pub delivered: usize,
    /// Letters that are tried again later.
    pub postponed: usize,
}

impl Delivered {
    /// Whether nothing was due.
    pub fn is_idle(self) -> bool {
        self == Self::default()
    }
}

/// Takes promised letters to the courier, at least once each.
pub struct PostService {
    outbox: Arc<dyn Outbox>,
    courier: Arc<dyn Courier>,
    sealer: Arc<dyn Sealer>,
    clock: Arc<dyn Clock>,
    log: Arc<dyn SecurityLog>,
}

impl PostService {
    /// Built once by [`Services`](crate::Services).
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            outbox: Arc::clone(&ports.outbox),
            courier: Arc::clone(&ports.courier),
            sealer: Arc::clone(&ports.sealer),
            clock: Arc::clone(&ports.clock),
            log: Arc::clone(&ports.log),
        }
    }

    /// Delivers at most `limit` letters that are due, one after the other. Several workers may do so
    /// at once, in several processes.
    ///
    /// # Errors
    /// `Unavailable`: what was not delivered is due again later.
    pub async fn deliver_due(&self, limit: u16) -> Result<Delivered, Problem> {
        let mut done = Delivered::default();
        for _ in 0..limit {
            // One at a time: a letter behind a slow one must not wait in our hands.
            let now = self.clock.now();
            let turn = Turn { now, until: now.plus(LEASE), limit: 1 };
            let Some(dispatch) = self.outbox.take_up(&turn).await?.pop() else { break };
            if self.deliver(&dispatch).await? {
                done.delivered += 1;
            } else {
                done.postponed += 1;
            }
        }
        Ok(done)
    }

    async fn deliver(&self, dispatch: &Dispatch) -> Result<bool, Problem> {
        let carried = match dispatch.unseal(self.sealer.as_ref()) {
            Ok(letter) => self.courier.deliver(dispatch.id, &letter).await.map_err(|error| error.0),
            Err(problem) => Err(Box::new(problem) as _),
        };
        match carried {
            Ok(()) => {
                self.outbox.delivered(dispatch.id).await?;
                Ok(true)
            }
            Err(source) => {
                self.log.degraded("a letter was not delivered", source);
                self.put_off(dispatch).await?;
                Ok(false)
            }
        }
    }

    async fn put_off(&self, dispatch: &Dispatch) -> Result<(), Problem> {
        let now = self.clock.now();
        if now.since(dispatch.created_at) > GIVEN_UP_AFTER {
            let cause = format!("letter {} is given up after three days", dispatch.id);
            self.log.degraded("a letter was lost", cause.into());
            self.outbox.delivered(dispatch.id).await?;
            return Ok(());
        }
        let due_at = now.plus(Dispatch::back_off(dispatch.attempts));
        self.outbox.postpone(dispatch.id, dispatch.attempts, due_at).await?;
        Ok(())
    }
}
