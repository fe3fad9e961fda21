//! Attempts counted in the memory of this process: for what comes too often to be written down.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use domain::sessions::{Allowance, Budget, Throttle, ThrottleKey};
use domain::store::StoreError;
use domain::time::Timestamp;

/// How many windows are kept. Where more are open at once all are forgotten, and counting begins
/// anew: whoever has so many networks is not kept out by what one of them may do.
const MOST: usize = 65_536;

/// Counts exactly, but for this process alone, and until it ends.
#[derive(Default)]
pub struct LocalThrottle(Mutex<HashMap<ThrottleKey, Window>>);

#[derive(Clone, Copy)]
struct Window {
    taken: u32,
    ends_at: Timestamp,
}

impl LocalThrottle {
    fn windows(&self) -> MutexGuard<'_, HashMap<ThrottleKey, Window>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Throttle for LocalThrottle {
    async fn take(&self, budget: &Budget, at: Timestamp) -> Result<Allowance, StoreError> {
        let mut windows = self.windows();
        if windows.len() >= MOST && !windows.contains_key(&budget.key) {
            windows.retain(|_, window| window.ends_at > at);
            if windows.len() >= MOST {
                windows.clear();
            }
        }
        let begun = Window { taken: 0, ends_at: at.plus(budget.window) };
        let window = windows.entry(budget.key).or_insert(begun);
        if window.ends_at <= at {
            *window = begun;
        }
        if window.taken >= budget.limit {
            return Ok(Allowance::Spent(window.ends_at));
        }
        window.taken += 1;
        Ok(Allowance::Granted { left: budget.limit - window.taken, until: window.ends_at })
    }

    async fn is_counted(&self, key: &ThrottleKey, at: Timestamp) -> Result<bool, StoreError> {
        let windows = self.windows();
        Ok(windows.get(key).is_some_and(|window| window.taken > 0 && window.ends_at > at))
    }

    async fn give_back(&self, key: &ThrottleKey) -> Result<(), StoreError> {
        if let Some(window) = self.windows().get_mut(key) {
            window.taken = window.taken.saturating_sub(1);
        }
        Ok(())
    }

    async fn clear(&self, key: &ThrottleKey) -> Result<(), StoreError> {
        self.windows().remove(key);
        Ok(())
    }

    async fn purge(&self, at: Timestamp) -> Result<u64, StoreError> {
        let mut windows = self.windows();
        let before = windows.len();
        windows.retain(|_, window| window.ends_at >= at);
        Ok(u64::try_from(before - windows.len()).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::time::Clock;

    use super::*;
    use crate::system::SystemClock;

    fn budget(subject: &str) -> Budget {
        let (name, window) = ("search", Duration::from_secs(60));
        Budget { name, key: ThrottleKey::new(name, subject), limit: 2, window }
    }

    #[tokio::test]
    async fn a_budget_is_spent_until_its_window_ends() {
        let (throttle, now) = (LocalThrottle::default(), SystemClock.now());
        let until = now.plus(Duration::from_secs(60));
        for left in [1, 0] {
            let told = throttle.take(&budget("a"), now).await.unwrap();
            assert_eq!(told, Allowance::Granted { left, until });
        }
        assert_eq!(throttle.take(&budget("a"), now).await.unwrap(), Allowance::Spent(until));
        assert!(throttle.take(&budget("b"), now).await.unwrap().is_granted());
        assert!(throttle.take(&budget("a"), until).await.unwrap().is_granted());
    }

    #[tokio::test]
    async fn no_more_windows_are_kept_than_there_is_room_for() {
        let (throttle, now) = (LocalThrottle::default(), SystemClock.now());
        for number in 0..MOST + 7 {
            throttle.take(&budget(&number.to_string()), now).await.unwrap();
        }
        assert_eq!(throttle.windows().len(), 7);
    }
}
