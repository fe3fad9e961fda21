//! Events.

use domain::audit::{Action, Event, EventId, Outcome, Traits};

use super::{ordinal, uuid};
use crate::time::noon;

/// Somebody's sign-in at noon, from somewhere.
pub fn an_event() -> Event {
    let ordinal = ordinal();
    let traits = Traits {
        address: Some([192, 0, 2, 7].into()),
        user_agent: Some("curl/8".to_owned()),
        salt: [7; 32],
    };
    Event {
        id: EventId(uuid(noon(), ordinal)),
        at: noon(),
        action: Action::SignIn,
        outcome: Outcome::Success,
        actor: None,
        subject: None,
        session: None,
        door: None,
        request_id: None,
        detail: None,
        traits_hash: traits.digest(),
        traits: Some(traits),
    }
}
