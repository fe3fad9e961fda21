//! The caller's own sessions: listed, read and closed.

use actix_web::{HttpRequest, HttpResponse};
use domain::problem::Problem;
use domain::sessions::SessionId;

use crate::caller::Caller;
use crate::state::ApiState;
use crate::v1::cursor;
use crate::v1::etag::{if_match, if_none_match};
use crate::v1::openapi::params::{
    ExceptParameter, IfMatch, IfNoneMatch, PageParameters, SessionIdParameter,
};
use crate::v1::page::PageMark;
use crate::v1::path::session_id;
use crate::v1::problem::V1;
use crate::v1::query::Query;
use crate::v1::reply::{Answer, UNSTORED, ended, tagged};
use crate::v1::sessions::view::{SessionPage, SessionView};

/// List one's own sessions
///
/// A page at a time, the newest first; the sessions of every door are among them.
#[utoipa::path(
    get, path = "/v1/sessions", tag = "sessions", params(PageParameters),
    security(("bearer" = []), ("cookie" = [])),
    responses((
        status = 200, description = "A page of sessions.",
        body = SessionPage, headers(("Link"))
    ))
)]
pub(crate) async fn list_sessions(
    state: ApiState,
    caller: Caller<V1>,
    request: HttpRequest,
) -> Answer {
    let mut query = Query::parse(request.query_string());
    let page = query.page(());
    let sent = query.finish()?;
    let sessions = &state.services().sessions;
    let current = caller.authenticated.session.id;
    let page = sessions.list(&caller.authenticated, &page).await?;
    let view = |session| SessionView::new(sessions, session, current);
    let mark = PageMark::new(page.next.map(|key| cursor::encode(&key, ())), None);
    let view = SessionPage { data: page.items.iter().map(view).collect(), page: mark };
    Ok(view.page.reply(&view, &format!("{}/v1/sessions", state.settings().public_url), &sent))
}

/// Read the session of this request
#[utoipa::path(
    get, path = "/v1/sessions/current", tag = "sessions", params(IfNoneMatch),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "The session.", body = SessionView, headers(("ETag"))),
        (status = 304, description = "The caller has it already.", headers(("ETag"))),
    )
)]
pub(crate) async fn get_current_session(
    state: ApiState,
    caller: Caller<V1>,
    request: HttpRequest,
) -> Answer {
    let unless = if_none_match(&request)?;
    let session = &caller.authenticated.session;
    let view = SessionView::new(&state.services().sessions, session, session.id);
    Ok(tagged(&view, &view.tag(), unless.as_ref(), UNSTORED))
}

/// Sign out
///
/// Closes the session of this request: its tokens or cookie are refused from the next request on.
#[utoipa::path(
    delete, path = "/v1/sessions/current", tag = "sessions", params(IfMatch),
    security(("bearer" = []), ("cookie" = [])),
    responses((
        status = 204, description = "The session is closed.",
        headers(("Set-Cookie"), ("Clear-Site-Data"))
    ))
)]
pub(crate) async fn close_current_session(
    state: ApiState,
    caller: Caller<V1>,
    request: HttpRequest,
) -> Answer {
    close_one(&state, &caller, &request, caller.authenticated.session.id).await
}

/// Close one of one's own sessions
///
/// The session of this request may be named as well.
#[utoipa::path(
    delete, path = "/v1/sessions/{id}", tag = "sessions", params(SessionIdParameter, IfMatch),
    security(("bearer" = []), ("cookie" = [])),
    responses((
        status = 204, description = "The session is closed.",
        headers(("Set-Cookie"), ("Clear-Site-Data"))
    ))
)]
pub(crate) async fn close_session(
    state: ApiState,
    caller: Caller<V1>,
    request: HttpRequest,
) -> Answer {
    close_one(&state, &caller, &request, session_id(&request)?).await
}

/// Closes a session of the caller's, if it is as `If-Match` says.
async fn close_one(
    state: &ApiState,
    caller: &Caller<V1>,
    request: &HttpRequest,
    id: SessionId,
) -> Answer {
    let Caller { authenticated, client, .. } = caller;
    let sessions = &state.services().sessions;
    if let Some(condition) = if_match(request, false)? {
        let session = sessions.find(authenticated, id).await?;
        let tag = SessionView::new(sessions, &session, authenticated.session.id).tag();
        if !condition.holds_strongly(&tag) {
            return Err(Problem::VersionMismatch.into());
        }
    }
    sessions.close(authenticated, id, client).await?;
    Ok(if authenticated.session.id == id {
        ended(state.settings(), &authenticated.session)
    } else {
        HttpResponse::NoContent().finish()
    })
}

/// Close all of one's own sessions
///
/// With `except=current` the session of this request stays open.
#[utoipa::path(
    delete, path = "/v1/sessions", tag = "sessions", params(ExceptParameter),
    security(("bearer" = []), ("cookie" = [])),
    responses((
        status = 204, description = "The sessions are closed.",
        headers(("Set-Cookie"), ("Clear-Site-Data"))
    ))
)]
pub(crate) async fn close_sessions(
    state: ApiState,
    caller: Caller<V1>,
    request: HttpRequest,
) -> Answer {
    let mut query = Query::parse(request.query_string());
    let keep = query.one_of("except", "current", |name| (name == "current").then_some(()));
    query.finish()?;
    let (sessions, authenticated) = (&state.services().sessions, &caller.authenticated);
    if keep.is_some() {
        sessions.close_others(authenticated).await?;
        return Ok(HttpResponse::NoContent().finish());
    }
    sessions.close_all(authenticated).await?;
    Ok(ended(state.settings(), &authenticated.session))
}
