//! Attempts under way: whose outcome is not known yet, though they are counted already.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use event_listener::{Event, EventListener};

use crate::sessions::ThrottleKey;

/// How many attempts may wait for others of the same account.
const MAX_WAITING: usize = 64;

/// The attempts of this process, by account. Exactness is up to the throttle; this only tells an
/// attempt whether the budget is spent for good or may be given back in a moment.
#[derive(Default)]
pub(crate) struct Flights(Mutex<HashMap<ThrottleKey, Account>>);

#[derive(Default)]
struct Account {
    /// Attempts that ask the budget just now.
    asking: usize,
    /// Attempts that were granted and are being looked at.
    flying: usize,
    /// Attempts that found the budget spent and wait for one that flies.
    waiting: usize,
    landed: Event,
}

/// One attempt, from its first question to its end; dropping it lets one that waits try again.
pub(crate) struct Attempt<'a> {
    flights: &'a Flights,
    key: ThrottleKey,
    stage: Stage,
    /// Whether it has waited for others that were only asking: no attempt does so twice, or those
    /// who ask would keep each other waiting.
    patient: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Asking,
    Flying,
    Waiting,
}

/// What an attempt that found its budget spent can do.
pub(crate) enum Turn {
    /// Others may give theirs back: wait for one of them to land, then ask again.
    Wait(EventListener),
    /// Others may, but too many wait for them already.
    Crowded,
    /// The budget is spent.
    Spent,
}

impl Flights {
    /// Begins an attempt, which is about to ask the budget.
    pub(crate) fn begin(&self, key: ThrottleKey) -> Attempt<'_> {
        self.accounts().entry(key).or_default().asking += 1;
        Attempt { flights: self, key, stage: Stage::Asking, patient: false }
    }

    fn accounts(&self) -> MutexGuard<'_, HashMap<ThrottleKey, Account>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Account {
    fn count(&mut self, stage: Stage) -> &mut usize {
        match stage {
            Stage::Asking => &mut self.asking,
            Stage::Flying => &mut self.flying,
            Stage::Waiting => &mut self.waiting,
        }
    }
}

impl Attempt<'_> {
    /// The budget had one left. Says how many others are being looked at just now.
    pub(crate) fn granted(&mut self) -> u32 {
        self.enter(Stage::Flying);
        let accounts = self.flights.accounts();
        let flying = accounts.get(&self.key).map_or(0, |account| account.flying);
        u32::try_from(flying.saturating_sub(1)).unwrap_or(u32::MAX)
    }

    /// The attempt has waited and asks again.
    pub(crate) fn ask_again(&mut self) {
        self.enter(Stage::Asking);
    }

    /// The budget had none left. Does not wake others: they would ask in vain.
    pub(crate) fn refused(&mut self) -> Turn {
        let mut accounts = self.flights.accounts();
        let account = accounts.entry(self.key).or_default();
        let others_ask = account.asking > 1 && !self.patient;
        if account.flying == 0 && !others_ask {
            return Turn::Spent;
        }
        if account.waiting >= MAX_WAITING {
            return Turn::Crowded;
        }
        self.patient |= account.flying == 0;
        *account.count(self.stage) -= 1;
        account.waiting += 1;
        self.stage = Stage::Waiting;
        Turn::Wait(account.landed.listen())
    }

    fn enter(&mut self, stage: Stage) {
        let mut accounts = self.flights.accounts();
        let account = accounts.entry(self.key).or_default();
        *account.count(self.stage) -= 1;
        *account.count(stage) += 1;
        self.stage = stage;
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        let mut accounts = self.flights.accounts();
        let Some(account) = accounts.get_mut(&self.key) else { return };
        *account.count(self.stage) -= 1;
        account.landed.notify_additional(1);
        if account.asking == 0 && account.flying == 0 && account.waiting == 0 {
            accounts.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> ThrottleKey {
        ThrottleKey::new("account", "ada")
    }

    #[test]
    fn with_nobody_under_way_the_budget_is_spent() {
        let flights = Flights::default();
        let mut attempt = flights.begin(key());
        assert!(matches!(attempt.refused(), Turn::Spent));
        drop(attempt);
        assert!(flights.accounts().is_empty(), "nothing is kept of who is gone");
    }

    #[tokio::test]
    async fn who_waits_goes_on_when_another_lands() {
        let flights = Flights::default();
        let mut first = flights.begin(key());
        first.granted();
        let mut second = flights.begin(key());
        let Turn::Wait(landed) = second.refused() else { panic!("somebody is under way") };
        let mut other = flights.begin(ThrottleKey::new("account", "eve"));
        assert!(matches!(other.refused(), Turn::Spent));
        drop(first);
        landed.await;
        second.ask_again();
        drop((second, other));
        assert!(flights.accounts().is_empty());
    }

    #[test]
    fn those_who_ask_keep_nobody_waiting_twice() {
        let flights = Flights::default();
        let mut first = flights.begin(key());
        let _second = flights.begin(key());
        assert!(matches!(first.refused(), Turn::Wait(_)), "the second may be granted");
        first.ask_again();
        assert!(matches!(first.refused(), Turn::Spent));
    }

    #[test]
    fn only_so_many_wait() {
        let flights = Flights::default();
        let mut flying = flights.begin(key());
        flying.granted();
        let mut waiting: Vec<_> = (0..MAX_WAITING).map(|_| flights.begin(key())).collect();
        assert!(waiting.iter_mut().all(|attempt| matches!(attempt.refused(), Turn::Wait(_))));
        let mut more = flights.begin(key());
        assert!(matches!(more.refused(), Turn::Crowded));
        drop(waiting);
        assert!(matches!(more.refused(), Turn::Wait(_)));
    }
}
