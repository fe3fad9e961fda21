//! Events as administrators see them.

use domain::audit::Recorded;
use serde::Serialize;
use utoipa::ToSchema;

use crate::v1::page::PageMark;
use crate::v1::time::rfc3339;

/// Something that happened.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditEvent)]
pub(super) struct AuditEventView {
    /// The id.
    #[schema(format = "uuid")]
    id: String,
    /// When.
    #[schema(format = "date-time")]
    occurred_at: String,
    /// What.
    action: &'static str,
    /// What came of it: `success`, `failure` or `denied`.
    outcome: &'static str,
    /// Why, or what of it: a word or a few.
    #[schema(required)]
    detail: Option<String>,
    /// Who did it; null where that is not known, and for the server's operator.
    #[schema(required, format = "uuid")]
    actor_id: Option<String>,
    /// To whom.
    #[schema(required, format = "uuid")]
    subject_id: Option<String>,
    /// By or to which session.
    #[schema(required, format = "uuid")]
    session_id: Option<String>,
    /// At which surface: `v1` or a door's name; null at the command line.
    #[schema(required)]
    door: Option<&'static str>,
    /// The request that it was part of.
    #[schema(required)]
    request_id: Option<String>,
    /// Where the request came from; null once the person is erased.
    #[schema(required)]
    address: Option<String>,
    /// What the caller called itself; null once the person is erased.
    #[schema(required)]
    user_agent: Option<String>,
    /// Its place in the chain.
    #[schema(required, minimum = 1)]
    sequence: Option<i64>,
    /// Its digest, over the digest of the event before, in hexadecimal.
    #[schema(required)]
    hash: Option<String>,
}

/// A page of events.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AuditEventPage {
    /// The events, the latest first.
    pub(super) data: Vec<AuditEventView>,
    /// Whether more follow.
    pub(super) page: PageMark,
}

impl From<&Recorded> for AuditEventView {
    fn from(recorded: &Recorded) -> Self {
        let Recorded { event, link } = recorded;
        let traits = event.traits.as_ref();
        let hex = |hash: [u8; 32]| hash.iter().map(|byte| format!("{byte:02x}")).collect();
        Self {
            id: event.id.0.to_string(),
            occurred_at: rfc3339(event.at),
            action: event.action.name(),
            outcome: event.outcome.name(),
            detail: event.detail.clone(),
            actor_id: event.actor.map(|id| id.to_string()),
            subject_id: event.subject.map(|id| id.to_string()),
            session_id: event.session.map(|id| id.to_string()),
            door: event.door.map(|door| door.name()),
            request_id: event.request_id.clone(),
            address: traits.and_then(|traits| traits.address).map(|address| address.to_string()),
            user_agent: traits.and_then(|traits| traits.user_agent.clone()),
            sequence: link.map(|link| link.sequence),
            hash: link.map(|link| hex(link.hash.0)),
        }
    }
}

/// An event as `GET /v1/audit-events` shows it, on one line.
pub fn audit_event_json(recorded: &Recorded) -> String {
    serde_json::to_string(&AuditEventView::from(recorded)).unwrap_or_default()
}
