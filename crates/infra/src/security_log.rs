//! Security events and degraded operation as structured log lines.
//!
//! One line each, at the targets `security` and `degraded`, so that an operator can route them.
//! People and sessions are named by id. What a stranger chose is escaped and cut.

use domain::sessions::{Client, SecurityEvent, SecurityLog, SessionId};
use domain::store::Source;
use domain::users::UserId;
use tracing::field::{debug, display};

/// How many characters of a user agent a line shows.
const USER_AGENT_CHARS: usize = 120;

/// Writes to whatever `tracing` subscriber the process has.
#[derive(Debug, Clone, Copy, Default)]
pub struct TracingSecurityLog;

/// What a line says beside where the request came from.
struct Line {
    event: &'static str,
    /// Whether an operator may want to be woken by it.
    alarming: bool,
    user: Option<UserId>,
    session: Option<SessionId>,
}

impl SecurityLog for TracingSecurityLog {
    fn event(&self, event: &SecurityEvent, client: &Client) {
        let Line { event, alarming, user, session } = line(event);
        let user = user.map(|id| display(id.0));
        let session = session.map(|id| display(id.0));
        let address = client.address.map(display);
        // Debug escapes line ends, terminal controls and characters that reorder text.
        let user_agent = client.user_agent.as_deref().map(|text| debug(cut(text)));
        if alarming {
            tracing::warn!(target: "security", event, user, session, address, user_agent);
        } else {
            tracing::info!(target: "security", event, user, session, address, user_agent);
        }
    }

    fn degraded(&self, what: &'static str, source: Source) {
        // The causes may quote what another program said: escaped like everything foreign.
        tracing::error!(target: "degraded", what, cause = debug(chain(source.as_ref())));
    }
}

fn line(event: &SecurityEvent) -> Line {
    let (event, alarming, user, session) = match *event {
        SecurityEvent::SignedIn(user, session) => ("signed_in", false, Some(user), Some(session)),
        SecurityEvent::SignInFailed(user) => ("sign_in_failed", false, user, None),
        SecurityEvent::SignInThrottled(user) => ("sign_in_throttled", true, user, None),
        SecurityEvent::RefreshReused(user, session) => {
            ("refresh_reused", true, Some(user), Some(session))
        }
        SecurityEvent::SignedOut(user, session) => ("signed_out", false, Some(user), Some(session)),
    };
    Line { event, alarming, user, session }
}

fn cut(text: &str) -> &str {
    text.char_indices().nth(USER_AGENT_CHARS).map_or(text, |(end, _)| &text[..end])
}

/// An error and its causes on one line.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |cause| cause.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

#[cfg(test)]
mod tests;
