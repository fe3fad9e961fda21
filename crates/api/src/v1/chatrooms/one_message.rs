//! `/v1/messages/{id}`: one message, read, changed, removed and liked.

use actix_web::{HttpRequest, HttpResponse};
use domain::chatrooms::{ChatroomService, MessageKey, MessageView as Said};
use domain::problem::Problem;
use domain::users::User;

use crate::caller::{Authed, Caller};
use crate::state::ApiState;
use crate::v1::chatrooms::rooms::NO_VERSION;
use crate::v1::chatrooms::view::MessageView;
use crate::v1::chatrooms::wire::{self, NewMessage};
use crate::v1::etag::{Condition, if_match, if_none_match};
use crate::v1::members::Members;
use crate::v1::openapi::params::{IfMatch, IfNoneMatch, MessageIdParameter};
use crate::v1::path::message_id;
use crate::v1::problem::V1;
use crate::v1::reply::{Answer, UNSTORED, tagged};

/// Read a message
///
/// For members of its room.
#[utoipa::path(
    get, path = "/v1/messages/{id}", tag = "chatrooms", params(MessageIdParameter, IfNoneMatch),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "The message.", body = MessageView, headers(("ETag"))),
        (status = 304, description = "The caller has it already.", headers(("ETag"))),
    )
)]
pub(crate) async fn get_message(
    state: ApiState,
    caller: Caller<V1>,
    request: HttpRequest,
) -> Answer {
    let unless = if_none_match(&request)?;
    let (actor, key) = (&caller.authenticated.user, key(&request)?);
    let said = state.services().chatrooms.message(actor, &key).await?;
    let view = MessageView::new(&said, state.settings());
    Ok(tagged(&view, &tag(&said), unless.as_ref(), UNSTORED))
}

/// Change a message
///
/// For who said it.
#[utoipa::path(
    patch, path = "/v1/messages/{id}", tag = "chatrooms", params(MessageIdParameter, IfMatch),
    request_body(content((NewMessage = "application/merge-patch+json"), (NewMessage = "application/json"))),
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, description = "The message as it is now.", body = MessageView, headers(("ETag"))))
)]
pub(crate) async fn change_message(
    state: ApiState,
    sent: Authed<V1, Members>,
    request: HttpRequest,
) -> Answer {
    let condition = if_match(&request, state.settings().require_if_match)?;
    let (actor, key) = (&sent.caller.authenticated.user, key(&request)?);
    let (text, rooms) = (wire::text(sent.body)?, &state.services().chatrooms);
    let version = insisted(rooms, actor, &key, condition.as_ref()).await?;
    let said = rooms.edit(actor, &key, version, &text).await?;
    Ok(tagged(&MessageView::new(&said, state.settings()), &tag(&said), None, UNSTORED))
}

/// Remove a message
///
/// For who said it.
#[utoipa::path(
    delete, path = "/v1/messages/{id}", tag = "chatrooms", params(MessageIdParameter, IfMatch),
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 204, description = "The message is removed."))
)]
pub(crate) async fn delete_message(
    state: ApiState,
    caller: Caller<V1>,
    request: HttpRequest,
) -> Answer {
    let condition = if_match(&request, state.settings().require_if_match)?;
    let (actor, key) = (&caller.authenticated.user, key(&request)?);
    let rooms = &state.services().chatrooms;
    let version = insisted(rooms, actor, &key, condition.as_ref()).await?;
    rooms.retract(actor, &key, version).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Like a message
///
/// For members of its room. Once is enough.
#[utoipa::path(
    put, path = "/v1/messages/{id}/like", tag = "chatrooms", params(MessageIdParameter),
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 204, description = "The caller likes it."))
)]
pub(crate) async fn like_message(
    state: ApiState,
    caller: Caller<V1>,
    request: HttpRequest,
) -> Answer {
    like(&state, &caller.authenticated.user, &request, true).await
}

/// Like a message no more
///
/// For members of its room.
#[utoipa::path(
    delete, path = "/v1/messages/{id}/like", tag = "chatrooms", params(MessageIdParameter),
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 204, description = "The caller does not like it."))
)]
pub(crate) async fn unlike_message(
    state: ApiState,
    caller: Caller<V1>,
    request: HttpRequest,
) -> Answer {
    like(&state, &caller.authenticated.user, &request, false).await
}

async fn like(state: &ApiState, actor: &User, request: &HttpRequest, likes: bool) -> Answer {
    state.services().chatrooms.like(actor, &key(request)?, likes).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn key(request: &HttpRequest) -> Result<MessageKey, Problem> {
    message_id(request).map(MessageKey::Id)
}

/// Likes change what is shown, but not the row.
pub(super) fn tag(said: &Said) -> String {
    format!("{}-{}", said.message.version, said.likers.len())
}

/// The version that a change must insist on to honour `If-Match`; `None` where any will do.
async fn insisted(
    rooms: &ChatroomService,
    actor: &User,
    key: &MessageKey,
    condition: Option<&Condition>,
) -> Result<Option<i64>, Problem> {
    let list = match condition {
        None | Some(Condition::Any) => return Ok(None),
        Some(list @ Condition::OneOf(_)) => list,
    };
    let said = rooms.message(actor, key).await?;
    Ok(Some(if list.holds_strongly(&tag(&said)) { said.message.version } else { NO_VERSION }))
}
