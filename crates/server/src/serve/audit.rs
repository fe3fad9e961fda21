//! Chains what was recorded while the server runs.

use std::time::Duration;

use domain::Services;
use tokio::time::sleep;

use crate::failure::chain;

/// How long it waits for more: what is not chained yet could be removed without a trace.
const PAUSE: Duration = Duration::from_millis(500);
/// How long it waits when the store does not answer.
const OUTAGE: Duration = Duration::from_secs(5);

/// Chains until the process ends; what is not chained then is chained by the next.
pub(super) async fn forever(services: Services) {
    loop {
        match services.audit.chain().await {
            Ok(()) => sleep(PAUSE).await,
            Err(problem) => {
                tracing::error!(cause = chain(&problem), "audit events cannot be chained");
                sleep(OUTAGE).await;
            }
        }
    }
}
