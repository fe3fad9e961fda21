//! Codes that change people when they are redeemed.

use std::sync::Arc;

use async_trait::async_trait;
use domain::post::{Code, CodeHash, CodePurpose, CodeStore, Redemption, Sequel};
use domain::store::StoreError;
use domain::time::Timestamp;

use super::SessionCache;

/// Passes everything on, and lets the cache know whom a code changes.
pub(super) struct WatchedCodes {
    pub(super) inner: Arc<dyn CodeStore>,
    pub(super) cache: SessionCache,
}

#[async_trait]
impl CodeStore for WatchedCodes {
    async fn issue(&self, sequel: &Sequel) -> Result<bool, StoreError> {
        self.inner.issue(sequel).await
    }

    async fn find(&self, handle: &CodeHash) -> Result<Option<Code>, StoreError> {
        self.inner.find(handle).await
    }

    async fn attempt(
        &self,
        handle: &CodeHash,
        purpose: CodePurpose,
        now: Timestamp,
    ) -> Result<Option<Code>, StoreError> {
        self.inner.attempt(handle, purpose, now).await
    }

    async fn redeem(&self, redemption: &Redemption) -> Result<bool, StoreError> {
        let change = self.cache.change_person(redemption.user_id());
        let redeemed = self.inner.redeem(redemption).await;
        change.settle(&redeemed);
        redeemed
    }

    async fn purge(&self, at: Timestamp) -> Result<u64, StoreError> {
        self.inner.purge(at).await
    }
}
