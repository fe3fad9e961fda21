//! `/v1/users/me/password`: another password.

use actix_web::{HttpRequest, HttpResponse};
use domain::problem::Problem;

use crate::caller::Authed;
use crate::state::ApiState;
use crate::v1::etag::if_match;
use crate::v1::members::Members;
use crate::v1::openapi::params::IfMatch;
use crate::v1::problem::V1;
use crate::v1::reply::Answer;
use crate::v1::users::tag;
use crate::v1::users::wire::NewPassword;

/// Change one's own password
///
/// All other sessions of the account end; the caller's goes on. A wrong `current_password` counts
/// like a failed sign-in. `If-Match` is never required here, for the current password says already
/// what is to be replaced.
#[utoipa::path(
    put, path = "/v1/users/me/password", tag = "users", params(IfMatch),
    request_body = NewPassword,
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 204, description = "The password is changed."))
)]
pub(crate) async fn change_password(
    state: ApiState,
    sent: Authed<V1, Members>,
    request: HttpRequest,
) -> Answer {
    let condition = if_match(&request, false)?;
    let (current, new) = NewPassword::read(sent.body)?;
    let caller = &sent.caller.authenticated;
    if condition.is_some_and(|condition| !condition.holds_strongly(&tag::full(&caller.user))) {
        return Err(Problem::VersionMismatch.into());
    }
    let (users, rules) = (&state.services().users, &state.settings().v1_rules);
    users.change_password(caller, &current, &new, rules, &sent.caller.client).await?;
    Ok(HttpResponse::NoContent().finish())
}
