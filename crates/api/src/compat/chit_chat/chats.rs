//! The chats of door 5.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse};
use domain::chatrooms::{ChatroomKey, MemberKey, NewRoom, RoomChange, RoomView};
use domain::page::PageRequest;
use domain::problem::{Fault, Field, Problem, Thing};
use domain::users::Change;
use secrecy::ExposeSecret;
use serde::Serialize;
use serde_json::Value;

use super::Reply;
use super::reading::invalid;
use super::refusals::Chat;
use super::wire::ChatOut;
use crate::caller::{Authed, Caller};
use crate::compat::fields::{Faults, Fields, Sent};
use crate::compat::people::hidden;
use crate::http::search::Search;
use crate::http::stream;
use crate::state::ApiState;

/// How many chats are read at once, each with all who are in it.
const PAGE: u16 = 50;

pub(super) async fn list(state: ApiState, _: Search<Chat>) -> Reply {
    let rooms = Arc::clone(&state.services().chatrooms);
    let first = rooms.list(&PageRequest::first(PAGE)).await?;
    let row = |view: &RoomView| serde_json::to_vec(&ChatOut::listed(view));
    Ok(stream::list("[", "]", first, row, move |key| {
        let rooms = Arc::clone(&rooms);
        async move { rooms.list(&PageRequest::after(PAGE, key)).await }
    }))
}

pub(super) async fn create(state: ApiState, sent: Authed<Chat, Fields>) -> Reply {
    let (actor, room) = (sent.caller.authenticated.user, new_room(&sent.body)?);
    let view = state.services().chatrooms.create(&actor, &room).await?;
    Ok(HttpResponse::Created().json(ChatOut::entered(&view)))
}

fn new_room(fields: &Fields) -> Result<NewRoom, Problem> {
    let mut faults = Faults::default();
    let name = faults.take(Field::Name, optional(fields, "chat_name")).flatten();
    let passkey = faults.take(Field::Passkey, optional(fields, "chat_passkey")).flatten();
    let members = faults.take(Field::Members, members(fields.value("users"))).unwrap_or_default();
    let room = NewRoom { name, passkey, members };
    if faults.0.is_empty() { Ok(room) } else { Err(Problem::Invalid(faults.0)) }
}

fn optional(fields: &Fields, name: &str) -> Result<Option<String>, Fault> {
    match fields.sent(name) {
        Sent::Missing | Sent::Null => Ok(None),
        Sent::NotText => Err(Fault::NotText),
        Sent::Text(text) => Ok(Some(text)),
    }
}

/// Ids, as integers or as `{"id": n}`.
fn members(sent: Option<&Value>) -> Result<Vec<MemberKey>, Fault> {
    let list = match sent {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(list)) => list,
        Some(Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_)) => {
            return Err(Fault::NotAList);
        }
    };
    if list.len() > MOST_MEMBERS {
        return Err(Fault::TooMany(MOST_MEMBERS));
    }
    let member = |value: &Value| {
        let id = value.get("id").unwrap_or(value);
        let nobody = || MemberKey::Nobody(id.to_string());
        id.as_i64().map_or_else(nobody, MemberKey::Number)
    };
    Ok(list.iter().map(member).collect())
}

/// How many people a chat may begin with.
const MOST_MEMBERS: usize = 1_000;

pub(super) async fn show(state: ApiState, caller: Caller<Chat>, request: HttpRequest) -> Reply {
    let (actor, rooms) = (caller.authenticated.user, &state.services().chatrooms);
    let view = rooms.entered(&actor, &key(&request)?).await?;
    Ok(HttpResponse::Ok().json(ChatOut::counted(&view)))
}

#[derive(Serialize)]
struct PasskeyOut<'a> {
    chat_passkey: &'a str,
}

pub(super) async fn passkey(state: ApiState, caller: Caller<Chat>, request: HttpRequest) -> Reply {
    let (actor, rooms) = (caller.authenticated.user, &state.services().chatrooms);
    let passkey = rooms.passkey(&actor, &key(&request)?).await?;
    let chat_passkey = passkey.as_ref().map_or("", |passkey| passkey.expose_secret());
    Ok(HttpResponse::Ok().json(PasskeyOut { chat_passkey }))
}

pub(super) async fn rename(
    state: ApiState,
    sent: Authed<Chat, Fields>,
    request: HttpRequest,
) -> Reply {
    let (actor, key) = (sent.caller.authenticated.user, key(&request)?);
    let rooms = &state.services().chatrooms;
    // Who may not rename it is not told what is wrong with the name.
    rooms.admitted(&actor, &key).await?;
    let name = optional(&sent.body, "chat_name").and_then(|name| name.ok_or(Fault::Missing));
    let name = name.map_err(|fault| invalid(Field::Name, fault))?;
    let change = RoomChange { name: Change::Set(name), passkey: Change::Keep };
    let view = rooms.change(&actor, &key, None, &change).await?;
    Ok(HttpResponse::Ok().json(ChatOut::entered(&view)))
}

pub(super) async fn delete(state: ApiState, caller: Caller<Chat>, request: HttpRequest) -> Reply {
    let (actor, rooms) = (caller.authenticated.user, &state.services().chatrooms);
    let as_other = |problem| hidden(&state, problem, Problem::NotYours(Thing::Chatroom));
    let key = key(&request).map_err(as_other)?;
    let view = rooms.delete(&actor, &key, None).await.map_err(as_other)?;
    let is_in = view.has(actor.id);
    let chat = if is_in { ChatOut::entered(&view) } else { ChatOut::listed(&view) };
    Ok(HttpResponse::Ok().json(chat))
}

pub(super) async fn join(
    state: ApiState,
    sent: Authed<Chat, Fields>,
    request: HttpRequest,
) -> Reply {
    let (caller, rooms) = (sent.caller, &state.services().chatrooms);
    let passkey = optional(&sent.body, "chat_passkey");
    let passkey = passkey.map_err(|fault| invalid(Field::Passkey, fault))?.unwrap_or_default();
    let as_other = |problem| hidden(&state, problem, Problem::WrongPasskey);
    let (actor, key) = (caller.authenticated.user, key(&request).map_err(as_other)?);
    let joined = rooms.join(&actor, &key, &passkey, &caller.client).await;
    let view = joined.map_err(as_other)?;
    Ok(HttpResponse::Ok().json(ChatOut::counted(&view)))
}

pub(super) async fn leave(state: ApiState, caller: Caller<Chat>, request: HttpRequest) -> Reply {
    let (actor, rooms) = (caller.authenticated.user, &state.services().chatrooms);
    let view = rooms.leave(&actor, &key(&request)?).await?;
    Ok(HttpResponse::Ok().json(ChatOut::counted(&view)))
}

/// The chat that the path names; what is no number names none.
pub(super) fn key(request: &HttpRequest) -> Result<ChatroomKey, Problem> {
    let number = request.match_info().get("id").and_then(|id| id.parse().ok());
    number.map(ChatroomKey::Number).ok_or(Problem::NotFound(Thing::Chatroom))
}
