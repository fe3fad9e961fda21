//! `/v1/audit-events`: what happened, for administrators.

mod view;

use actix_web::HttpRequest;
use actix_web::web::ServiceConfig;
use domain::audit::{Action, AuditCursor, AuditQuery, Outcome};
use domain::page::PageRequest;
use domain::users::UserId;

use crate::caller::Caller;
use crate::http::resource;
use crate::state::ApiState;
use crate::v1::cursor;
use crate::v1::fault::V1Fault;
use crate::v1::openapi::params::AuditParameters;
use crate::v1::page::PageMark;
use crate::v1::problem::V1;
use crate::v1::query::Query;
use crate::v1::reply::Answer;
use view::{AuditEventPage, AuditEventView};

pub use view::audit_event_json;

pub(crate) fn routes(config: &mut ServiceConfig) {
    config.service(resource::<V1>("/v1/audit-events").get(list_audit_events).done());
}

/// List what happened
///
/// Everything of interest to security, for administrators: a page at a time, the latest first. Each
/// event was written together with what it records, and is chained to the one before by a keyed
/// digest; `doorward audit verify` finds the first that was altered.
#[utoipa::path(
    get, path = "/v1/audit-events", tag = "audit-events", params(AuditParameters),
    security(("bearer" = []), ("cookie" = [])),
    responses((
        status = 200, description = "A page of events.", body = AuditEventPage, headers(("Link"))
    ))
)]
pub(crate) async fn list_audit_events(
    state: ApiState,
    caller: Caller<V1>,
    request: HttpRequest,
) -> Answer {
    let Listing { query, page, sent } = Listing::read(request.query_string())?;
    let actor = &caller.authenticated.user;
    let page = state.services().audit.list(actor, &query, &page).await?;
    let next = page.next.map(|key| cursor::encode(&key, ()));
    let view = AuditEventPage {
        data: page.items.iter().map(AuditEventView::from).collect(),
        page: PageMark::new(next, None),
    };
    let url = format!("{}/v1/audit-events", state.settings().public_url);
    Ok(view.page.reply(&view, &url, &sent))
}

/// What the trail is asked.
struct Listing {
    query: AuditQuery,
    page: PageRequest<AuditCursor>,
    sent: Vec<(String, String)>,
}

impl Listing {
    fn read(raw: &str) -> Result<Self, V1Fault> {
        let mut sent = Query::parse(raw);
        let query = AuditQuery {
            actor: sent.uuid("actor_id").map(UserId),
            subject: sent.uuid("subject_id").map(UserId),
            action: sent.one_of("action", Action::NAMES, Action::from_name),
            outcome: sent.one_of("outcome", Outcome::NAMES, Outcome::from_name),
            request_id: sent.search("request_id"),
            from: sent.time("occurred_after"),
            before: sent.time("occurred_before"),
        };
        let page = sent.page(());
        Ok(Self { query, page, sent: sent.finish()? })
    }
}
