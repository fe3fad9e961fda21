//! Removes what has ended from the stores, now and then.

use std::time::Duration;

use domain::Services;
use tokio::time::{MissedTickBehavior, interval};

use crate::failure::chain;

/// How often.
const INTERVAL: Duration = Duration::from_secs(600);
/// A purge that removed so many has left some.
const BATCH: u64 = 1_000;

/// Purges until the process ends. A failure is logged, and the next time tried again.
pub(super) async fn forever(services: Services) {
    let mut ticks = interval(INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        loop {
            match services.sessions.purge().await {
                Ok(removed) if removed >= BATCH => {}
                Ok(_) => break,
                Err(problem) => {
                    tracing::error!(cause = chain(&problem), "ended sessions were not removed");
                    break;
                }
            }
        }
    }
}
