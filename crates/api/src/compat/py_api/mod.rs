//! Door 1, `py-api`: `/sessions/*`.
//!
//! Quirks that callers rely on:
//! - `status` is a string in every body, and not always the reply's: a bad request says `"401"`, an
//!   unknown person `"500"`.
//! - The content type of a request is ignored; whatever arrives is read as JSON.
//! - Signing out is a `GET`. `hardened` takes `POST` only; `documented` takes both.
//! - The one token lives as long as its session, and counts in `Authorization` alone.
//! - Where the document says `message` the original sent `error`; refusals of tokens and paths
//!   carry both.

mod refusals;

use actix_web::{HttpResponse, web};
use domain::problem::{Fault, Field, FieldError, Problem};
use domain::sessions::{Door, Login, Opened, Transport};
use domain::users::{Email, Password, Registration, User, UserKey};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::caller::{Body, Caller};
use crate::compat::rules;
use crate::http::{slash_optional, unknown_below};
use crate::refusal::Refusal;
use crate::settings::Mode;
use crate::state::ApiState;

use refusals::PyApi;

/// The longest e-mail address that registers here, in characters.
const MAX_EMAIL: usize = 100;

type Reply = Result<HttpResponse, Refusal<PyApi>>;

/// The paths of this door.
pub(super) fn routes(config: &mut web::ServiceConfig, mode: Mode) {
    let signing_out = slash_optional::<PyApi>("/sessions/logout");
    let signing_out = match mode {
        Mode::Documented => signing_out.get_that_does(logout).post(logout),
        Mode::Hardened => signing_out.post(logout),
    };
    config
        .service(slash_optional::<PyApi>("/sessions/register").post(register).done())
        .service(slash_optional::<PyApi>("/sessions/login").post(login).done())
        .service(slash_optional::<PyApi>("/sessions/me").get(me).done())
        .service(signing_out.done());
}

/// What nothing answers below this door's paths.
pub(super) fn unknown(config: &mut web::ServiceConfig) {
    config.service(unknown_below::<PyApi>("/sessions"));
}

#[derive(Deserialize)]
struct RegisterIn {
    firstname: String,
    lastname: String,
    email: String,
    password: String,
}

#[derive(Deserialize)]
struct LoginIn {
    email: String,
    password: String,
}

#[derive(Serialize)]
struct Done {
    status: &'static str,
    message: &'static str,
}

#[derive(Serialize)]
struct Shown<'a> {
    status: &'static str,
    user: UserOut<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<&'a str>,
}

/// Null is what somebody who registered elsewhere does not have.
#[derive(Serialize)]
struct UserOut<'a> {
    uuid: Uuid,
    firstname: Option<&'a str>,
    lastname: Option<&'a str>,
    email: Option<&'a str>,
}

async fn register(state: ApiState, sent: Body<PyApi, RegisterIn>) -> Reply {
    if sent.body.email.chars().count() > MAX_EMAIL {
        return Err(invalid(Field::Email, Fault::TooLong(MAX_EMAIL)));
    }
    let rules = rules(state.settings());
    let registration = Registration::from(sent.body).sent_by(sent.client);
    state.services().users.register(None, registration, &rules).await?;
    Ok(HttpResponse::Created().json(Done { status: "201", message: "User created successfully" }))
}

async fn login(state: ApiState, sent: Body<PyApi, LoginIn>) -> Reply {
    let login = Login {
        key: Some(UserKey::Email(email(&sent.body.email)?)),
        password: password(sent.body.password)?,
        door: Door::PyApi,
        transport: Transport::Bearer,
        bearer_lifetime: None,
        client: sent.client,
    };
    Ok(signed_in(&state.services().sessions.login(login).await?))
}

async fn me(caller: Caller<PyApi>) -> HttpResponse {
    let user = UserOut::from(caller.authenticated.user.as_ref());
    HttpResponse::Ok().json(Shown { status: "200", user, token: None })
}

async fn logout(state: ApiState, caller: Caller<PyApi>) -> Reply {
    let Caller { authenticated, client, .. } = caller;
    let id = authenticated.session.id;
    state.services().sessions.close(&authenticated, id, &client).await?;
    Ok(HttpResponse::Ok().json(Done { status: "200", message: "User logged out successfully" }))
}

fn signed_in(opened: &Opened) -> HttpResponse {
    let user = UserOut::from(&opened.user);
    let token = Some(opened.access_token.expose_secret());
    HttpResponse::Ok().json(Shown { status: "200", user, token })
}

fn email(sent: &str) -> Result<Email, Refusal<PyApi>> {
    Email::parse(sent).map_err(|fault| invalid(Field::Email, fault))
}

fn password(sent: String) -> Result<Password, Refusal<PyApi>> {
    Password::parse(sent).map_err(|fault| invalid(Field::Password, fault))
}

fn invalid(field: Field, fault: Fault) -> Refusal<PyApi> {
    Problem::Invalid(vec![FieldError::new(field, fault)]).into()
}

impl From<RegisterIn> for Registration {
    fn from(sent: RegisterIn) -> Self {
        Self {
            first_name: Some(sent.firstname),
            last_name: Some(sent.lastname),
            email: Some(sent.email),
            password: Some(sent.password),
            ..Self::default()
        }
    }
}

impl<'a> From<&'a User> for UserOut<'a> {
    fn from(user: &'a User) -> Self {
        Self {
            uuid: user.id.0,
            firstname: user.first_name.as_deref(),
            lastname: user.last_name.as_deref(),
            email: user.email.as_ref().map(Email::as_str),
        }
    }
}

#[cfg(test)]
mod tests;
