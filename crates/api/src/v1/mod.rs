//! The canonical API: one consistent contract for new clients, described by `/v1/openapi.json`.
//!
//! A handler reads what was sent, calls one service, and presents what it says. What does not fit
//! is told all at once, as a problem document.

mod audit_events;
mod books;
pub(crate) mod chatrooms;
pub(crate) mod cursor;
mod etag;
mod fault;
#[cfg(fuzzing)]
pub(crate) mod fuzzing;
pub(crate) mod idempotency;
mod members;
mod misfit;
pub(crate) mod nearest;
mod openapi;
mod page;
pub(crate) mod password_resets;
mod path;
mod problem;
mod query;
mod reply;
mod sessions;
mod time;
mod users;
pub(crate) mod verifications;
mod visitor;
mod wording;

use actix_web::HttpResponse;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::ServiceConfig;

pub use audit_events::audit_event_json;
pub use openapi::openapi_json;
pub(crate) use problem::V1;
pub(crate) use wording::problem_kinds;

use crate::http::resource;
use crate::state::ApiState;

/// Every path below `/v1` without an id in it.
///
/// A path is looked for in the order of registration, and a pattern with an id is a regular expression:
/// so all that are plain text, the doors' included, come before the first of them.
pub(crate) fn routes(config: &mut ServiceConfig) {
    config
        .configure(users::routes)
        .configure(books::routes)
        .configure(chatrooms::routes)
        .configure(sessions::routes)
        .configure(verifications::routes)
        .configure(password_resets::routes)
        .configure(audit_events::routes)
        .service(resource::<V1>("/v1/openapi.json").get(document).done());
}

/// Every path below `/v1` with an id in it.
pub(crate) fn routes_by_id(config: &mut ServiceConfig) {
    config
        .configure(users::routes_by_id)
        .configure(sessions::routes_by_id)
        .configure(books::routes_by_id)
        .configure(chatrooms::routes_by_id);
}

async fn document(state: ApiState) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        .insert_header((CACHE_CONTROL, "public, max-age=300"))
        .body(state.openapi_json().to_string())
}
