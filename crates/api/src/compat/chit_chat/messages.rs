//! The messages of door 5.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse};
use domain::chatrooms::{MessageKey, MessageView};
use domain::page::{MAX_LIMIT, PageRequest};
use domain::problem::{Fault, Field, Problem, Thing};
use serde::Serialize;

use super::Reply;
use super::chats::key as chat_key;
use super::reading::invalid;
use super::refusals::{Chat, ChatFault};
use super::wire::MessageOut;
use crate::caller::{Authed, Caller};
use crate::compat::fields::{Fields, Sent};
use crate::compat::people::{hidden, read_limit};
use crate::http::search::Search;
use crate::http::stream;
use crate::refusal::Refusal;
use crate::state::ApiState;

fn row(view: &MessageView) -> Result<Vec<u8>, serde_json::Error> {
    serde_json::to_vec(&MessageOut::from(view))
}

fn shown(views: &[MessageView]) -> HttpResponse {
    let messages: Vec<MessageOut<'_>> = views.iter().map(MessageOut::from).collect();
    HttpResponse::Ok().json(messages)
}

/// All messages by id, or with `limit` the last ones before `before`.
pub(super) async fn list(state: ApiState, caller: Caller<Chat>, request: HttpRequest) -> Reply {
    let (actor, key) = (caller.authenticated.user, chat_key(&request)?);
    let rooms = Arc::clone(&state.services().chatrooms);
    let asked = Asked::read(request.query_string())?;
    if let Some((limit, before)) = asked.window() {
        return Ok(shown(&rooms.history(&actor, &key, before, limit).await?));
    }
    let first = rooms.page_of(&actor, &key, None, &PageRequest::first(MAX_LIMIT)).await?;
    Ok(stream::list("[", "]", first, row, move |after| {
        let (rooms, actor) = (Arc::clone(&rooms), actor.clone());
        async move { rooms.page_of(&actor, &key, None, &PageRequest::after(MAX_LIMIT, after)).await }
    }))
}

#[derive(Default)]
struct Asked {
    limit: Option<u16>,
    before: Option<i64>,
    part: Option<String>,
}

impl Asked {
    fn read(query: &str) -> Result<Self, Problem> {
        let mut asked = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match name.as_ref() {
                "limit" => asked.limit = Some(read_limit(&value)?),
                "before" => {
                    let number =
                        value.parse().map_err(|_| invalid(Field::Cursor, Fault::NotANumber));
                    asked.before = Some(number?);
                }
                "q" => asked.part = Some(value.into_owned()),
                _ => {}
            }
        }
        Ok(asked)
    }

    fn window(&self) -> Option<(u16, Option<i64>)> {
        let asked = self.limit.is_some() || self.before.is_some();
        asked.then(|| (self.limit.unwrap_or(MAX_LIMIT), self.before))
    }
}

#[derive(Serialize)]
struct Nothing {
    message: &'static str,
}

pub(super) async fn search(
    state: ApiState,
    caller: Caller<Chat>,
    _: Search<Chat>,
    request: HttpRequest,
) -> Reply {
    let (actor, key) = (caller.authenticated.user, chat_key(&request)?);
    let rooms = Arc::clone(&state.services().chatrooms);
    rooms.entered(&actor, &key).await?;
    let part = Asked::read(request.query_string())?.part.filter(|part| !part.trim().is_empty());
    let part = part.ok_or_else(|| Refusal::own(ChatFault::NothingToSearch))?;
    if part.contains('\0') {
        return Err(Refusal::own(ChatFault::NulInSearch));
    }
    if part.chars().any(char::is_control) {
        return Ok(HttpResponse::Ok().json(Nothing { message: "No messages found." }));
    }
    let first = rooms.page_of(&actor, &key, Some(&part), &PageRequest::first(MAX_LIMIT)).await?;
    if first.items.is_empty() {
        return Ok(HttpResponse::Ok().json(Nothing { message: "No messages found." }));
    }
    Ok(stream::list("[", "]", first, row, move |after| {
        let (rooms, actor, part) = (Arc::clone(&rooms), actor.clone(), part.clone());
        let page = PageRequest::after(MAX_LIMIT, after);
        async move { rooms.page_of(&actor, &key, Some(&part), &page).await }
    }))
}

pub(super) async fn post(
    state: ApiState,
    sent: Authed<Chat, Fields>,
    request: HttpRequest,
) -> Reply {
    let (actor, key) = (sent.caller.authenticated.user, chat_key(&request)?);
    let rooms = &state.services().chatrooms;
    // Who is not in the chat is not told what is wrong with the text.
    rooms.admitted(&actor, &key).await?;
    let view = rooms.post(&actor, &key, &text(&sent.body)?).await?;
    Ok(HttpResponse::Created().json(MessageOut::from(&view)))
}

fn text(fields: &Fields) -> Result<String, Problem> {
    match fields.sent("message") {
        Sent::Missing | Sent::Null => Err(invalid(Field::Text, Fault::Missing)),
        Sent::NotText => Err(invalid(Field::Text, Fault::NotText)),
        Sent::Text(text) => Ok(text),
    }
}

pub(super) async fn edit(
    state: ApiState,
    sent: Authed<Chat, Fields>,
    request: HttpRequest,
) -> Reply {
    let (actor, key) = (sent.caller.authenticated.user, key(&request)?);
    let view = state.services().chatrooms.edit(&actor, &key, None, &text(&sent.body)?).await?;
    Ok(HttpResponse::Ok().json(MessageOut::from(&view)))
}

pub(super) async fn delete(state: ApiState, caller: Caller<Chat>, request: HttpRequest) -> Reply {
    let (actor, key) = (caller.authenticated.user, key(&request)?);
    let view = state.services().chatrooms.retract(&actor, &key, None).await?;
    Ok(HttpResponse::Ok().json(MessageOut::from(&view)))
}

pub(super) async fn like(state: ApiState, caller: Caller<Chat>, request: HttpRequest) -> Reply {
    let (actor, key) = (caller.authenticated.user, key(&request));
    let key = key.map_err(|problem| hidden(&state, problem, Problem::NotMember))?;
    let liked = state.services().chatrooms.toggle_like(&actor, &key).await;
    let view = liked.map_err(|problem| hidden(&state, problem, Problem::NotMember))?;
    Ok(HttpResponse::Ok().json(MessageOut::from(&view)))
}

pub(super) async fn latest(state: ApiState, caller: Caller<Chat>) -> Reply {
    Ok(shown(&state.services().chatrooms.latest_of(&caller.authenticated.user).await?))
}

pub(super) async fn mine(state: ApiState, caller: Caller<Chat>) -> Reply {
    let (actor, rooms) = (caller.authenticated.user, Arc::clone(&state.services().chatrooms));
    let first = rooms.written_by(&actor, &PageRequest::first(MAX_LIMIT)).await?;
    Ok(stream::list("[", "]", first, row, move |after| {
        let (rooms, actor) = (Arc::clone(&rooms), actor.clone());
        async move { rooms.written_by(&actor, &PageRequest::after(MAX_LIMIT, after)).await }
    }))
}

/// The message that the path names; what is no number names none.
fn key(request: &HttpRequest) -> Result<MessageKey, Problem> {
    let number = request.match_info().get("id").and_then(|id| id.parse().ok());
    number.map(MessageKey::Number).ok_or(Problem::NotFound(Thing::Message))
}
