//! The people of door 4: registering, signing in, reading, renaming, removing.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header::LINK;
use actix_web::{HttpRequest, HttpResponse};
use domain::page::{MAX_LIMIT, PageRequest};
use domain::problem::{Fault, Field, FieldError, Problem};
use domain::sessions::{Door, Login, Transport};
use domain::users::{Change, Email, ProfileChange, Registration, User, UserKey, Username};
use secrecy::ExposeSecret;
use serde::Serialize;

use super::refusals::Library;
use super::wire::{UserOut, about, result};
use super::{Reply, door_rules};
use crate::caller::{Authed, Body, Caller};
use crate::compat::fields::{Faults, Fields};
use crate::compat::people::{alone, asked_page, next_link, owned, seen, sees_everybody};
use crate::http::search::Search;
use crate::http::stream;
use crate::state::ApiState;

const FETCHED: &str = "FETCH ALL SUCCESS";

pub(super) async fn register(state: ApiState, sent: Body<Library, Fields>) -> Reply {
    let mut faults = Faults::default();
    let registration = Registration {
        email: faults.take(Field::Email, sent.body.text("email")),
        password: faults.take(Field::Password, sent.body.text("password")),
        username: faults.take(Field::Username, sent.body.text("username")),
        client: sent.client,
        ..Registration::default()
    };
    if !faults.0.is_empty() {
        return Err(Problem::Invalid(faults.0).into());
    }
    let user = state.services().users.register(None, registration, &door_rules(&state)).await?;
    let shown = UserOut::new(&user, state.settings().compat.mode);
    Ok(result(StatusCode::CREATED, "REGISTER SUCCESS", shown))
}

#[derive(Serialize)]
struct Token<'a> {
    access_token: &'a str,
}

pub(super) async fn login(state: ApiState, sent: Body<Library, Fields>) -> Reply {
    let email = sent.body.text("email").map_err(|fault| invalid(Field::Email, fault))?;
    let password = sent.body.password("password");
    let login = Login {
        // What is no address is nobody's: refused like a wrong password, after the same work.
        key: Email::parse(&email).ok().map(UserKey::Email),
        password: password.map_err(|fault| invalid(Field::Password, fault))?,
        door: Door::TestLibrary,
        transport: Transport::Bearer,
        bearer_lifetime: None,
        client: sent.client,
    };
    let opened = state.services().sessions.login(login).await?;
    let access_token = opened.access_token.expose_secret();
    Ok(HttpResponse::Ok().json(Token { access_token }))
}

pub(super) async fn list(
    state: ApiState,
    caller: Caller<Library>,
    _: Search<Library>,
    request: HttpRequest,
) -> Reply {
    let (actor, mode) = (caller.authenticated.user, state.settings().compat.mode);
    if !sees_everybody(&state, Some(&actor)) {
        return Ok(listed(&state, &alone(&actor).items, None));
    }
    let users = Arc::clone(&state.services().users);
    if let Some(asked) = asked_page(request.query_string())? {
        let page = users.everybody(&asked).await?;
        let link = next_link(&state, "/users/getall", &asked, page.next);
        return Ok(listed(&state, &page.items, link));
    }
    let first = users.everybody(&PageRequest::first(MAX_LIMIT)).await?;
    let head = format!(r#"{{"message":"{FETCHED}","result":["#);
    let row = move |user: &User| serde_json::to_vec(&UserOut::new(user, mode));
    Ok(stream::list(head, r#"],"status":200}"#, first, row, move |key| {
        let users = Arc::clone(&users);
        async move { users.everybody(&PageRequest::after(MAX_LIMIT, key)).await }
    }))
}

fn listed(state: &ApiState, people: &[User], link: Option<String>) -> HttpResponse {
    let mode = state.settings().compat.mode;
    let shown: Vec<UserOut<'_>> = people.iter().map(|user| UserOut::new(user, mode)).collect();
    let mut reply = result(StatusCode::OK, FETCHED, shown);
    if let Some(link) = link.and_then(|link| link.parse().ok()) {
        reply.headers_mut().insert(LINK, link);
    }
    reply
}

pub(super) async fn by_id(state: ApiState, caller: Caller<Library>, request: HttpRequest) -> Reply {
    let user = seen(&state, &caller.authenticated.user, number(&request)).await?;
    Ok(about(&state, "SUCCESS: GET BY ID", &user))
}

pub(super) async fn by_username(
    state: ApiState,
    caller: Caller<Library>,
    request: HttpRequest,
) -> Reply {
    let key = request.match_info().get("username").and_then(UserKey::username);
    let user = seen(&state, &caller.authenticated.user, key).await?;
    Ok(about(&state, "SUCCESS: GET BY USERNAME", &user))
}

pub(super) async fn change_username(state: ApiState, sent: Authed<Library, Fields>) -> Reply {
    let (user, client) = (sent.caller.authenticated.user, sent.caller.client);
    let current = sent.body.text("current_username").and_then(|name| Username::parse(&name));
    let current = current.map_err(|fault| invalid(Field::Username, fault))?;
    if user.username.as_ref().map(Username::key) != Some(current.key()) {
        return Err(invalid(Field::Username, Fault::NotOneOf("your own")).into());
    }
    let new = sent.body.text("new_username").map_err(|fault| invalid(Field::Username, fault))?;
    let change = ProfileChange { username: Change::Set(new), ..ProfileChange::default() };
    let (users, rules) = (&state.services().users, door_rules(&state));
    let user = users.change_profile(&user, user.id, None, &change, &rules, &client).await?;
    Ok(about(&state, "SUCCESS: UPDATE USERNAME", &user))
}

pub(super) async fn delete(
    state: ApiState,
    caller: Caller<Library>,
    request: HttpRequest,
) -> Reply {
    let actor = caller.authenticated.user;
    let user = owned(&state, &actor, number(&request)).await?;
    state.services().users.delete(&actor, user.id, None).await?;
    Ok(about(&state, "SUCCESS: DELETE USER", &user))
}

/// The person of the number in the path; nobody, where it is no number.
fn number(request: &HttpRequest) -> Option<UserKey> {
    request.match_info().get("id")?.parse().ok().map(UserKey::Number)
}

/// One fault of one field.
pub(super) fn invalid(field: Field, fault: Fault) -> Problem {
    Problem::Invalid(vec![FieldError::new(field, fault)])
}
