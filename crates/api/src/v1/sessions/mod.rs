//! Sessions: signing in, staying signed in, and one's own open sessions.

mod opening;
mod own;
#[cfg(test)]
mod tests;
mod view;
mod wire;

use actix_web::web::ServiceConfig;

pub(crate) use opening::*;
pub(crate) use own::*;

use crate::http::resource;
use crate::v1::problem::V1;

/// The paths of this folder. Words stand before `{id}`, which would take them for ids.
pub(crate) fn routes(config: &mut ServiceConfig) {
    config
        .service(
            resource::<V1>("/v1/sessions")
                .get(list_sessions)
                .post(open_session)
                .delete(close_sessions)
                .done(),
        )
        .service(resource::<V1>("/v1/sessions/refresh").post(refresh_session).done())
        .service(
            resource::<V1>("/v1/sessions/current")
                .get(get_current_session)
                .delete(close_current_session)
                .done(),
        );
}

/// Those of them that have an id in them.
pub(crate) fn routes_by_id(config: &mut ServiceConfig) {
    config.service(resource::<V1>("/v1/sessions/{id}").delete(close_session).done());
}
