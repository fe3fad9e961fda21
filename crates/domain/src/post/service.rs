//! Delivering what was promised.

use std::sync::Arc;
use std::time::Duration;

use crate::Ports;
use crate::post::{Courier, Dispatch, Outbox, Turn};
use crate::problem::Problem;
use crate::sealing::Sealer;
use crate::sessions::SecurityLog;
use crate::time::Clock;

/// How long a letter stays with whoever took it up, unless held on to: so long it waits where a
/// process died with it.
const LEASE: Duration = Duration::from_secs(20);
/// How often whoever has a letter must [`hold`](PostService::hold) it.
pub const HOLD_EVERY: Duration = Duration::from_secs(5);
/// After this time a letter is given up: what it tells is of no use any more.
const GIVEN_UP_AFTER: Duration = Duration::from_secs(3 * 24 * 60 * 60);

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

    /// Takes up the letter that is due longest, if one is. Several workers may do so at once, in
    /// several processes: one of them gets it.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn take_up(&self) -> Result<Option<Dispatch>, Problem> {
        // One at a time: a letter behind a slow one must not wait in our hands.
        let now = self.clock.now();
        let turn = Turn { now, until: now.plus(LEASE), limit: 1 };
        Ok(self.outbox.take_up(&turn).await?.pop())
    }

    /// Keeps a letter with whoever took it up; says whether it still was. To be called every
    /// [`HOLD_EVERY`] while it is delivered.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn hold(&self, dispatch: &Dispatch) -> Result<bool, Problem> {
        let due_at = self.clock.now().plus(LEASE);
        Ok(self.outbox.postpone(dispatch.id, dispatch.attempts, due_at).await?)
    }

    /// Delivers a letter that was taken up, unless it is to nobody; says whether somebody else is responsible for it now.
    /// Otherwise it is due again later.
    ///
    /// # Errors
    /// `Unavailable`: then it is due again when nobody holds it any more.
    pub async fn deliver(&self, dispatch: &Dispatch) -> Result<bool, Problem> {
        let carried = match dispatch.unseal(self.sealer.as_ref()) {
            Ok(letter) if letter.is_decoy() => Ok(()),
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
