//! Answers that wait for time to pass: they cost a timer each, and only so many may.

use std::time::Duration;

use async_trait::async_trait;
use domain::sessions::{Crowded, Pause};
use tokio::sync::{Semaphore, watch};
use tokio::time::sleep;

/// How many answers may wait at once. Each holds a connection of its client's open.
const PLACES: usize = 1_024;

/// Waits on the runtime of whoever calls.
pub struct TimedPause {
    places: Semaphore,
    leaving: watch::Sender<bool>,
}

impl TimedPause {
    /// Ends all waits, now and from now on: the server is about to leave.
    pub fn end(&self) {
        self.leaving.send_replace(true);
    }

    fn with_places(places: usize) -> Self {
        Self { places: Semaphore::new(places), leaving: watch::channel(false).0 }
    }
}

impl Default for TimedPause {
    fn default() -> Self {
        Self::with_places(PLACES)
    }
}

#[async_trait]
impl Pause for TimedPause {
    async fn wait(&self, time: Duration) -> Result<(), Crowded> {
        let _place = self.places.try_acquire().map_err(|_| Crowded)?;
        let mut leaving = self.leaving.subscribe();
        tokio::select! {
            () = sleep(time) => {}
            _ = leaving.wait_for(|leaving| *leaving) => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(3_600);

    #[tokio::test]
    async fn it_waits_as_long_as_it_is_told() {
        let begun = std::time::Instant::now();
        assert_eq!(TimedPause::default().wait(Duration::from_millis(5)).await, Ok(()));
        assert!(begun.elapsed() >= Duration::from_millis(5));
    }

    #[tokio::test]
    async fn only_so_many_wait_and_all_are_let_go_at_the_end() {
        let pause = TimedPause::with_places(1);
        let (first, second) = tokio::join!(pause.wait(LONG), async {
            let second = pause.wait(LONG).await;
            pause.end();
            second
        });
        assert_eq!((first, second), (Ok(()), Err(Crowded)));
        assert_eq!(pause.wait(LONG).await, Ok(()), "nobody waits any more");
    }
}
