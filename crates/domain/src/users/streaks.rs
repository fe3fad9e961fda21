//! Failures in a row, however long they take: beyond a hundred nothing more is looked at
//! (NIST SP 800-63B-4 §3.2.2), until the person shows in another way who it is.

use std::sync::Arc;
use std::time::Duration;

use crate::Ports;
use crate::problem::Problem;
use crate::sessions::{Allowance, Budget, Throttle, ThrottleKey};
use crate::time::Clock;
use crate::users::User;

/// So many failures follow each other at one account, or at one account from one known network.
const MOST: u32 = 100;
/// How long they are remembered, of somebody and of nobody alike: half a year.
const REMEMBERED: Duration = Duration::from_secs(180 * 24 * 60 * 60);
/// When to come back: time alone mends nothing.
const COME_BACK: Duration = Duration::from_secs(24 * 60 * 60);

/// Counts failures in a row.
pub(crate) struct Streaks {
    throttle: Arc<dyn Throttle>,
    clock: Arc<dyn Clock>,
    enabled: bool,
}

/// What is counted, and whether this attempt is already.
pub(crate) struct Streak {
    budget: Budget,
    is_counted: bool,
}

impl Streaks {
    pub(crate) fn new(ports: &Ports, enabled: bool) -> Self {
        let (throttle, clock) = (Arc::clone(&ports.throttle), Arc::clone(&ports.clock));
        Self { throttle, clock, enabled }
    }

    /// Begins an attempt at what `account` is the budget of. While others failed before it, it is
    /// counted before it is looked at, so that those that come at once see what is left.
    ///
    /// # Errors
    /// `Throttled` beyond the last, `Unavailable`.
    pub(crate) async fn enter(
        &self,
        account: ThrottleKey,
        user: Option<&User>,
    ) -> Result<Streak, Problem> {
        let mut streak = Streak { budget: budget(account, user), is_counted: false };
        let now = self.clock.now();
        if !self.enabled || !self.throttle.is_counted(&streak.budget.key, now).await? {
            return Ok(streak);
        }
        match self.throttle.take(&streak.budget, now).await? {
            Allowance::Spent(_) => Err(Problem::Throttled(COME_BACK)),
            Allowance::Granted { .. } => {
                streak.is_counted = true;
                Ok(streak)
            }
        }
    }

    /// It failed.
    pub(crate) async fn failed(&self, streak: &Streak) -> Result<(), Problem> {
        if self.enabled && !streak.is_counted {
            self.throttle.take(&streak.budget, self.clock.now()).await?;
        }
        Ok(())
    }

    /// Nothing was looked at.
    pub(crate) async fn undone(&self, streak: &Streak) -> Result<(), Problem> {
        if self.enabled && streak.is_counted {
            self.throttle.give_back(&streak.budget.key).await?;
        }
        Ok(())
    }

    /// The password was right: what failed before at these is forgotten.
    pub(crate) async fn end<const N: usize>(
        &self,
        accounts: [ThrottleKey; N],
        user: Option<&User>,
    ) -> Result<(), Problem> {
        for key in accounts.map(|account| budget(account, user).key) {
            if self.enabled && self.throttle.is_counted(&key, self.clock.now()).await? {
                self.throttle.clear(&key).await?;
            }
        }
        Ok(())
    }
}

/// Bound to the person's epoch: a reset raises it, and ends what was counted everywhere.
fn budget(account: ThrottleKey, user: Option<&User>) -> Budget {
    let epoch = user.map_or(0, |user| user.epoch);
    let key = ThrottleKey::new("failures in a row", &format!("{epoch} {:?}", account.0));
    Budget { name: "failures", key, limit: MOST, window: REMEMBERED }
}
