//! What administrators do to people: lock, unlock, sign out everywhere.

use actix_web::{HttpRequest, HttpResponse};

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
    state.services().users.lock(&caller.authenticated.user, user_id(&request)?).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Unlock a person
///
/// For administrators. The person may sign in again; sessions that the lock ended stay ended. Who
/// is not locked stays as it is.
#[utoipa::path(
    post, path = "/v1/users/{id}/unlock", tag = "users", params(UserIdParameter),
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 204, description = "The person is not locked."))
)]
pub(crate) async fn unlock_user(
    state: ApiState,
    caller: Caller<V1>,
    request: HttpRequest,
) -> Answer {
    state.services().users.unlock(&caller.authenticated.user, user_id(&request)?).await?;
    Ok(HttpResponse::NoContent().finish())
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
