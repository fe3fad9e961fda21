//! `/v1/chatrooms/{id}/messages`: what is said in a room.

use actix_web::HttpRequest;
use actix_web::http::header::ETAG;

use crate::caller::{Authed, Caller};
use crate::http::search::Search;
use crate::state::ApiState;
use crate::v1::chatrooms::one_message::tag;
use crate::v1::chatrooms::rooms::key;
use crate::v1::chatrooms::view::{MessagePage, MessageView};
use crate::v1::chatrooms::wire::{self, NewMessage};
use crate::v1::cursor;
use crate::v1::members::Members;
use crate::v1::openapi::params::{ChatroomIdParameter, MessageListParameters};
use crate::v1::page::PageMark;
use crate::v1::path::chatroom_id;
use crate::v1::problem::V1;
use crate::v1::query::Query;
use crate::v1::reply::{Answer, created, quoted};

/// List the messages of a chatroom
///
/// For members: a page at a time, in the order in which they were said. `q` finds any part of a text;
/// every sign of it stands for itself, and letter case does not count.
#[utoipa::path(
    get, path = "/v1/chatrooms/{id}/messages", tag = "chatrooms",
    params(ChatroomIdParameter, MessageListParameters), security(("bearer" = []), ("cookie" = [])),
    responses((
        status = 200, description = "A page of messages.", body = MessagePage, headers(("Link"))
    ))
)]
pub(crate) async fn list_messages(
    state: ApiState,
    caller: Caller<V1>,
    _: Search<V1>,
    request: HttpRequest,
) -> Answer {
    let mut sent = Query::parse(request.query_string());
    let (part, page) = (sent.search("q"), sent.page(()));
    let (id, sent) = (chatroom_id(&request)?, sent.finish()?);
    let (actor, settings) = (&caller.authenticated.user, state.settings());
    let rooms = &state.services().chatrooms;
    let page = rooms.page_of(actor, &key(&request)?, part.as_deref(), &page).await?;
    let mark = PageMark::new(page.next.map(|key| cursor::encode(&key, ())), None);
    let data = page.items.iter().map(|said| MessageView::new(said, settings)).collect();
    let view = MessagePage { data, page: mark };
    let url = format!("{}/v1/chatrooms/{id}/messages", settings.public_url);
    Ok(view.page.reply(&view, &url, &sent))
}

/// Say something in a chatroom
///
/// For members.
#[utoipa::path(
    post, path = "/v1/chatrooms/{id}/messages", tag = "chatrooms", request_body = NewMessage,
    params(ChatroomIdParameter), security(("bearer" = []), ("cookie" = [])),
    responses((
        status = 201, description = "The message.", body = MessageView,
        headers(("Location"), ("ETag")),
        links(
            ("read" = (operation_id = "get_message", parameters(("id" = "$response.body#/id")))),
            ("remove" = (operation_id = "delete_message", parameters(("id" = "$response.body#/id")))),
        )
    ))
)]
pub(crate) async fn post_message(
    state: ApiState,
    sent: Authed<V1, Members>,
    request: HttpRequest,
) -> Answer {
    let text = wire::text(sent.body)?;
    let actor = &sent.caller.authenticated.user;
    let said = state.services().chatrooms.post(actor, &key(&request)?, &text).await?;
    let mut reply = created(state.settings(), &format!("/v1/messages/{}", said.message.id));
    let view = MessageView::new(&said, state.settings());
    Ok(reply.insert_header((ETAG, quoted(&tag(&said)))).json(view))
}
