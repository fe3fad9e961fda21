//! Whom a caller may see and change at the doors: the same at all of them, only the words differ.

use domain::page::{DEFAULT_LIMIT, MAX_LIMIT, Page, PageRequest};
use domain::problem::{Fault, Field, FieldError, Problem, Thing};
use domain::users::{SortOrder, User, UserCursor, UserKey};

use crate::settings::Mode;
use crate::state::ApiState;
use crate::v1::cursor;

/// The person that `key` names, if the caller may see its details: anybody's where the documents are
/// followed, else one's own and, for administrators, everybody's.
pub(super) async fn seen(
    state: &ApiState,
    actor: &User,
    key: Option<UserKey>,
) -> Result<User, Problem> {
    match state.settings().compat.mode {
        Mode::Documented => found(state, key).await,
        Mode::Hardened => owned(state, actor, key).await,
    }
}

/// The person that `key` names, if the caller may change it: itself, or anybody for administrators.
/// Where hardened, somebody else's account and none at all are refused alike.
pub(super) async fn owned(
    state: &ApiState,
    actor: &User,
    key: Option<UserKey>,
) -> Result<User, Problem> {
    let found = found(state, key).await;
    match found {
        Ok(user) if actor.may_manage(user.id) => Ok(user),
        Ok(_) => Err(Problem::Forbidden),
        Err(Problem::NotFound(Thing::User))
            if state.settings().compat.mode == Mode::Hardened && !actor.is_admin() =>
        {
            Err(Problem::Forbidden)
        }
        Err(problem) => Err(problem),
    }
}

/// Where hardened, what is not there is refused as what is somebody else's; else it is told.
pub(super) fn hidden(state: &ApiState, problem: Problem, as_other: Problem) -> Problem {
    let is_hardened = state.settings().compat.mode == Mode::Hardened;
    if is_hardened && matches!(problem, Problem::NotFound(_)) { as_other } else { problem }
}

async fn found(state: &ApiState, key: Option<UserKey>) -> Result<User, Problem> {
    match key {
        Some(key) => state.services().users.find(&key).await,
        None => Err(Problem::NotFound(Thing::User)),
    }
}

/// Whether the caller may see the list of everybody; else it is a list of itself alone.
pub(super) fn sees_everybody(state: &ApiState, actor: Option<&User>) -> bool {
    state.settings().compat.mode == Mode::Documented || actor.is_some_and(User::is_admin)
}

/// A list of one.
pub(super) fn alone(actor: &User) -> Page<User, UserCursor> {
    Page { items: vec![actor.clone()], next: None }
}

/// What a list is asked for by `limit` and `cursor`; `None` asks for all of it.
pub(super) fn asked_page(query: &str) -> Result<Option<PageRequest<UserCursor>>, Problem> {
    let mut limit = None;
    let mut after = None;
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match name.as_ref() {
            "limit" => limit = Some(read_limit(&value)?),
            "cursor" => after = Some(read_cursor(&value)?),
            _ => {}
        }
    }
    Ok(match (limit, after) {
        (None, None) => None,
        (limit, None) => Some(PageRequest::first(limit.unwrap_or(DEFAULT_LIMIT))),
        (limit, Some(key)) => Some(PageRequest::after(limit.unwrap_or(DEFAULT_LIMIT), key)),
    })
}

/// `rel="next"` of a page (RFC 8288), if more follow.
pub(super) fn next_link(
    state: &ApiState,
    path: &str,
    page: &PageRequest<UserCursor>,
    next: Option<UserCursor>,
) -> Option<String> {
    let cursor = cursor::encode(&next?, SortOrder::OldestFirst);
    let (url, limit) = (&state.settings().public_url, page.limit());
    Some(format!("<{url}{path}?limit={limit}&cursor={cursor}>; rel=\"next\""))
}

/// A whole number of rows that a page may have.
pub(super) fn read_limit(text: &str) -> Result<u16, Problem> {
    let fault = Fault::OutOfRange(1, MAX_LIMIT.into());
    let limit = text.parse().ok().filter(|limit| (1..=MAX_LIMIT).contains(limit));
    limit.ok_or_else(|| Problem::Invalid(vec![FieldError::new(Field::Limit, fault)]))
}

fn read_cursor(text: &str) -> Result<UserCursor, Problem> {
    let invalid = |_| Problem::Invalid(vec![FieldError::new(Field::Cursor, Fault::BadCursor)]);
    cursor::decode(text, SortOrder::OldestFirst).map_err(invalid)
}
