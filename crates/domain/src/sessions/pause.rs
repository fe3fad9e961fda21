//! The port that lets an answer wait.

use std::time::Duration;

use async_trait::async_trait;

/// Lets requests wait for nothing but time, a bounded number at once.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait Pause: Send + Sync {
    /// Waits so long, or until the process is about to leave. Nobody waits where too many do already:
    /// that is an error, at once.
    async fn wait(&self, time: Duration) -> Result<(), Crowded>;
}

/// Too many wait already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crowded;
