//! Events as rows.

use diesel::{Insertable, QueryResult, Queryable, Selectable};
use domain::audit::{Action, Event, EventId, Link, LinkHash, Outcome, Recorded, Traits};
use domain::sessions::{Door, SessionId};
use domain::users::UserId;

use crate::db::{Moment, MultiBackend, audit_events};
use crate::stores::row::{Corrupt, uuid};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = audit_events, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub(super) struct EventRow {
    id: Vec<u8>,
    occurred_at: Moment,
    action: String,
    outcome: String,
    actor_id: Option<Vec<u8>>,
    subject_id: Option<Vec<u8>>,
    session_id: Option<Vec<u8>>,
    door: Option<String>,
    request_id: Option<String>,
    detail: Option<String>,
    address: Option<String>,
    user_agent: Option<String>,
    salt: Option<Vec<u8>>,
    traits_hash: Vec<u8>,
    sequence: Option<i64>,
    link_hash: Option<Vec<u8>>,
}

impl From<&Event> for EventRow {
    fn from(event: &Event) -> Self {
        let traits = event.traits.as_ref();
        Self {
            id: event.id.0.into(),
            occurred_at: event.at.into(),
            action: event.action.name().into(),
            outcome: event.outcome.name().into(),
            actor_id: event.actor.map(|id| id.0.into()),
            subject_id: event.subject.map(|id| id.0.into()),
            session_id: event.session.map(|id| id.0.into()),
            door: event.door.map(|door| door.name().into()),
            request_id: event.request_id.clone(),
            detail: event.detail.clone(),
            address: traits.and_then(|traits| traits.address).map(|address| address.to_string()),
            user_agent: traits.and_then(|traits| traits.user_agent.clone()),
            salt: traits.map(|traits| traits.salt.to_vec()),
            traits_hash: event.traits_hash.to_vec(),
            sequence: None,
            link_hash: None,
        }
    }
}

impl EventRow {
    /// The event, unless the row holds what no version of this program wrote.
    pub(super) fn into_recorded(self) -> QueryResult<Recorded> {
        let id = EventId(uuid("audit_events.id", &self.id)?);
        let person = |column, bytes: Option<Vec<u8>>| {
            bytes.map(|bytes| uuid(column, &bytes).map(UserId)).transpose()
        };
        let door = |name: String| Door::from_name(&name).ok_or(Corrupt("audit_events.door"));
        let session = self.session_id.map(|bytes| uuid("audit_events.session_id", &bytes));
        let event = Event {
            id,
            at: self.occurred_at.into(),
            action: Action::from_name(&self.action).ok_or(Corrupt("audit_events.action"))?,
            outcome: Outcome::from_name(&self.outcome).ok_or(Corrupt("audit_events.outcome"))?,
            actor: person("audit_events.actor_id", self.actor_id)?,
            subject: person("audit_events.subject_id", self.subject_id)?,
            session: session.transpose()?.map(SessionId),
            door: self.door.map(door).transpose()?,
            request_id: self.request_id,
            detail: self.detail,
            traits: traits(self.address, self.user_agent, self.salt)?,
            traits_hash: array("audit_events.traits_hash", self.traits_hash)?,
        };
        let link = match (self.sequence, self.link_hash) {
            (Some(sequence), Some(hash)) => {
                let hash = LinkHash(array("audit_events.link_hash", hash)?);
                Some(Link { id, sequence, hash })
            }
            (Some(_) | None, _) => None,
        };
        Ok(Recorded { event, link })
    }
}

/// Without the salt nothing is left of them.
fn traits(
    address: Option<String>,
    user_agent: Option<String>,
    salt: Option<Vec<u8>>,
) -> Result<Option<Traits>, Corrupt> {
    let Some(salt) = salt else { return Ok(None) };
    let address = address.map(|text| text.parse().map_err(|_| Corrupt("audit_events.address")));
    let salt = array("audit_events.salt", salt)?;
    Ok(Some(Traits { address: address.transpose()?, user_agent, salt }))
}

pub(super) fn array(column: &'static str, bytes: Vec<u8>) -> Result<[u8; 32], Corrupt> {
    bytes.try_into().map_err(|_| Corrupt(column))
}
