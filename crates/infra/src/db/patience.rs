//! Calls that may hang are made on a thread of their own, and waited for only so long.
//!
//! No client library lets us interrupt it, and libmariadb as Diesel uses it has no time limit on
//! connecting. A call that was given up ends when the server or the kernel answers; until then its
//! thread stays, and only a few of them may.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread::Builder;
use std::time::Duration;

/// How many calls may be under way at once, those that were given up included.
const AT_ONCE: usize = 8;

/// Waits for calls, but not for ever. Clones share one limit.
#[derive(Clone, Default)]
pub(super) struct Patience(Arc<AtomicUsize>);

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoAnswer {
    /// The call takes longer; whatever it comes to is dropped.
    InTime,
    /// Too many calls hang already, or no thread could be started.
    Crowded,
}

impl Patience {
    /// What `call` came to, if it did within `limit`.
    pub(super) fn wait<T: Send + 'static>(
        &self,
        limit: Duration,
        call: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, NoAnswer> {
        let place = self.place().ok_or(NoAnswer::Crowded)?;
        let (answer, answered) = mpsc::sync_channel(1);
        let thread = Builder::new().name("db-connect".into()).spawn(move || {
            // Nobody may be listening any more; then the answer is dropped with the channel.
            let _ = answer.send(call());
            drop(place);
        });
        thread.map_err(|_| NoAnswer::Crowded)?;
        answered.recv_timeout(limit).map_err(|_| NoAnswer::InTime)
    }

    fn place(&self) -> Option<Place> {
        let place = Place(Arc::clone(&self.0));
        (self.0.fetch_add(1, Ordering::SeqCst) < AT_ONCE).then_some(place)
    }
}

/// One of the calls under way.
struct Place(Arc<AtomicUsize>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(60);
    const SHORT: Duration = Duration::from_millis(1);

    #[test]
    fn an_answer_in_time_is_handed_over() {
        assert_eq!(Patience::default().wait(LONG, || 7), Ok(7));
    }

    #[test]
    fn hanging_calls_are_given_up_and_are_only_a_few() {
        let patience = Patience::default();
        let (go_on, hanging) = mpsc::channel::<()>();
        let hanging = Arc::new(std::sync::Mutex::new(hanging));
        let hang = || {
            let hanging = Arc::clone(&hanging);
            move || hanging.lock().unwrap().recv().is_err()
        };
        for _ in 0..AT_ONCE {
            assert_eq!(patience.wait(SHORT, hang()), Err(NoAnswer::InTime));
        }
        assert_eq!(patience.wait(LONG, || true), Err(NoAnswer::Crowded));
        drop(go_on);
        while patience.0.load(Ordering::SeqCst) > 0 {
            std::thread::yield_now();
        }
        assert_eq!(patience.wait(LONG, || true), Ok(true));
    }
}
