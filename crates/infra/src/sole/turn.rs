//! Whose turn it is to take the lock or to change it.
//!
//! Turning a lock from one kind to the other may let it go for a moment, and a lock that is refused
//! is gone. So whoever takes or changes it does so while it holds `<database>.turn`, which nobody
//! keeps longer than that takes: then nobody can come between.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rustix::fs::FlockOperation;

use super::SoleError;
use super::lock::{beside, is_at, open, try_flock};

/// How long to wait before the turn is tried again.
const PAUSE: Duration = Duration::from_millis(5);

/// The turn at one database.
#[derive(Debug)]
pub(super) struct Turn(PathBuf);

impl Turn {
    /// The turn at this database.
    pub(super) fn at(database: &Path) -> Self {
        Self(beside(database, "turn"))
    }

    /// Does a step while nobody else does one.
    ///
    /// # Errors
    /// [`SoleError::Stuck`] where somebody else keeps the turn for longer than `patience`; the step
    /// was not begun then.
    pub(super) fn wait<T>(
        &self,
        patience: Duration,
        step: impl FnOnce() -> Result<T, SoleError>,
    ) -> Result<T, SoleError> {
        let end = Instant::now() + patience;
        loop {
            // The turn ends with the file, when this returns.
            if let Some(_turn) = self.try_begin()? {
                return step();
            }
            if Instant::now() >= end {
                return Err(SoleError::Stuck { turn: self.0.clone() });
            }
            thread::sleep(PAUSE);
        }
    }

    /// Opened anew each time: whoever removes the file does not leave two turns behind.
    fn try_begin(&self) -> Result<Option<File>, SoleError> {
        let file = open(&self.0)?;
        let begun = try_flock(&file, FlockOperation::NonBlockingLockExclusive, &self.0)?;
        Ok((begun && is_at(&file, &self.0)).then_some(file))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tempfile::TempDir;

    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn one_at_a_time_has_the_turn_even_while_its_file_is_removed() {
        let folder = TempDir::new().unwrap();
        let (turn, within) = (Turn::at(&folder.path().join("db")), AtomicUsize::new(0));
        let step = || {
            assert_eq!(within.fetch_add(1, Ordering::SeqCst), 0);
            thread::yield_now();
            within.fetch_sub(1, Ordering::SeqCst);
            Ok(())
        };
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..50).for_each(|_| turn.wait(LONG, step).unwrap()));
            }
            // Before a turn, not during one: nothing helps against that.
            scope.spawn(|| {
                let remove = || std::fs::remove_file(&turn.0).map_err(|_| unreachable!());
                (0..20).for_each(|_| turn.wait(LONG, remove).unwrap());
            });
        });
    }

    #[test]
    fn whoever_keeps_the_turn_is_not_waited_for_for_ever() {
        let folder = TempDir::new().unwrap();
        let turn = Turn::at(&folder.path().join("db"));
        let error = turn.wait(LONG, || turn.wait(Duration::ZERO, || Ok(()))).unwrap_err();
        assert!(matches!(error, SoleError::Stuck { .. }) && error.to_string().contains("db.turn"));
    }
}
