//! Delivers promised letters while the server runs.

use std::time::Duration;

use actix_web::rt::spawn;
use domain::Services;
use tokio::time::sleep;

use crate::failure::chain;

/// Letters that can be on their way at once: a slow mail server holds up one worker, not all mail.
const WORKERS: usize = 4;
/// How long a worker that found nothing waits before it looks again.
const PAUSE: Duration = Duration::from_millis(500);
/// How long it waits when the outbox does not answer.
const OUTAGE: Duration = Duration::from_secs(5);
/// How many letters one worker delivers before it looks around.
const ROUND: u16 = 32;

/// Starts the workers, which end with the process: what is not delivered then is due again.
pub(super) fn start(services: &Services) {
    for worker in 0..WORKERS {
        let offset = PAUSE.mul_f64(worker as f64 / WORKERS as f64);
        spawn(deliver(services.clone(), offset));
    }
}

async fn deliver(services: Services, offset: Duration) {
    sleep(offset).await;
    loop {
        match services.post.deliver_due(ROUND).await {
            Ok(round) if round.is_idle() => sleep(PAUSE).await,
            Ok(_) => {}
            Err(problem) => {
                tracing::error!(cause = chain(&problem), "letters cannot be taken up");
                sleep(OUTAGE).await;
            }
        }
    }
}
