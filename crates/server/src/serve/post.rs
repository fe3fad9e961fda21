//! Delivers promised letters while the server runs.

use std::pin::pin;
use std::time::Duration;

use actix_web::rt::spawn;
use domain::Services;
use domain::post::{Dispatch, HOLD_EVERY, PostService};
use domain::problem::Problem;
use tokio::time::{sleep, timeout};

use crate::failure::chain;

/// Letters that can be on their way at once: a slow mail server holds up one worker, not all mail.
const WORKERS: usize = 4;
/// How long a worker that found nothing waits before it looks again.
const PAUSE: Duration = Duration::from_millis(500);
/// How long it waits when the outbox does not answer.
const OUTAGE: Duration = Duration::from_secs(5);

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
        match next(&services.post).await {
            Ok(true) => {}
            Ok(false) => sleep(PAUSE).await,
            Err(problem) => {
                tracing::error!(cause = chain(&problem), "letters cannot be taken up");
                sleep(OUTAGE).await;
            }
        }
    }
}

/// Delivers the letter that is due longest; says whether one was.
async fn next(post: &PostService) -> Result<bool, Problem> {
    let Some(letter) = post.take_up().await? else { return Ok(false) };
    carry(post, &letter).await?;
    Ok(true)
}

/// Holds on to a letter for as long as its delivery takes: a slow mail server is not hurried, and
/// what dies with this process is soon taken up by another.
async fn carry(post: &PostService, letter: &Dispatch) -> Result<(), Problem> {
    let mut delivering = pin!(post.deliver(letter));
    loop {
        if let Ok(outcome) = timeout(HOLD_EVERY, delivering.as_mut()).await {
            return outcome.map(drop);
        }
        // Whoever takes it up now may deliver it twice; stopping here would not mend that.
        if let Err(problem) = post.hold(letter).await {
            tracing::warn!(cause = chain(&problem), "a letter on its way is not held");
        }
    }
}
