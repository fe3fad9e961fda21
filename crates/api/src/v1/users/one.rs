//! `/v1/users/{id}` and `/v1/users/me`: one person, read, changed and removed.

use actix_web::{HttpRequest, HttpResponse};
use domain::users::{User, UserId, UserKey};

use crate::caller::{Authed, Caller};
use crate::settings::ApiSettings;
use crate::state::ApiState;
use crate::v1::etag::{Condition, if_match, if_none_match};
use crate::v1::members::Members;
use crate::v1::openapi::params::{IfMatch, IfNoneMatch, UserIdParameter};
use crate::v1::path::user_id;
use crate::v1::problem::V1;
use crate::v1::reply::{Answer, UNSTORED, ended, tagged};
use crate::v1::users::tag;
use crate::v1::users::view::{PublicUserView, SomeUserView, UserView};
use crate::v1::users::wire::UserPatch;

/// Read a person
///
/// In full for the person itself and for administrators; everybody else sees `id`, `username`,
/// `display_name` and `avatar_url`.
#[utoipa::path(
    get, path = "/v1/users/{id}", tag = "users", params(UserIdParameter, IfNoneMatch),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "The person.", body = SomeUserView, headers(("ETag"))),
        (status = 304, description = "The caller has it already.", headers(("ETag"))),
    )
)]
pub(crate) async fn get_user(state: ApiState, caller: Caller<V1>, request: HttpRequest) -> Answer {
    let unless = if_none_match(&request)?;
    let key = UserKey::Id(user_id(&request)?);
    let user = state.services().users.find(&key).await?;
    Ok(shown(state.settings(), &caller.authenticated.user, &user, unless.as_ref()))
}

/// Read one's own account
#[utoipa::path(
    get, path = "/v1/users/me", tag = "users", params(IfNoneMatch),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "The caller.", body = UserView, headers(("ETag"))),
        (status = 304, description = "The caller has it already.", headers(("ETag"))),
    )
)]
pub(crate) async fn get_me(state: ApiState, caller: Caller<V1>, request: HttpRequest) -> Answer {
    let unless = if_none_match(&request)?;
    let user = &caller.authenticated.user;
    Ok(shown(state.settings(), user, user, unless.as_ref()))
}

/// Change a person
///
/// For the person itself and for administrators. See `PATCH /v1/users/me`; a change that an
/// administrator makes to somebody else needs no password and takes effect at once.
#[utoipa::path(
    patch, path = "/v1/users/{id}", tag = "users", params(UserIdParameter, IfMatch),
    request_body(content((UserPatch = "application/merge-patch+json"), (UserPatch = "application/json"))),
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, description = "The person as it is now.", body = UserView, headers(("ETag"))))
)]
pub(crate) async fn change_user(
    state: ApiState,
    sent: Authed<V1, Members>,
    request: HttpRequest,
) -> Answer {
    let id = user_id(&request)?;
    change(&state, sent, id, &request).await
}

/// Change one's own account
///
/// A merge-patch (RFC 7396): what is absent stays, null clears. A new `email` or `mobile` needs
/// `current_password` beside it and waits in `pending_email` or `pending_mobile` until it is
/// verified. `status` and `roles` are for administrators.
#[utoipa::path(
    patch, path = "/v1/users/me", tag = "users", params(IfMatch),
    request_body(content((UserPatch = "application/merge-patch+json"), (UserPatch = "application/json"))),
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, description = "The caller as it is now.", body = UserView, headers(("ETag"))))
)]
pub(crate) async fn change_me(
    state: ApiState,
    sent: Authed<V1, Members>,
    request: HttpRequest,
) -> Answer {
    let id = sent.caller.authenticated.user.id;
    change(&state, sent, id, &request).await
}

/// Remove a person
///
/// For the person itself and for administrators. All its sessions end with it.
#[utoipa::path(
    delete, path = "/v1/users/{id}", tag = "users", params(UserIdParameter, IfMatch),
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 204, description = "The person is removed."))
)]
pub(crate) async fn delete_user(
    state: ApiState,
    caller: Caller<V1>,
    request: HttpRequest,
) -> Answer {
    let id = user_id(&request)?;
    delete(&state, &caller, id, &request).await
}

/// Remove one's own account
///
/// All its sessions end with it.
#[utoipa::path(
    delete, path = "/v1/users/me", tag = "users", params(IfMatch),
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 204, description = "The account is removed."))
)]
pub(crate) async fn delete_me(state: ApiState, caller: Caller<V1>, request: HttpRequest) -> Answer {
    let id = caller.authenticated.user.id;
    delete(&state, &caller, id, &request).await
}

fn shown(
    settings: &ApiSettings,
    viewer: &User,
    user: &User,
    unless: Option<&Condition>,
) -> HttpResponse {
    let (view, tag) = if viewer.may_manage(user.id) {
        (SomeUserView::Full(Box::new(UserView::new(user, settings))), tag::full(user))
    } else {
        (SomeUserView::Public(PublicUserView::new(user, settings)), tag::public(user))
    };
    tagged(&view, &tag, unless, UNSTORED)
}

async fn change(
    state: &ApiState,
    sent: Authed<V1, Members>,
    id: UserId,
    request: &HttpRequest,
) -> Answer {
    let condition = if_match(request, state.settings().require_if_match)?;
    let change = UserPatch::read(sent.body)?;
    let Caller { authenticated, client, .. } = sent.caller;
    let users = &state.services().users;
    let version = tag::insisted(users, id, condition.as_ref()).await?;
    let (actor, rules) = (&authenticated.user, &state.settings().v1_rules);
    let user = users.change_profile(actor, id, version, &change, rules, &client).await?;
    Ok(tagged(&UserView::new(&user, state.settings()), &tag::full(&user), None, UNSTORED))
}

async fn delete(
    state: &ApiState,
    caller: &Caller<V1>,
    id: UserId,
    request: &HttpRequest,
) -> Answer {
    let condition = if_match(request, state.settings().require_if_match)?;
    let users = &state.services().users;
    let version = tag::insisted(users, id, condition.as_ref()).await?;
    let authenticated = &caller.authenticated;
    users.delete(&authenticated.user, id, version).await?;
    Ok(if authenticated.user.id == id {
        ended(state.settings(), &authenticated.session)
    } else {
        HttpResponse::NoContent().finish()
    })
}
