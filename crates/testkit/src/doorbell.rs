//! A doorbell of one process, for tests.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use domain::chatrooms::{ChatroomId, Doorbell};
use tokio::sync::Notify;

/// Remembers the latest sequence of each room and wakes whoever waits.
#[derive(Debug, Default)]
pub struct HandBell {
    latest: Mutex<HashMap<ChatroomId, i64>>,
    rung: Notify,
}

#[async_trait]
impl Doorbell for HandBell {
    fn ring(&self, room: ChatroomId, sequence: i64) {
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        let known = latest.entry(room).or_default();
        *known = sequence.max(*known);
        self.rung.notify_waiters();
    }

    async fn later_than(&self, room: ChatroomId, after: i64) -> i64 {
        loop {
            let rung = self.rung.notified();
            let latest = self.latest_in(room);
            if latest > after {
                return latest;
            }
            rung.await;
        }
    }
}

impl HandBell {
    fn latest_in(&self, room: ChatroomId) -> i64 {
        let latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        latest.get(&room).copied().unwrap_or_default()
    }
}
