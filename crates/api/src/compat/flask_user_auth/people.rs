//! The people of door 2: registering, activating, listing, changing, removing.

use std::sync::Arc;

use actix_web::http::header::LINK;
use actix_web::{HttpRequest, HttpResponse};
use domain::page::{MAX_LIMIT, PageRequest};
use domain::post::CodeSecret;
use domain::problem::{Fault, Field, Problem};
use domain::users::{Mobile, User, UserId, UserKey};
use serde::Serialize;
use uuid::Uuid;

use super::refusals::{Flask, FlaskFault};
use super::wire::{About, Done, UserOut, invalid, profile_change, registration};
use super::{Reply, door_rules};
use crate::caller::{Authed, Body, Caller};
use crate::compat::fields::{Fields, Sent};
use crate::compat::people::{alone, asked_page, next_link, owned, seen, sees_everybody};
use crate::http::search::Search;
use crate::http::stream;
use crate::refusal::Refusal;
use crate::settings::Mode;
use crate::state::ApiState;

pub(super) async fn register(state: ApiState, sent: Body<Flask, Fields>) -> Reply {
    let registration = registration(&sent.body)?.sent_by(sent.client);
    let user = state.services().users.register(None, registration, &door_rules(&state)).await?;
    let about = About::new(&user, "Account created successfully!", 201);
    Ok(HttpResponse::Created().json(about))
}

pub(super) async fn activate(state: ApiState, sent: Body<Flask, Fields>) -> Reply {
    let typed = sent.body.text("mobile").map_err(|fault| invalid(Field::Mobile, fault))?;
    let mobile = Mobile::parse(&typed, &door_rules(&state).mobiles)
        .map_err(|fault| invalid(Field::Mobile, fault))?;
    let users = &state.services().users;
    let user = match state.settings().compat.mode {
        Mode::Documented => users.activate(&mobile).await?,
        Mode::Hardened => {
            let code = code(&sent.body)?;
            users.activate_with_code(&mobile, code.as_ref(), &sent.client).await?
        }
    };
    Ok(HttpResponse::Ok().json(About::new(&user, "Success!", 200)))
}

fn code(fields: &Fields) -> Result<Option<CodeSecret>, Problem> {
    match fields.sent("code") {
        Sent::Missing | Sent::Null => Ok(None),
        Sent::Text(text) if text.is_empty() => Ok(None),
        Sent::Text(text) => Ok(Some(CodeSecret::typed(&text))),
        Sent::NotText => Err(invalid(Field::Code, Fault::NotText)),
    }
}

#[derive(Serialize)]
struct Listed<'a> {
    data: Vec<UserOut<'a>>,
    message: &'static str,
    status: u16,
}

pub(super) async fn list(
    state: ApiState,
    caller: Caller<Flask>,
    _: Search<Flask>,
    request: HttpRequest,
) -> Reply {
    let actor = caller.authenticated.user;
    if !sees_everybody(&state, Some(&actor)) {
        return Ok(listed(&alone(&actor).items, None));
    }
    let users = Arc::clone(&state.services().users);
    if let Some(asked) = asked_page(request.query_string())? {
        let page = users.everybody(&asked).await?;
        return Ok(listed(&page.items, next_link(&state, "/user", &asked, page.next)));
    }
    let first = users.everybody(&PageRequest::first(MAX_LIMIT)).await?;
    let row = |user: &User| serde_json::to_vec(&UserOut::from(user));
    let tail = r#"],"message":"Success!","status":200}"#;
    Ok(stream::list(r#"{"data":["#, tail, first, row, move |key| {
        let users = Arc::clone(&users);
        async move { users.everybody(&PageRequest::after(MAX_LIMIT, key)).await }
    }))
}

fn listed(people: &[User], link: Option<String>) -> HttpResponse {
    let data = people.iter().map(UserOut::from).collect();
    let mut reply = HttpResponse::Ok();
    if let Some(link) = link {
        reply.insert_header((LINK, link));
    }
    reply.json(Listed { data, message: "Success!", status: 200 })
}

pub(super) async fn show(state: ApiState, caller: Caller<Flask>, request: HttpRequest) -> Reply {
    let user = seen(&state, &caller.authenticated.user, key(&request)).await?;
    Ok(HttpResponse::Ok().json(About::new(&user, "Success!", 200)))
}

pub(super) async fn change(
    state: ApiState,
    sent: Authed<Flask, Fields>,
    request: HttpRequest,
) -> Reply {
    let (actor, client) = (sent.caller.authenticated.user, sent.caller.client);
    let user = owned(&state, &actor, key(&request)).await?;
    let (change, rules) = (profile_change(&sent.body)?, door_rules(&state));
    let users = &state.services().users;
    let user = users.change_profile(&actor, user.id, None, &change, &rules, &client).await?;
    Ok(HttpResponse::Ok().json(About::new(&user, "Success!", 200)))
}

pub(super) async fn change_password(
    state: ApiState,
    sent: Authed<Flask, Fields>,
    request: HttpRequest,
) -> Reply {
    let caller = sent.caller.authenticated;
    let user = owned(&state, &caller.user, key(&request)).await?;
    let current = sent.body.password("old_password");
    let current = current.map_err(|fault| Refusal::own(FlaskFault::OldPassword(fault)))?;
    let new = sent.body.password("new_password");
    let new = new.map_err(|fault| invalid(Field::NewPassword, fault))?;
    let (users, rules) = (&state.services().users, door_rules(&state));
    let client = &sent.caller.client;
    users.change_password_of(&caller, &user, &current, &new, &rules, client).await?;
    Ok(HttpResponse::Ok().json(Done::new("Success!")))
}

pub(super) async fn delete(state: ApiState, caller: Caller<Flask>, request: HttpRequest) -> Reply {
    let actor = caller.authenticated.user;
    let user = owned(&state, &actor, key(&request)).await?;
    state.services().users.delete(&actor, user.id, None).await?;
    Ok(HttpResponse::Ok().json(Done { status: Some(200), ..Done::new("User deleted.") }))
}

/// The person that the path names; nobody, where it is no UUID.
fn key(request: &HttpRequest) -> Option<UserKey> {
    let id = Uuid::try_parse(request.match_info().get("uuid")?).ok()?;
    Some(UserKey::Id(UserId(id)))
}
