//! Promised letters in memory.

use async_trait::async_trait;
use domain::post::{Dispatch, DispatchId, Outbox, Turn};
use domain::store::StoreError;
use domain::time::Timestamp;

use super::Shared;

#[async_trait]
impl Outbox for Shared {
    async fn take_up(&self, turn: &Turn) -> Result<Vec<Dispatch>, StoreError> {
        let mut state = self.state()?;
        let mut due: Vec<&mut Dispatch> =
            state.dispatches.values_mut().filter(|dispatch| dispatch.due_at <= turn.now).collect();
        due.sort_by_key(|dispatch| (dispatch.due_at, dispatch.id));
        let taken = due.into_iter().take(turn.limit.into()).map(|dispatch| {
            dispatch.attempts += 1;
            dispatch.due_at = turn.until;
            dispatch.clone()
        });
        Ok(taken.collect())
    }

    async fn delivered(&self, id: DispatchId) -> Result<bool, StoreError> {
        Ok(self.state()?.dispatches.remove(&id).is_some())
    }

    async fn postpone(
        &self,
        id: DispatchId,
        attempts: i64,
        due_at: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut state = self.state()?;
        let dispatch = state.dispatches.get_mut(&id);
        let dispatch = dispatch.filter(|dispatch| dispatch.attempts == attempts);
        Ok(dispatch.map(|dispatch| dispatch.due_at = due_at).is_some())
    }
}
