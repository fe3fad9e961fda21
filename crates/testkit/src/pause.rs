//! A pause that is noted, and over at once.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use domain::sessions::{Crowded, Pause};

/// Waits for nothing.
#[derive(Debug, Default)]
pub struct NotedPause(Mutex<Vec<Duration>>);

impl NotedPause {
    /// How long answers would have waited, in order; forgotten by being asked.
    pub fn take(&self) -> Vec<Duration> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[async_trait]
impl Pause for NotedPause {
    async fn wait(&self, time: Duration) -> Result<(), Crowded> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(time);
        Ok(())
    }
}
