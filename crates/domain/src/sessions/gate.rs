//! Budgets of services beside signing in: so many attempts of one kind within so much time.

use std::sync::Arc;

use crate::problem::Problem;
use crate::sessions::{Allowance, Budget, Client, Throttle};
use crate::time::Clock;

/// Takes attempts from budgets, and tells the caller what is left where it may know.
#[derive(Clone)]
pub(crate) struct Gate {
    throttle: Arc<dyn Throttle>,
    clock: Arc<dyn Clock>,
    enabled: bool,
}

impl Gate {
    /// A gate that lets everybody pass, where limits are off.
    pub(crate) fn new(throttle: &Arc<dyn Throttle>, clock: &Arc<dyn Clock>, enabled: bool) -> Self {
        Self { throttle: Arc::clone(throttle), clock: Arc::clone(clock), enabled }
    }

    /// Takes one attempt without telling anybody; says whether there was one left.
    pub(crate) async fn is_open(&self, budget: &Budget) -> Result<bool, Problem> {
        if !self.enabled {
            return Ok(true);
        }
        Ok(self.throttle.take(budget, self.clock.now()).await?.is_granted())
    }

    /// Takes one attempt, or refuses with how long none is left. The client is told either.
    pub(crate) async fn pass(&self, budget: &Budget, client: &Client) -> Result<(), Problem> {
        if !self.enabled {
            return Ok(());
        }
        let now = self.clock.now();
        let allowance = self.throttle.take(budget, now).await?;
        client.tally.note(budget, allowance, now);
        match allowance {
            Allowance::Granted { .. } => Ok(()),
            Allowance::Spent(until) => Err(Problem::Throttled(until.since(now))),
        }
    }

    /// Gives one attempt back that turned out to be none.
    pub(crate) async fn give_back(&self, budget: &Budget, client: &Client) -> Result<(), Problem> {
        if self.enabled {
            self.throttle.give_back(&budget.key).await?;
            client.tally.give_back(budget);
        }
        Ok(())
    }
}
