//! Idempotency keys in memory.

use async_trait::async_trait;
use domain::idempotency::{Claim, Claimed, Hold, IdempotencyStore, Kept};
use domain::sealing::Sealed;
use domain::store::StoreError;
use domain::time::Timestamp;

use super::Shared;
use super::sessions::PURGE_LIMIT;
use super::state::KeptKey;

#[async_trait]
impl IdempotencyStore for Shared {
    async fn claim(&self, hold: &Hold) -> Result<Claimed, StoreError> {
        let mut state = self.state()?;
        if let Some(kept) = state.keys.get(&hold.claim.key).filter(|kept| !is_free(kept, hold)) {
            return Ok(Claimed::Known(Kept {
                holder: kept.holder,
                fingerprint: kept.fingerprint,
                changed: kept.changed,
                reply: kept.reply.clone(),
                held_until: kept.held_until,
            }));
        }
        let kept = KeptKey {
            holder: hold.claim.holder,
            fingerprint: hold.fingerprint,
            principal: hold.principal,
            changed: false,
            reply: None,
            held_until: hold.held_until,
            expires_at: hold.expires_at,
        };
        state.keys.insert(hold.claim.key, kept);
        Ok(Claimed::Mine)
    }

    async fn settle(&self, claim: &Claim, reply: &Sealed) -> Result<bool, StoreError> {
        let mut state = self.state()?;
        let kept = state.keys.get_mut(&claim.key).filter(|kept| kept.holder == claim.holder);
        Ok(kept.map(|kept| kept.reply = Some(reply.clone())).is_some())
    }

    async fn release(&self, claim: &Claim) -> Result<bool, StoreError> {
        let mut state = self.state()?;
        let unused = state.keys.get(&claim.key).is_some_and(|kept| {
            kept.holder == claim.holder && !kept.changed && kept.reply.is_none()
        });
        Ok(unused && state.keys.remove(&claim.key).is_some())
    }

    async fn purge(&self, at: Timestamp) -> Result<u64, StoreError> {
        let mut state = self.state()?;
        let over = state.keys.iter().filter(|(_, kept)| kept.expires_at < at);
        let over: Vec<[u8; 32]> = over.take(PURGE_LIMIT).map(|(key, _)| *key).collect();
        Ok(over.iter().filter_map(|key| state.keys.remove(key)).map(|_| 1).sum())
    }
}

/// Whether somebody else may take the key.
fn is_free(kept: &KeptKey, hold: &Hold) -> bool {
    let given_up = kept.held_until <= hold.now
        && !kept.changed
        && kept.reply.is_none()
        && kept.fingerprint == hold.fingerprint;
    given_up || kept.expires_at <= hold.now
}
