//! What door 3 does: registering, signing in and out, one's own account.

use actix_web::{HttpRequest, HttpResponse};
use domain::problem::{Field, Problem};
use domain::sessions::{Client, Door, Login, Opened, Transport};
use domain::users::{Change, Password, ProfileChange, Status, User, UserKey};
use secrecy::ExposeSecret;

use super::refusals::{Drf, DrfFault};
use super::wire::{About, Done};
use super::{Reply, cookies, door_rules, registering};
use crate::caller::{Authed, Body, Caller, one_cookie};
use crate::compat::fields::{Faults, Fields, Sent};
use crate::http::cross_site;
use crate::refusal::Refusal;
use crate::state::ApiState;

/// The longest picture URL or name.
const MAX_PICTURE: usize = 255;

pub(super) async fn register(
    state: ApiState,
    sent: Body<Drf, Fields>,
    request: HttpRequest,
) -> Reply {
    cross_site::check(&request)?;
    let registration = registering::read(&sent.body).map_err(Refusal::own)?;
    let registration = registration.sent_by(sent.client.clone());
    let (services, rules) = (state.services(), door_rules(&state));
    if !registering::is_confirmed(&sent.body) {
        services.users.judge(&registration, &rules)?;
        return Err(Refusal::own(DrfFault::NotConfirmed));
    }
    let user = services.users.register(None, registration, &rules).await?;
    let about = About::new(&state, &user, Some("Registration successful"));
    let mut reply = HttpResponse::Created();
    if user.status == Status::Active {
        let opened = open(&state, user.clone(), &sent.client).await?;
        let value = replace_cookie(&state, &request, &opened, &sent.client).await;
        reply.cookie(cookies::session(&state, value)).cookie(cookies::csrf(&state)?);
    }
    Ok(reply.json(about))
}

async fn open(state: &ApiState, user: User, client: &Client) -> Result<Opened, Problem> {
    let (door, transport) = (Door::DrfAccounts, Transport::Cookie);
    state.services().sessions.open(user, door, transport, None, client).await
}

/// The value of the new cookie; the session of the one that it replaces ends.
async fn replace_cookie(
    state: &ApiState,
    request: &HttpRequest,
    opened: &Opened,
    client: &Client,
) -> String {
    if let Ok(Some(old)) = one_cookie(request, cookies::SESSION) {
        state.services().sessions.end_replaced(old, client).await;
    }
    opened.secret.expose_secret().to_owned()
}

pub(super) async fn sign_in(
    state: ApiState,
    sent: Body<Drf, Fields>,
    request: HttpRequest,
) -> Reply {
    cross_site::check(&request)?;
    let (username, password) = credentials(&sent.body)?;
    let login = Login {
        key: UserKey::username(&username),
        password,
        door: Door::DrfAccounts,
        transport: Transport::Cookie,
        bearer_lifetime: None,
        client: sent.client.clone(),
    };
    let opened = state.services().sessions.login(login).await?;
    let value = replace_cookie(&state, &request, &opened, &sent.client).await;
    Ok(HttpResponse::Ok()
        .cookie(cookies::session(&state, value))
        .cookie(cookies::csrf(&state)?)
        .json(About::new(&state, &opened.user, Some("Login successful"))))
}

fn credentials(fields: &Fields) -> Result<(String, Password), Refusal<Drf>> {
    let username = fields.text("username");
    let password = fields.text("password").and_then(Password::parse);
    match (username, password) {
        (Ok(username), Ok(password)) => Ok((username, password)),
        (Err(_), _) | (_, Err(_)) => Err(Refusal::own(DrfFault::CredentialsMissing)),
    }
}

pub(super) async fn sign_out(state: ApiState, caller: Caller<Drf>) -> Reply {
    let Caller { authenticated, client, .. } = caller;
    state.services().sessions.close(&authenticated, authenticated.session.id, &client).await?;
    let done = Done { detail: "Logout successful" };
    Ok(HttpResponse::Ok().cookie(cookies::removed(&state)).json(done))
}

pub(super) async fn me(state: ApiState, caller: Caller<Drf>) -> HttpResponse {
    HttpResponse::Ok().json(About::new(&state, &caller.authenticated.user, None))
}

pub(super) async fn change_me(state: ApiState, sent: Authed<Drf, Fields>) -> Reply {
    let (user, client) = (sent.caller.authenticated.user, sent.caller.client);
    let change = profile_change(&sent.body)?;
    let (users, rules) = (&state.services().users, door_rules(&state));
    let changed = users.change_profile(&user, user.id, None, &change, &rules, &client).await;
    let user = changed.map_err(of_update)?;
    let about = About::new(&state, &user, Some("User information updated successfully"));
    Ok(HttpResponse::Ok().json(about))
}

/// Faults of a change have words of their own.
fn of_update(problem: Problem) -> Refusal<Drf> {
    if let Problem::Invalid(errors) = problem {
        Refusal::own(DrfFault::Update(errors))
    } else {
        problem.into()
    }
}

fn profile_change(fields: &Fields) -> Result<ProfileChange, Refusal<Drf>> {
    let mut faults = Faults::default();
    let display_name = faults.take(Field::DisplayName, display_name(fields)).unwrap_or_default();
    let picture = faults.take(Field::ProfilePicture, picture(fields)).unwrap_or_default();
    let consent = faults.take(Field::Consent, fields.flag("consent")).flatten();
    if !faults.0.is_empty() {
        return Err(Refusal::own(DrfFault::Update(faults.0)));
    }
    let profile_picture = picture;
    Ok(ProfileChange { display_name, profile_picture, consent, ..ProfileChange::default() })
}

fn display_name(fields: &Fields) -> Result<Change<String>, domain::problem::Fault> {
    use domain::problem::Fault;
    match fields.sent("display_name") {
        Sent::Missing => Ok(Change::Keep),
        Sent::Null => Err(Fault::Missing),
        Sent::NotText => Err(Fault::NotText),
        Sent::Text(text) if text.trim().is_empty() => Err(Fault::TooShort(1)),
        Sent::Text(text) if text.chars().count() < 2 => Err(Fault::TooShort(2)),
        Sent::Text(text) => Ok(Change::Set(text)),
    }
}

/// An http(s) URL or a plain name; an empty text takes the picture away.
fn picture(fields: &Fields) -> Result<Change<String>, domain::problem::Fault> {
    use domain::problem::Fault;
    match fields.sent("profile_picture") {
        Sent::Missing => Ok(Change::Keep),
        Sent::Null => Ok(Change::Clear),
        Sent::NotText => Err(Fault::NotText),
        Sent::Text(text) if text.is_empty() => Ok(Change::Clear),
        Sent::Text(text) if text.trim().is_empty() => Err(Fault::TooShort(1)),
        Sent::Text(text) if text.chars().count() > MAX_PICTURE => Err(Fault::TooLong(MAX_PICTURE)),
        Sent::Text(text) => {
            let is_plain = !text.contains([':', '/', '\\']);
            if is_plain || is_url(&text) { Ok(Change::Set(text)) } else { Err(Fault::NotAUrl) }
        }
    }
}

/// An http(s) URL with a host, of characters that a URL may hold (RFC 3986 §2).
fn is_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let names_a_host = !rest.is_empty() && !rest.starts_with(['/', '?', '#', ':']);
    let odd = |c: char| c.is_whitespace() || c.is_control() || "\"<>\\^`{|}".contains(c);
    ["http", "https"].contains(&scheme.to_ascii_lowercase().as_str())
        && names_a_host
        && !rest.contains(odd)
}
