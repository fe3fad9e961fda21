//! What other nodes change, as far as the audit trail tells of it.

use std::sync::Arc;
use std::time::Duration;

use domain::audit::{Action, AuditStore, Event};
use domain::store::StoreError;
use tokio::time::sleep;

use super::SessionCache;

/// How often the trail is looked at, at most and at least.
const SHORTEST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_millis(500);
/// How many events are read at once.
const BATCH: u16 = 500;

impl SessionCache {
    /// Hears, until the process ends, of what other nodes change. What is chained in the audit trail
    /// is heard of within about half a second; where the trail cannot be read, readings still grow no
    /// older than they may. Ends at once where no age is allowed.
    pub async fn listen(self, trail: Arc<dyn AuditStore>) {
        let Some(staleness) = self.staleness else { return };
        let interval = (staleness / 4).clamp(SHORTEST, LONGEST);
        let mut heard = None;
        loop {
            heard = self.catch_up(trail.as_ref(), heard).await;
            sleep(interval).await;
        }
    }

    /// Hears what happened since; where that cannot be had, anything may have.
    pub(super) async fn catch_up(&self, trail: &dyn AuditStore, heard: Option<i64>) -> Option<i64> {
        match self.hear(trail, heard).await {
            Ok(last) => Some(last),
            Err(_) => {
                self.forget();
                heard
            }
        }
    }

    /// Notes what was chained after `heard`; says which was the last.
    async fn hear(&self, trail: &dyn AuditStore, heard: Option<i64>) -> Result<i64, StoreError> {
        let Some(mut last) = heard else {
            let head = trail.head().await?;
            // What happened before is not heard of any more.
            self.forget();
            return Ok(head.sequence);
        };
        loop {
            let events = trail.chained(last, BATCH).await?;
            let full = events.len() == usize::from(BATCH);
            for recorded in events {
                last = recorded.link.map_or(last, |link| link.sequence);
                self.note(&recorded.event);
            }
            if !full {
                return Ok(last);
            }
        }
    }

    fn note(&self, event: &Event) {
        if changes_somebody(event.action) {
            let person = event.subject.map(|id| id.0);
            self.changes.note([person, event.session.map(|id| id.0)]);
        }
    }
}

/// Whether it may have changed what is remembered: anything but what happens all the time and ends
/// nothing.
fn changes_somebody(action: Action) -> bool {
    !matches!(action, Action::SignIn | Action::SignInThrottle | Action::Refresh)
}
