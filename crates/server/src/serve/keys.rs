//! Notices keys that `doorward keys` changed, while the server runs.

use std::time::Duration;

use domain::time::Clock;
use infra::keys::KeyWatch;
use infra::system::SystemClock;
use tokio::task::spawn_blocking;
use tokio::time::{MissedTickBehavior, interval};

/// How often it looks: well within the time that a new key is announced before it begins.
const INTERVAL: Duration = Duration::from_secs(1);

/// Looks until the process ends. With keys that cannot be read the server goes on as it is; it says
/// so once for each reason, and tries again.
pub(super) async fn watch(mut keys: KeyWatch) {
    let mut ticks = interval(INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut told = None;
    loop {
        ticks.tick().await;
        // Files, so not on a thread that serves requests.
        let looked = spawn_blocking(move || {
            let seen = keys.look(SystemClock.now());
            (keys, seen)
        });
        let Ok((back, seen)) = looked.await else {
            tracing::error!("keys are not watched any more; restart the server to read new ones");
            return;
        };
        keys = back;
        match seen {
            Ok(changed) => {
                told = None;
                if changed {
                    tracing::info!("keys were changed, and read again");
                }
            }
            Err(error) => {
                let text = error.to_string();
                if told.as_ref() != Some(&text) {
                    tracing::error!(cause = text, "keys were changed, and cannot be read");
                    told = Some(text);
                }
            }
        }
    }
}
