//! Writes when sessions were last used, while the server runs and once more at its end.

use std::time::Duration;

use domain::Services;
use tokio::time::{sleep, timeout};

use crate::failure::chain;

/// How long the end waits for the last of them.
const LAST: Duration = Duration::from_secs(1);

/// Writes until the process ends.
pub(super) async fn forever(services: Services) {
    loop {
        sleep(services.sessions.last_use_pause()).await;
        write(&services).await;
    }
}

/// Writes what waits, at the end.
pub(super) async fn finish(services: &Services) {
    // A store that hangs does not keep the process.
    let _ = timeout(LAST, write(services)).await;
}

/// Writes what waits. A failure is logged; whoever is in use comes again.
async fn write(services: &Services) {
    if let Err(problem) = services.sessions.write_last_uses().await {
        tracing::error!(cause = chain(&problem), "the last uses of sessions were not noted");
    }
}
