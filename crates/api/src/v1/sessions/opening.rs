//! Signing in, and staying signed in.

use actix_web::cookie::time::Duration;
use actix_web::{HttpRequest, HttpResponse};
use domain::sessions::{Opened, Session, Transport};
use secrecy::ExposeSecret;

use crate::caller::{Body, cookie};
use crate::http::{cross_site, session_cookie};
use crate::state::ApiState;
use crate::v1::members::Members;
use crate::v1::problem::V1;
use crate::v1::reply::{Answer, created};
use crate::v1::sessions::view::SignedInView;
use crate::v1::sessions::wire::{Refresh, SignIn};

/// Sign in
///
/// Opens a session for a username, e-mail address or mobile number and its password. An unknown
/// identifier, a wrong password and an account that may not sign in are all the same 401, after the
/// same time.
#[utoipa::path(
    post, path = "/v1/sessions", tag = "sessions", request_body = SignIn, security(()),
    responses((
        status = 201, description = "The session, its person, and what proves it.",
        body = SignedInView, headers(("Location"), ("Set-Cookie")),
        links(("close" = (
            operation_id = "close_session", parameters(("id" = "$response.body#/session/id"))
        )))
    ))
)]
pub(crate) async fn open_session(
    state: ApiState,
    sent: Body<V1, Members>,
    request: HttpRequest,
) -> Answer {
    let sign_in = SignIn::read(sent.body)?;
    if sign_in.transport == Transport::Cookie {
        cross_site::check(&request)?;
    }
    let client = sent.client.clone();
    let login = sign_in.into_login(&state.settings().v1_rules.mobiles, sent.client);
    let opened = state.services().sessions.login(login).await?;
    if opened.session.transport == Transport::Cookie
        && let Ok(Some(old)) = cookie(&request)
    {
        state.services().sessions.end_replaced(old, &client).await;
    }
    Ok(handed_out(&state, &opened))
}

/// Get the next access token
///
/// Exchanges a refresh token, once, for an access token and the next refresh token. A retry within
/// ten seconds whose first reply was lost gets the same successor; any later use closes the session.
#[utoipa::path(
    post, path = "/v1/sessions/refresh", tag = "sessions", request_body = Refresh, security(()),
    responses((
        status = 200, description = "The session, its person, and the new tokens.",
        body = SignedInView
    ))
)]
pub(crate) async fn refresh_session(state: ApiState, sent: Body<V1, Members>) -> Answer {
    let token = Refresh::read(sent.body)?;
    let sessions = &state.services().sessions;
    let opened = sessions.refresh(&token, &sent.client).await?;
    Ok(HttpResponse::Ok().json(SignedInView::with_tokens(&state, &opened)))
}

fn handed_out(state: &ApiState, opened: &Opened) -> HttpResponse {
    let settings = state.settings();
    let mut reply = created(settings, &format!("/v1/sessions/{}", opened.session.id));
    match opened.session.transport {
        Transport::Refresh | Transport::Kept | Transport::Bearer => {
            reply.json(SignedInView::with_tokens(state, opened))
        }
        Transport::Cookie => {
            let mut cookie =
                session_cookie::open(opened.secret.expose_secret().to_owned(), settings);
            cookie.set_max_age(lifetime(&opened.session));
            reply.cookie(cookie).json(SignedInView::without_tokens(state, opened))
        }
    }
}

/// How long the browser keeps the cookie: as long as the session can last.
fn lifetime(session: &Session) -> Duration {
    let seconds = session.expires_at.since(session.created_at).as_secs();
    Duration::seconds(seconds.try_into().unwrap_or(i64::MAX))
}
