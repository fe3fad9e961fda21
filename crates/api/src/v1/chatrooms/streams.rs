//! The streams that are open: how many each person has, and their common end.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::problem::Problem;
use domain::sessions::{Quota, Tally};
use domain::users::UserId;
use tokio::sync::watch;

/// How many streams one person may have open at this node.
const MOST: u32 = 20;
/// When to come back if all are taken: that a reader is gone shows within two heartbeats.
const WAIT: Duration = Duration::from_secs(10);

/// Shared by all workers; clones are the same streams.
#[derive(Clone)]
pub(crate) struct Streams(Arc<Inner>);

struct Inner {
    open: Mutex<HashMap<UserId, u32>>,
    ending: watch::Sender<bool>,
}

/// One open stream, until it is dropped.
pub(crate) struct Place {
    streams: Streams,
    user: UserId,
    ending: watch::Receiver<bool>,
}

impl Default for Streams {
    fn default() -> Self {
        Self(Arc::new(Inner { open: Mutex::default(), ending: watch::channel(false).0 }))
    }
}

impl Streams {
    /// A place for one more stream of this person.
    pub(crate) fn enter(&self, user: UserId, tally: &Tally) -> Result<Place, Problem> {
        let mut open = self.open();
        let count = open.entry(user).or_default();
        if *count >= MOST {
            let (name, limit, left) = ("event-streams", MOST, Some((0, WAIT)));
            tally.put(Quota { name, limit, window: None, left });
            return Err(Problem::Throttled(WAIT));
        }
        *count += 1;
        Ok(Place { streams: self.clone(), user, ending: self.0.ending.subscribe() })
    }

    /// Ends all streams, now and from now on: the server is about to leave.
    pub(crate) fn end(&self) {
        self.0.ending.send_replace(true);
    }

    fn open(&self) -> MutexGuard<'_, HashMap<UserId, u32>> {
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// Waits until all streams end.
    pub(crate) async fn ended(&mut self) {
        // An error means that nobody is left who could end it, which is an end too.
        let _ = self.ending.wait_for(|ending| *ending).await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.streams.open();
        if let Some(count) = open.get_mut(&self.user) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.user);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[tokio::test]
    async fn a_person_has_so_many_streams_and_gets_each_back() {
        let (streams, user) = (Streams::default(), UserId(Uuid::from_u128(1)));
        let tally = Tally::default();
        let mut places: Vec<Place> =
            (0..MOST).map(|_| streams.enter(user, &tally).unwrap()).collect();
        assert!(matches!(streams.enter(user, &tally), Err(Problem::Throttled(_))));
        assert_eq!(tally.quotas()[0].left, Some((0, WAIT)));
        assert!(streams.enter(UserId(Uuid::from_u128(2)), &tally).is_ok());
        places.pop();
        assert!(streams.enter(user, &tally).is_ok());
        streams.end();
        places[0].ended().await;
        drop(places);
        assert!(streams.open().is_empty());
    }
}
