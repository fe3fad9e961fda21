//! Answers that come the later the more attempts at an account have failed.

use std::sync::Arc;
use std::time::Duration;

use crate::Ports;
use crate::problem::Problem;
use crate::sessions::{Crowded, Pause};
use crate::users::room::CROWDED;

/// So many failures are answered at once: everybody mistypes.
const FREE: u32 = 3;
/// How often the wait is doubled, at most.
const MOST_DOUBLINGS: u32 = 3;

/// Makes guessing at one account slow long before it is refused. The wait comes before the password
/// is looked at, so it is the same for a right and a wrong one, and the account may be nobody's.
pub(crate) struct Slowing {
    first: Duration,
    pause: Arc<dyn Pause>,
}

impl Slowing {
    /// `first` is how long the first wait is; none at all where it is zero.
    pub(crate) fn new(ports: &Ports, first: Duration) -> Self {
        Self { first, pause: Arc::clone(&ports.pause) }
    }

    /// Waits as long as is due after so many failures. Those who wait hold no connection to the
    /// database and no thread.
    ///
    /// # Errors
    /// `Busy` where too many wait already.
    pub(crate) async fn after(&self, failures: u32) -> Result<(), Problem> {
        let due = self.due(failures);
        if due.is_zero() {
            return Ok(());
        }
        self.pause.wait(due).await.map_err(|Crowded| Problem::Busy(CROWDED))
    }

    /// Whether a wait is due after so many failures.
    pub(crate) fn is_due(&self, failures: u32) -> bool {
        !self.due(failures).is_zero()
    }

    fn due(&self, failures: u32) -> Duration {
        match failures.checked_sub(FREE) {
            None => Duration::ZERO,
            Some(more) => self.first.saturating_mul(1 << more.min(MOST_DOUBLINGS)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sessions::MockPause;

    #[test]
    fn the_wait_doubles_from_the_fourth_attempt_on_up_to_eight_times_the_first() {
        let pause = Arc::new(MockPause::new());
        let slowing = Slowing { first: Duration::from_millis(250), pause };
        let due: Vec<u128> = (0..9).map(|failures| slowing.due(failures).as_millis()).collect();
        assert_eq!(due, [0, 0, 0, 250, 500, 1_000, 2_000, 2_000, 2_000]);
        assert_eq!(slowing.due(u32::MAX), Duration::from_secs(2));
    }

    #[tokio::test]
    async fn who_finds_no_place_to_wait_is_told_to_come_back() {
        let mut pause = MockPause::new();
        pause.expect_wait().times(1).return_once(|_| Err(Crowded));
        let slowing = Slowing { first: Duration::from_secs(1), pause: Arc::new(pause) };
        assert!(slowing.after(2).await.is_ok());
        assert!(matches!(slowing.after(3).await, Err(Problem::Busy(_))));
    }
}
