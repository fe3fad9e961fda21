//! A security log that a test can read.

use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::sessions::{Client, SecurityEvent, SecurityLog};
use domain::store::Source;

/// Keeps what it is told, in order.
#[derive(Debug, Default)]
pub struct RecordingLog(Mutex<Notes>);

#[derive(Debug, Default)]
struct Notes {
    events: Vec<(SecurityEvent, Client)>,
    degraded: Vec<(&'static str, String)>,
}

impl RecordingLog {
    /// All events so far, without where they came from.
    pub fn events(&self) -> Vec<SecurityEvent> {
        self.notes().events.iter().map(|(event, _)| event.clone()).collect()
    }

    /// All events so far, each with where it came from.
    pub fn events_with_clients(&self) -> Vec<(SecurityEvent, Client)> {
        self.notes().events.clone()
    }

    /// What failed beside a request's purpose, and how.
    pub fn degradations(&self) -> Vec<(&'static str, String)> {
        self.notes().degraded.clone()
    }

    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SecurityLog for RecordingLog {
    fn event(&self, event: &SecurityEvent, client: &Client) {
        self.notes().events.push((event.clone(), client.clone()));
    }

    fn degraded(&self, what: &'static str, source: Source) {
        self.notes().degraded.push((what, source.to_string()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_remembers_what_it_was_told_in_order() {
        let log = RecordingLog::default();
        let client = Client { user_agent: Some("curl/8".into()), ..Client::default() };
        log.event(&SecurityEvent::SignInFailed(None), &client);
        log.event(&SecurityEvent::SignInThrottled(None), &Client::default());
        log.degraded("touch", "the store is away".into());
        let expected = [SecurityEvent::SignInFailed(None), SecurityEvent::SignInThrottled(None)];
        assert_eq!(log.events(), expected);
        assert_eq!(log.events_with_clients()[0].1.user_agent, client.user_agent);
        assert_eq!(log.degradations(), [("touch", "the store is away".to_owned())]);
    }
}
