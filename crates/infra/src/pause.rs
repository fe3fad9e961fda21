//! Answers that wait for time to pass: they cost a timer each, and only so many may.

use std::time::Duration;

use async_trait::async_trait;
use domain::sessions::{Crowded, Pause};
use tokio::sync::{Semaphore, watch};
use tokio::time::{Instant, sleep_until};

/// How many answers may wait at once. Each holds a connection of its client's open.
const PLACES: usize = 1_024;

/// Waits end together, on beats so far apart. In a flood of refusals, each answer would otherwise wake a
/// thread of ours and one of its client's, and push aside one that hashes.
const BEAT: Duration = Duration::from_millis(8);

/// Waits on the runtime of whoever calls, until the first beat after the time is over.
pub struct TimedPause {
    begun: Instant,
    places: Semaphore,
    leaving: watch::Sender<bool>,
}

impl TimedPause {
    /// Ends all waits, now and from now on: the server is about to leave.
    pub fn end(&self) {
        self.leaving.send_replace(true);
    }

    /// The first beat that is so far away at least.
    fn beat_after(&self, time: Duration) -> Instant {
        let end = Instant::now() + time;
        let beyond = end.saturating_duration_since(self.begun).as_nanos() % BEAT.as_nanos();
        let rest = BEAT.as_nanos().saturating_sub(beyond) % BEAT.as_nanos();
        end + Duration::from_nanos(u64::try_from(rest).unwrap_or_default())
    }

    fn with_places(places: usize) -> Self {
        let (places, leaving) = (Semaphore::new(places), watch::channel(false).0);
        Self { begun: Instant::now(), places, leaving }
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
            () = sleep_until(self.beat_after(time)) => {}
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

    #[tokio::test(start_paused = true)]
    async fn those_that_end_about_the_same_time_end_together() {
        let pause = TimedPause::default();
        for (millis, beats) in [(0, 0), (1, 1), (8, 1), (9, 2), (33, 5), (40, 5)] {
            let end = pause.beat_after(Duration::from_millis(millis));
            assert_eq!(end - pause.begun, BEAT * beats, "{millis}");
        }
        tokio::time::advance(Duration::from_millis(3)).await;
        assert_eq!(pause.beat_after(Duration::from_millis(33)) - pause.begun, BEAT * 5);
        assert_eq!(pause.beat_after(Duration::from_millis(38)) - pause.begun, BEAT * 6);
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
