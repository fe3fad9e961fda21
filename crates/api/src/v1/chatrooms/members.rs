//! `/v1/chatrooms/{id}/members`: who is in a room.

use actix_web::{HttpRequest, HttpResponse};

use crate::caller::{Authed, Caller};
use crate::state::ApiState;
use crate::v1::chatrooms::rooms::key;
use crate::v1::chatrooms::view::{MemberPage, person};
use crate::v1::chatrooms::wire::{self, Entrance};
use crate::v1::cursor;
use crate::v1::members::Members;
use crate::v1::openapi::params::{ChatroomIdParameter, PageParameters};
use crate::v1::page::PageMark;
use crate::v1::path::chatroom_id;
use crate::v1::problem::V1;
use crate::v1::query::Query;
use crate::v1::reply::Answer;

/// List the members of a chatroom
///
/// For members.
#[utoipa::path(
    get, path = "/v1/chatrooms/{id}/members", tag = "chatrooms",
    params(ChatroomIdParameter, PageParameters), security(("bearer" = []), ("cookie" = [])),
    responses((
        status = 200, description = "A page of people.", body = MemberPage, headers(("Link"))
    ))
)]
pub(crate) async fn list_members(
    state: ApiState,
    caller: Caller<V1>,
    request: HttpRequest,
) -> Answer {
    let mut sent = Query::parse(request.query_string());
    let page = sent.page(());
    let (id, sent) = (chatroom_id(&request)?, sent.finish()?);
    let (actor, settings) = (&caller.authenticated.user, state.settings());
    let page = state.services().chatrooms.members(actor, &key(&request)?, &page).await?;
    let mark = PageMark::new(page.next.map(|key| cursor::encode(&key, ())), None);
    let data = page.items.iter().map(|member| person(member, settings)).collect();
    let view = MemberPage { data, page: mark };
    let url = format!("{}/v1/chatrooms/{id}/members", settings.public_url);
    Ok(view.page.reply(&view, &url, &sent))
}

/// Join a chatroom
///
/// A private one with its passkey. Who is in it already stays in it.
#[utoipa::path(
    post, path = "/v1/chatrooms/{id}/members", tag = "chatrooms", request_body = Entrance,
    params(ChatroomIdParameter), security(("bearer" = []), ("cookie" = [])),
    responses((status = 204, description = "The caller is in the room."))
)]
pub(crate) async fn join_chatroom(
    state: ApiState,
    sent: Authed<V1, Members>,
    request: HttpRequest,
) -> Answer {
    let passkey = wire::passkey(sent.body)?;
    let (actor, client) = (&sent.caller.authenticated.user, &sent.caller.client);
    state.services().chatrooms.join(actor, &key(&request)?, &passkey, client).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Leave a chatroom
#[utoipa::path(
    delete, path = "/v1/chatrooms/{id}/members/me", tag = "chatrooms",
    params(ChatroomIdParameter), security(("bearer" = []), ("cookie" = [])),
    responses((status = 204, description = "The caller is not in the room any more."))
)]
pub(crate) async fn leave_chatroom(
    state: ApiState,
    caller: Caller<V1>,
    request: HttpRequest,
) -> Answer {
    let actor = &caller.authenticated.user;
    state.services().chatrooms.leave(actor, &key(&request)?).await?;
    Ok(HttpResponse::NoContent().finish())
}
