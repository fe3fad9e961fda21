//! Tells `/readyz` that this server is about to leave, before it stops listening.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use domain::store::{StoreError, StoreHealth};

/// A store's health, until the server is about to leave: then nobody is to send it more.
pub(crate) struct Leaving {
    inner: Arc<dyn StoreHealth>,
    begun: AtomicBool,
}

impl Leaving {
    /// Not about to leave yet.
    pub(crate) fn new(inner: Arc<dyn StoreHealth>) -> Self {
        Self { inner, begun: AtomicBool::new(false) }
    }

    /// From now on the server is not ready.
    pub(crate) fn begin(&self) {
        self.begun.store(true, Ordering::Relaxed);
    }

    /// Whether the server is about to leave.
    pub(crate) fn has_begun(&self) -> bool {
        self.begun.load(Ordering::Relaxed)
    }
}

#[async_trait]
impl StoreHealth for Leaving {
    async fn ping(&self) -> Result<(), StoreError> {
        if self.has_begun() {
            return Err(StoreError::unavailable("the server is about to stop"));
        }
        self.inner.ping().await
    }
}
