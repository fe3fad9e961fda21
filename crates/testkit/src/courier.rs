//! A courier that a test can look into.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use domain::post::{Courier, DispatchId, Letter, Undelivered};

/// Keeps every letter that it is given, in order, unless it is told to refuse.
#[derive(Debug, Default)]
pub struct RecordingCourier {
    letters: Mutex<Vec<(DispatchId, Letter)>>,
    refuses: AtomicBool,
}

impl RecordingCourier {
    /// All letters so far.
    pub fn letters(&self) -> Vec<Letter> {
        self.kept().iter().map(|(_, letter)| letter.clone()).collect()
    }

    /// The six digits in the last letter.
    pub fn last_code(&self) -> Option<String> {
        let kept = self.kept();
        let words = kept.last()?.1.expose_text();
        let mut words = words.split(|c: char| !c.is_ascii_digit());
        words.find(|word| word.len() == 6).map(str::to_owned)
    }

    /// While `true`, no letter is taken.
    pub fn set_refuses(&self, refuses: bool) {
        self.refuses.store(refuses, Ordering::Relaxed);
    }

    fn kept(&self) -> MutexGuard<'_, Vec<(DispatchId, Letter)>> {
        self.letters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Courier for RecordingCourier {
    async fn deliver(&self, id: DispatchId, letter: &Letter) -> Result<(), Undelivered> {
        if self.refuses.load(Ordering::Relaxed) {
            return Err(Undelivered::because("the courier was told to refuse"));
        }
        self.kept().push((id, letter.clone()));
        Ok(())
    }
}
