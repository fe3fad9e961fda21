//! `/v1/chatrooms` and `/v1/chatrooms/{id}`: the rooms themselves.

use actix_web::http::header::ETAG;
use actix_web::{HttpRequest, HttpResponse};
use domain::chatrooms::{ChatroomKey, ChatroomService, RoomView};
use domain::problem::Problem;

use crate::caller::{Authed, Caller};
use crate::http::search::Search;
use crate::state::ApiState;
use crate::v1::chatrooms::view::{ChatroomPage, ChatroomView};
use crate::v1::chatrooms::wire::{self, ChatroomPatch, NewChatroom};
use crate::v1::cursor;
use crate::v1::etag::{Condition, if_match, if_none_match};
use crate::v1::members::Members;
use crate::v1::openapi::params::{ChatroomIdParameter, IfMatch, IfNoneMatch, PageParameters};
use crate::v1::page::PageMark;
use crate::v1::path::chatroom_id;
use crate::v1::problem::V1;
use crate::v1::query::Query;
use crate::v1::reply::{Answer, UNSTORED, created, quoted, tagged};

/// No row has this version: they count from 1.
pub(super) const NO_VERSION: i64 = 0;

/// Make a chatroom
///
/// Who makes it is in it. A room with a passkey is private: whoever joins needs it.
#[utoipa::path(
    post, path = "/v1/chatrooms", tag = "chatrooms", request_body = NewChatroom,
    security(("bearer" = []), ("cookie" = [])),
    responses((
        status = 201, description = "The room.", body = ChatroomView,
        headers(("Location"), ("ETag")),
        links(
            ("read" = (operation_id = "get_chatroom", parameters(("id" = "$response.body#/id")))),
            ("remove" = (operation_id = "delete_chatroom", parameters(("id" = "$response.body#/id")))),
        )
    ))
)]
pub(crate) async fn create_chatroom(state: ApiState, sent: Authed<V1, Members>) -> Answer {
    let room = wire::new_room(sent.body)?;
    let view = state.services().chatrooms.create(&sent.caller.authenticated.user, &room).await?;
    let mut reply = created(state.settings(), &format!("/v1/chatrooms/{}", view.room.id));
    Ok(reply.insert_header((ETAG, quoted(&tag(&view)))).json(ChatroomView::from(&view)))
}

/// List chatrooms
///
/// All of them, a page at a time, in the order they were made.
#[utoipa::path(
    get, path = "/v1/chatrooms", tag = "chatrooms", params(PageParameters),
    security(("bearer" = []), ("cookie" = [])),
    responses((
        status = 200, description = "A page of rooms.", body = ChatroomPage, headers(("Link"))
    ))
)]
pub(crate) async fn list_chatrooms(
    state: ApiState,
    _: Caller<V1>,
    _: Search<V1>,
    request: HttpRequest,
) -> Answer {
    let mut sent = Query::parse(request.query_string());
    let page = sent.page(());
    let sent = sent.finish()?;
    let page = state.services().chatrooms.list(&page).await?;
    let mark = PageMark::new(page.next.map(|key| cursor::encode(&key, ())), None);
    let view =
        ChatroomPage { data: page.items.iter().map(ChatroomView::from).collect(), page: mark };
    Ok(view.page.reply(&view, &format!("{}/v1/chatrooms", state.settings().public_url), &sent))
}

/// Read a chatroom
#[utoipa::path(
    get, path = "/v1/chatrooms/{id}", tag = "chatrooms",
    params(ChatroomIdParameter, IfNoneMatch), security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "The room.", body = ChatroomView, headers(("ETag"))),
        (status = 304, description = "The caller has it already.", headers(("ETag"))),
    )
)]
pub(crate) async fn get_chatroom(state: ApiState, _: Caller<V1>, request: HttpRequest) -> Answer {
    let unless = if_none_match(&request)?;
    let view = state.services().chatrooms.find(&key(&request)?).await?;
    Ok(tagged(&ChatroomView::from(&view), &tag(&view), unless.as_ref(), UNSTORED))
}

/// Change a chatroom
///
/// Members may rename it; who made it and administrators, where they are in it, may change its passkey
/// too. A merge-patch (RFC 7396): what is absent stays, null takes the passkey away.
#[utoipa::path(
    patch, path = "/v1/chatrooms/{id}", tag = "chatrooms", params(ChatroomIdParameter, IfMatch),
    request_body(content((ChatroomPatch = "application/merge-patch+json"), (ChatroomPatch = "application/json"))),
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, description = "The room as it is now.", body = ChatroomView, headers(("ETag"))))
)]
pub(crate) async fn change_chatroom(
    state: ApiState,
    sent: Authed<V1, Members>,
    request: HttpRequest,
) -> Answer {
    let condition = if_match(&request, state.settings().require_if_match)?;
    let (key, rooms) = (key(&request)?, &state.services().chatrooms);
    let change = wire::room_change(sent.body)?;
    let version = insisted(rooms, &key, condition.as_ref()).await?;
    let view = rooms.change(&sent.caller.authenticated.user, &key, version, &change).await?;
    Ok(tagged(&ChatroomView::from(&view), &tag(&view), None, UNSTORED))
}

/// Remove a chatroom
///
/// For who made it and for administrators. All that was said there goes with it.
#[utoipa::path(
    delete, path = "/v1/chatrooms/{id}", tag = "chatrooms", params(ChatroomIdParameter, IfMatch),
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 204, description = "The room is removed."))
)]
pub(crate) async fn delete_chatroom(
    state: ApiState,
    caller: Caller<V1>,
    request: HttpRequest,
) -> Answer {
    let condition = if_match(&request, state.settings().require_if_match)?;
    let (key, rooms) = (key(&request)?, &state.services().chatrooms);
    let version = insisted(rooms, &key, condition.as_ref()).await?;
    rooms.delete(&caller.authenticated.user, &key, version).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The room that the path names.
pub(super) fn key(request: &HttpRequest) -> Result<ChatroomKey, Problem> {
    chatroom_id(request).map(ChatroomKey::Id)
}

/// Who comes and goes changes what is shown, but not the row.
fn tag(view: &RoomView) -> String {
    format!("{}-{}", view.room.version, view.members.len())
}

/// The version that a change must insist on to honour `If-Match`; `None` where any will do.
async fn insisted(
    rooms: &ChatroomService,
    key: &ChatroomKey,
    condition: Option<&Condition>,
) -> Result<Option<i64>, Problem> {
    let list = match condition {
        None | Some(Condition::Any) => return Ok(None),
        Some(list @ Condition::OneOf(_)) => list,
    };
    let view = rooms.find(key).await?;
    Ok(Some(if list.holds_strongly(&tag(&view)) { view.room.version } else { NO_VERSION }))
}
