//! What one request took from which budgets, for its reply to tell.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::sessions::{Allowance, Budget};
use crate::time::Timestamp;

/// One budget, as a caller may know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quota {
    /// What it is called.
    pub name: &'static str,
    /// How many attempts one window grants.
    pub limit: u32,
    /// How long a window lasts; `None` where not time gives attempts back.
    pub window: Option<Duration>,
    /// How many are left, and when the window ends; `None` where that is not for the caller to know.
    pub left: Option<(u32, Duration)>,
}

/// The budgets that one request met, in this order. Clones are the same tally: services write into
/// it whatever comes of the request, and the edge reads it when the reply is there.
///
/// Services note what belongs to the caller's network, which says nothing about anybody else. How
/// much is left of a budget of an *account* is told when nothing is: before that it would tell
/// whether two identifiers are of one person, and when that person signed in.
#[derive(Debug, Clone, Default)]
pub struct Tally(Arc<Mutex<Vec<Quota>>>);

impl Tally {
    /// What was met so far.
    pub fn quotas(&self) -> Vec<Quota> {
        self.met().clone()
    }

    /// Notes a budget, in place of what was noted of it before.
    pub fn put(&self, quota: Quota) {
        let mut met = self.met();
        match met.iter_mut().find(|known| known.name == quota.name) {
            Some(known) => *known = quota,
            None => met.push(quota),
        }
    }

    /// Notes what a budget said just now.
    pub(crate) fn note(&self, budget: &Budget, allowance: Allowance, now: Timestamp) {
        let (left, until) = match allowance {
            Allowance::Granted { left, until } => (left, until),
            Allowance::Spent(until) => (0, until),
        };
        self.put(Quota { left: Some((left, until.since(now))), ..Quota::of(budget) });
    }

    /// Notes that there is such a budget, and nothing about it.
    pub(crate) fn announce(&self, budget: &Budget) {
        self.put(Quota::of(budget));
    }

    /// One attempt was given back.
    pub(crate) fn give_back(&self, budget: &Budget) {
        let mut met = self.met();
        let known = met.iter_mut().find(|known| known.name == budget.name);
        if let Some((left, _)) = known.and_then(|known| known.left.as_mut()) {
            *left = left.saturating_add(1).min(budget.limit);
        }
    }

    fn met(&self) -> MutexGuard<'_, Vec<Quota>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Quota {
    fn of(budget: &Budget) -> Self {
        Self { name: budget.name, limit: budget.limit, window: Some(budget.window), left: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mocked::now;
    use crate::sessions::ThrottleKey;

    #[test]
    fn a_budget_is_told_once_as_it_is_at_last() {
        let (name, window) = ("sign-in", Duration::from_secs(60));
        let budget = Budget { name, key: ThrottleKey::new(name, "ada"), limit: 10, window };
        let tally = Tally::default();
        let met_by_others = tally.clone();
        tally.announce(&budget);
        assert_eq!(met_by_others.quotas()[0].left, None);
        let until = now().plus(Duration::from_secs(7));
        tally.note(&budget, Allowance::Granted { left: 8, until }, now());
        tally.give_back(&budget);
        assert_eq!(met_by_others.quotas().len(), 1);
        assert_eq!(met_by_others.quotas()[0].left, Some((9, Duration::from_secs(7))));
        tally.note(&budget, Allowance::Spent(until), now());
        assert_eq!(met_by_others.quotas()[0].left, Some((0, Duration::from_secs(7))));
    }
}
