//! The people of door 5: registering, signing in, listing, one's own account.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse};
use domain::chatrooms::RoomView;
use domain::page::{MAX_LIMIT, PageRequest};
use domain::problem::{Field, Problem};
use domain::sessions::{Client, Door, Login, Opened, Transport};
use domain::users::{Password, Status, User, UserId, UserKey};
use secrecy::ExposeSecret;

use super::reading::{OwnChange, registration};
use super::refusals::{Chat, ChatFault};
use super::wire::{
    ChangedOut, ChatOut, NameOut, RemovedOut, SelfOut, SessionOut, TOKEN_SECONDS, username, written,
};
use super::{Reply, door_rules};
use crate::caller::{Authed, Body, Caller, MaybeCaller};
use crate::compat::fields::{Faults, Fields};
use crate::compat::people::{owned, sees_everybody};
use crate::http::search::Search;
use crate::http::stream;
use crate::refusal::{EdgeFault, Refusal};
use crate::settings::Mode;
use crate::state::ApiState;

const LIFETIME: std::time::Duration = std::time::Duration::from_secs(TOKEN_SECONDS);

pub(super) async fn sign_in(state: ApiState, sent: Body<Chat, Fields>) -> Reply {
    let mut faults = Faults::default();
    let name = faults.take(Field::Username, sent.body.text("username"));
    let password = faults.take(Field::Password, sent.body.password("password"));
    let (Some(name), Some(password)) = (name, password) else {
        return Err(Problem::Invalid(faults.0).into());
    };
    let login = Login {
        key: UserKey::username(&name),
        password,
        door: Door::ChitChat,
        transport: Transport::Bearer,
        bearer_lifetime: Some(LIFETIME),
        client: sent.client,
    };
    let opened = state.services().sessions.login(login).await?;
    Ok(HttpResponse::Ok().json(signed_in(&opened)))
}

fn signed_in(opened: &Opened) -> SessionOut<'_> {
    SessionOut::new(&opened.user, opened.access_token.expose_secret())
}

pub(super) async fn register(state: ApiState, sent: Body<Chat, Fields>) -> Reply {
    let registration = registration(&sent.body)?.sent_by(sent.client.clone());
    let services = state.services();
    let user = services.users.register(None, registration, &door_rules(&state)).await?;
    if user.status != Status::Active {
        return Ok(HttpResponse::Created().json(SessionOut::new(&user, "")));
    }
    let opened = open(&state, user, &sent.client).await?;
    Ok(HttpResponse::Created().json(signed_in(&opened)))
}

async fn open(state: &ApiState, user: User, client: &Client) -> Result<Opened, Problem> {
    let (door, transport) = (Door::ChitChat, Transport::Bearer);
    state.services().sessions.open(user, door, transport, Some(LIFETIME), client).await
}

pub(super) async fn list(state: ApiState, caller: MaybeCaller<Chat>, _: Search<Chat>) -> Reply {
    let actor = caller.authenticated.map(|known| known.user);
    if !sees_everybody(&state, actor.as_deref()) {
        let actor = actor.ok_or(EdgeFault::MissingCredentials)?;
        return Ok(HttpResponse::Ok().json([NameOut::from(actor.as_ref())]));
    }
    let users = Arc::clone(&state.services().users);
    let first = users.everybody(&PageRequest::first(MAX_LIMIT)).await?;
    let row = |user: &User| serde_json::to_vec(&NameOut::from(user));
    Ok(stream::list("[", "]", first, row, move |key| {
        let users = Arc::clone(&users);
        async move { users.everybody(&PageRequest::after(MAX_LIMIT, key)).await }
    }))
}

pub(super) async fn show(state: ApiState, caller: Caller<Chat>, request: HttpRequest) -> Reply {
    let actor = caller.authenticated.user;
    let asked = request.match_info().get("id").and_then(|id| id.parse::<i64>().ok());
    // A number that is too large is nobody's.
    let user = owned(&state, &actor, asked.map(UserKey::Number)).await?;
    let rooms = rooms_of(&state, user.id).await?;
    Ok(HttpResponse::Ok().json(SelfOut {
        id: user.number,
        username: username(&user),
        created_at: written(user.created_at),
        chats: rooms.iter().map(ChatOut::counted).collect(),
    }))
}

pub(super) async fn change(state: ApiState, sent: Authed<Chat, Fields>) -> Reply {
    let (caller, client) = (sent.caller.authenticated, sent.caller.client);
    let OwnChange { profile: change, password: new } = OwnChange::read(&sent.body)?;
    let (users, rules) = (&state.services().users, door_rules(&state));
    if let Some(new) = &new {
        judge(&state, &caller.user, change.current_password.as_ref(), new, &client).await?;
    }
    // Names may be taken: that is known before the password changes.
    let user = if change.username.is_some() || change.email.is_some() {
        users.change_profile(&caller.user, caller.user.id, None, &change, &rules, &client).await?
    } else {
        User::clone(&caller.user)
    };
    if let Some(new) = &new {
        users.reset_own_password(&caller, new, &rules).await?;
    }
    Ok(HttpResponse::Ok().json(ChangedOut::new(&user, new.is_some())))
}

/// Whoever is signed in may set another password here, where the document is followed; else only who
/// knows the present one. What will not do is refused before any name is changed.
async fn judge(
    state: &ApiState,
    user: &User,
    current: Option<&Password>,
    new: &Password,
    client: &Client,
) -> Result<(), Refusal<Chat>> {
    if state.settings().compat.mode == Mode::Documented {
        return Ok(());
    }
    let current = current.ok_or_else(|| Refusal::own(ChatFault::PasswordNeeded))?;
    let (users, rules) = (&state.services().users, door_rules(state));
    Ok(users.judge_password(user, current, new, &rules, client).await?)
}

pub(super) async fn delete(state: ApiState, caller: Caller<Chat>) -> Reply {
    let (services, actor) = (state.services(), caller.authenticated.user);
    let rooms = rooms_of(&state, actor.id).await?;
    services.users.delete(&actor, actor.id, None).await?;
    Ok(HttpResponse::Ok().json(RemovedOut {
        id: actor.number,
        username: username(&actor),
        chats: rooms.into_iter().map(|view| view.room.name).collect(),
    }))
}

/// Every chat that a person is in.
async fn rooms_of(state: &ApiState, user: UserId) -> Result<Vec<RoomView>, Problem> {
    let (rooms, mut all) = (&state.services().chatrooms, Vec::new());
    let mut request = PageRequest::first(MAX_LIMIT);
    loop {
        let page = rooms.rooms_of(user, &request).await?;
        all.extend(page.items);
        let Some(next) = page.next else { return Ok(all) };
        request = PageRequest::after(MAX_LIMIT, next);
    }
}
