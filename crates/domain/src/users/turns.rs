//! Turns: whoever lost a race for a row waits here, so that all get through and none starves.

use async_lock::{Mutex, MutexGuard};
use uuid::Uuid;

/// How many rows can be waited for at once; a few share a queue beyond that.
const QUEUES: usize = 64;

/// One queue per row, nearly. Exactness is up to the store's compare-and-swap: this spares it the
/// losers of one process, who would only lose again.
pub(crate) struct Turns([Mutex<()>; QUEUES]);

impl Turns {
    /// Waits for one's turn at the row with this id; it lasts until the guard is dropped.
    pub(crate) async fn take(&self, id: Uuid) -> MutexGuard<'_, ()> {
        // The last bits of a UUID version 7 are random.
        let queue = usize::from(id.as_bytes()[15]) % QUEUES;
        self.0[queue].lock().await
    }
}

impl Default for Turns {
    fn default() -> Self {
        Self(std::array::from_fn(|_| Mutex::new(())))
    }
}
