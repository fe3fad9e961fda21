//! What administrators do to people: lock, unlock, sign out everywhere.

use actix_web::{HttpRequest, HttpResponse};
use domain::users::Status;

use crate::caller::Caller;
use crate::state::ApiState;
use crate::v1::openapi::params::UserIdParameter;
use crate::v1::path::user_id;
use crate::v1::problem::V1;
use crate::v1::reply::Answer;

/// Lock a person
///
/// For administrators. The person is out at its very next request and cannot sign in until it is
/// unlocked.
#[utoipa::path(
    post, path = "/v1/users/{id}/lock", tag = "users", params(UserIdParameter),
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 204, description = "The person is locked."))
)]
pub(crate) async fn lock_user(state: ApiState, caller: Caller<V1>, request: HttpRequest) -> Answer {
    set_status(&state, &caller, &request, Status::Locked).await
}

/// Unlock a person
///
/// For administrators. The person may sign in again; sessions that the lock ended stay ended.
#[utoipa::path(
    post, path = "/v1/users/{id}/unlock", tag = "users", params(UserIdParameter),
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 204, description = "The person is active."))
)]
pub(crate) async fn unlock_user(
    state: ApiState,
    caller: Caller<V1>,
    request: HttpRequest,
) -> Answer {
    set_status(&state, &caller, &request, Status::Active).await
}

/// Sign a person out everywhere
///
/// For administrators. Every session of the person ends; it may sign in again.
#[utoipa::path(
    delete, path = "/v1/users/{id}/sessions", tag = "users", params(UserIdParameter),
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 204, description = "All sessions of the person are closed."))
)]
pub(crate) async fn close_sessions_of_user(
    state: ApiState,
    caller: Caller<V1>,
    request: HttpRequest,
) -> Answer {
    let (id, actor) = (user_id(&request)?, &caller.authenticated.user);
    state.services().sessions.close_all_of(actor, id).await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn set_status(
    state: &ApiState,
    caller: &Caller<V1>,
    request: &HttpRequest,
    status: Status,
) -> Answer {
    let (id, actor) = (user_id(request)?, &caller.authenticated.user);
    state.services().users.set_status(actor, id, status).await?;
    Ok(HttpResponse::NoContent().finish())
}
