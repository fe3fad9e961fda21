//! Counted attempts in memory.

use async_trait::async_trait;
use domain::sessions::{Allowance, Budget, Throttle, ThrottleKey};
use domain::store::StoreError;
use domain::time::Timestamp;

use super::Shared;
use super::sessions::PURGE_LIMIT;
use super::state::Window;

#[async_trait]
impl Throttle for Shared {
    async fn take(&self, budget: &Budget, at: Timestamp) -> Result<Allowance, StoreError> {
        let mut state = self.state()?;
        let begin = || Window { taken: 0, ends_at: at.plus(budget.window) };
        let window = state.windows.entry(budget.key).or_insert_with(begin);
        if window.ends_at <= at {
            *window = begin();
        }
        if window.taken >= budget.limit {
            return Ok(Allowance::Spent(window.ends_at));
        }
        window.taken += 1;
        Ok(Allowance::Granted { left: budget.limit - window.taken, until: window.ends_at })
    }

    async fn is_counted(&self, key: &ThrottleKey, at: Timestamp) -> Result<bool, StoreError> {
        let state = self.state()?;
        Ok(state.windows.get(key).is_some_and(|window| window.taken > 0 && window.ends_at > at))
    }

    async fn give_back(&self, key: &ThrottleKey) -> Result<(), StoreError> {
        if let Some(window) = self.state()?.windows.get_mut(key) {
            window.taken = window.taken.saturating_sub(1);
        }
        Ok(())
    }

    async fn clear(&self, key: &ThrottleKey) -> Result<(), StoreError> {
        self.state()?.windows.remove(key);
        Ok(())
    }

    async fn purge(&self, at: Timestamp) -> Result<u64, StoreError> {
        let mut state = self.state()?;
        let over = state.windows.iter().filter(|(_, window)| window.ends_at < at);
        let over: Vec<ThrottleKey> = over.take(PURGE_LIMIT).map(|(key, _)| *key).collect();
        Ok(over.iter().filter_map(|key| state.windows.remove(key)).map(|_| 1).sum())
    }
}
