//! The cookies of door 3.

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use domain::entropy::secret;
use domain::problem::Problem;

use crate::state::ApiState;

/// The cookie that proves a session.
pub(super) const SESSION: &str = "sessionid";
const CSRF: &str = "csrftoken";

/// The cookie of a session that was just opened.
pub(super) fn session(state: &ApiState, value: String) -> Cookie<'static> {
    build(state, SESSION, value).http_only(true).max_age(Duration::days(14)).finish()
}

/// A random text for clients that echo it; nothing depends on it.
pub(super) fn csrf(state: &ApiState) -> Result<Cookie<'static>, Problem> {
    let value: String = secret(state.entropy())?.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(build(state, CSRF, value).max_age(Duration::days(365)).finish())
}

/// A cookie that removes the one that proves a session.
pub(super) fn removed(state: &ApiState) -> Cookie<'static> {
    let mut cookie = session(state, String::new());
    cookie.make_removal();
    cookie
}

fn build(
    state: &ApiState,
    name: &'static str,
    value: String,
) -> actix_web::cookie::CookieBuilder<'static> {
    Cookie::build(name, value)
        .path("/")
        .same_site(SameSite::Lax)
        .secure(state.settings().is_https())
}
