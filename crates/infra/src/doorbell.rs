//! A doorbell for all nodes: rings at once for what was said here, and within a second or so for what
//! was said at another node, whose messages are seen in the database.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use domain::chatrooms::{ChatroomId, ChatroomStore, Doorbell};
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

/// How often the rooms that somebody listens to are looked at.
const PERIOD: Duration = Duration::from_secs(1);

/// The rooms that somebody listens to, each with its latest sequence. Clones are the same bell.
#[derive(Clone, Default)]
pub struct PolledDoorbell(Arc<Mutex<HashMap<ChatroomId, watch::Sender<i64>>>>);

impl PolledDoorbell {
    /// Looks for what other nodes said, until the process ends: one statement each time, for all rooms
    /// that somebody listens to, and none when nobody does.
    pub async fn watch(self, rooms: Arc<dyn ChatroomStore>) {
        let mut ticks = interval(PERIOD);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let listened = self.listened();
            if listened.is_empty() {
                continue;
            }
            match rooms.latest(&listened).await {
                Ok(latest) => latest.into_iter().for_each(|(id, sequence)| self.ring(id, sequence)),
                // Whoever listens hears it at the next look.
                Err(error) => tracing::warn!(%error, "chatrooms cannot be looked at"),
            }
        }
    }

    /// The rooms that somebody listens to; the others are forgotten.
    fn listened(&self) -> Vec<ChatroomId> {
        let mut rooms = self.rooms();
        rooms.retain(|_, latest| latest.receiver_count() > 0);
        rooms.keys().copied().collect()
    }

    fn rooms(&self) -> MutexGuard<'_, HashMap<ChatroomId, watch::Sender<i64>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Doorbell for PolledDoorbell {
    fn ring(&self, room: ChatroomId, sequence: i64) {
        if let Some(latest) = self.rooms().get(&room) {
            latest.send_if_modified(|known| {
                let later = sequence > *known;
                *known = sequence.max(*known);
                later
            });
        }
    }

    async fn later_than(&self, room: ChatroomId, after: i64) -> i64 {
        let mut latest = {
            let mut rooms = self.rooms();
            // Not `after`: what one listener claims to have heard is no news to the others.
            rooms.entry(room).or_insert_with(|| watch::channel(0).0).subscribe()
        };
        let heard = latest.wait_for(|latest| *latest > after).await.map(|latest| *latest);
        match heard {
            Ok(latest) => latest,
            // The bell is gone with the process.
            Err(_) => std::future::pending().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::post::Sequel;
    use testkit::memory::MemoryStores;
    use testkit::{a_user, builders};

    use super::*;

    #[tokio::test]
    async fn who_listens_hears_what_is_said_here_at_once() {
        let (bell, room) = (PolledDoorbell::default(), builders::a_room(None).id);
        let heard = tokio::spawn({
            let bell = bell.clone();
            async move { bell.later_than(room, 3).await }
        });
        while bell.listened().is_empty() {
            tokio::task::yield_now().await;
        }
        bell.ring(room, 3);
        bell.ring(room, 5);
        assert_eq!(heard.await.unwrap(), 5);
        assert!(bell.listened().is_empty(), "nobody listens any more");
    }

    #[tokio::test]
    async fn who_claims_to_have_heard_the_future_deafens_nobody() {
        let (bell, room) = (PolledDoorbell::default(), builders::a_room(None).id);
        let ahead = tokio::spawn({
            let bell = bell.clone();
            async move { bell.later_than(room, i64::MAX).await }
        });
        while bell.listened().is_empty() {
            tokio::task::yield_now().await;
        }
        let honest = bell.later_than(room, 3);
        bell.ring(room, 4);
        assert_eq!(honest.await, 4);
        ahead.abort();
    }

    #[tokio::test]
    async fn who_listens_hears_what_was_said_elsewhere() {
        let (bell, stores) = (PolledDoorbell::default(), MemoryStores::new());
        let ada = a_user().build();
        stores.users().add(&ada, &Sequel::none()).await.unwrap();
        let room = builders::a_room(Some(ada.id));
        stores.chatrooms().create(&room, &[ada.id], &Sequel::none()).await.unwrap();
        tokio::spawn(bell.clone().watch(stores.chatrooms()));
        let message = builders::a_message(room.id, ada.id, "hi");
        stores.messages().post(&message, &Sequel::none()).await.unwrap();
        assert_eq!(bell.later_than(room.id, 0).await, 1);
    }
}
