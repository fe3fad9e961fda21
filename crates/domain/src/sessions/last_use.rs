//! When sessions were last used: noted in batches, since no request waits for it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::problem::Problem;
use crate::sessions::{Session, SessionId, SessionService};
use crate::time::Timestamp;

/// `last_seen_at` is written at most this often per session, and more often only where the idle time
/// is a matter of minutes.
const TOUCH_INTERVAL: Duration = Duration::from_secs(60);
/// How long a use waits to be written, at most.
const LONGEST_WAIT: Duration = Duration::from_secs(1);
/// How many wait. Those beyond are noted when they come again, which those in use do.
const MOST: usize = 10_000;

/// A use of a session that is to be noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastUse {
    /// Of this session.
    pub session: SessionId,
    /// When.
    pub at: Timestamp,
    /// Not noted where a use after this is noted already: others may have been quicker.
    pub unless_since: Timestamp,
}

/// Uses that are still to be written, the first of each session. What is lost of them with the process
/// was not older than [`SessionService::last_use_pause`].
#[derive(Debug, Default)]
pub(crate) struct LastUses(Mutex<HashMap<SessionId, LastUse>>);

impl LastUses {
    fn note(&self, last: LastUse) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() < MOST {
            waiting.entry(last.session).or_insert(last);
        }
    }

    /// In the order of their sessions: who writes several rows does so as all others do.
    fn take(&self) -> Vec<LastUse> {
        let waiting = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let mut uses: Vec<LastUse> = waiting.into_values().collect();
        uses.sort_unstable_by_key(|last| last.session.0);
        uses
    }
}

impl SessionService {
    /// Notes that a session is in use, if its last use was noted a while ago. It is written with the
    /// [next batch](Self::write_last_uses).
    pub(crate) fn note_use(&self, session: &Session, now: Timestamp) {
        let interval = self.touch_interval();
        if now.since(session.last_seen_at) >= interval {
            let unless_since = now.minus(interval);
            self.last_uses.note(LastUse { session: session.id, at: now, unless_since });
        }
    }

    /// Writes the uses that were noted since the last time. Requests go on without: reads outlive a full
    /// disk, and whoever is in use comes again.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn write_last_uses(&self) -> Result<(), Problem> {
        let uses = self.last_uses.take();
        if !uses.is_empty() {
            self.ports.sessions.touch(&uses).await?;
        }
        Ok(())
    }

    /// How long uses are gathered before they are written.
    pub fn last_use_pause(&self) -> Duration {
        LONGEST_WAIT.min(self.touch_interval())
    }

    /// A tenth of the idle time, if that is shorter: else a session in constant use would idle out.
    fn touch_interval(&self) -> Duration {
        TOUCH_INTERVAL.min(self.lifetimes.idle / 10)
    }
}
