//! Where credentials are found in a request.

use actix_web::HttpRequest;
use actix_web::http::header::{AUTHORIZATION, COOKIE};

use crate::http::session_cookie;
use crate::refusal::EdgeFault;
use crate::state::ApiState;

/// Something that may prove a session; not looked at yet.
pub(crate) enum Credential {
    /// An access token.
    Bearer(String),
    /// The value of a session cookie.
    Cookie(String),
}

/// `Authorization: Bearer <token>` (RFC 6750 §2.1): one field, the scheme in any letter case, one
/// token. Anything else in its place is refused, not overlooked.
pub(crate) fn bearer(request: &HttpRequest) -> Result<Option<Credential>, EdgeFault> {
    let mut fields = request.headers().get_all(AUTHORIZATION);
    let Some(field) = fields.next() else { return Ok(None) };
    if fields.next().is_some() {
        return Err(EdgeFault::MalformedCredentials);
    }
    let text = field.to_str().map_err(|_| EdgeFault::MalformedCredentials)?.trim();
    let (scheme, token) = text.split_once(' ').unwrap_or((text, ""));
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(EdgeFault::OtherScheme);
    }
    let token = token.trim();
    if token.is_empty() {
        return Err(EdgeFault::EmptyCredentials);
    }
    if token.contains([' ', '\t', ',']) {
        return Err(EdgeFault::MalformedCredentials);
    }
    Ok(Some(Credential::Bearer(token.to_owned())))
}

/// The bearer token or, where there is no `Authorization`, the session cookie. Of two cookies of
/// its name one is somebody else's doing (a sibling domain can set one), so neither counts.
pub(crate) fn bearer_or_cookie(request: &HttpRequest) -> Result<Option<Credential>, EdgeFault> {
    if let Some(credential) = bearer(request)? {
        return Ok(Some(credential));
    }
    Ok(cookie(request)?.map(|value| Credential::Cookie(value.to_owned())))
}

/// The token in a field of its own (door 4's `access_token`) or, where there is none, in
/// `Authorization`. Two that differ are nobody's.
pub(crate) fn field_or_bearer(
    request: &HttpRequest,
    name: &'static str,
) -> Result<Option<Credential>, EdgeFault> {
    let mut fields = request.headers().get_all(name);
    let Some(field) = fields.next() else { return bearer(request) };
    let token = field.to_str().map_err(|_| EdgeFault::MalformedCredentials)?.trim();
    if fields.next().is_some() || token.contains([' ', '\t', ',']) {
        return Err(EdgeFault::MalformedCredentials);
    }
    if token.is_empty() {
        return Err(EdgeFault::EmptyCredentials);
    }
    match bearer(request)? {
        Some(Credential::Bearer(other)) if other != token => Err(EdgeFault::MalformedCredentials),
        Some(_) | None => Ok(Some(Credential::Bearer(token.to_owned()))),
    }
}

/// The value of the one session cookie.
pub(crate) fn cookie(request: &HttpRequest) -> Result<Option<&str>, EdgeFault> {
    one_cookie(request, session_cookie::name(ApiState::of(request).settings()))
}

/// The value of the one cookie of this name.
pub(crate) fn one_cookie<'a>(
    request: &'a HttpRequest,
    name: &'a str,
) -> Result<Option<&'a str>, EdgeFault> {
    let mut values = cookies(request, name);
    let first = values.next();
    if values.next().is_some() {
        return Err(EdgeFault::MalformedCredentials);
    }
    Ok(first)
}

/// The values of all cookies of this name, as sent. One that is no text spoils no other.
fn cookies<'a>(request: &'a HttpRequest, name: &'a str) -> impl Iterator<Item = &'a str> {
    let fields = request.headers().get_all(COOKIE);
    fields
        .flat_map(|field| field.as_bytes().split(|byte| *byte == b';'))
        .filter_map(|pair| std::str::from_utf8(pair).ok()?.trim().split_once('='))
        .filter(move |(sent, _)| *sent == name)
        .map(|(_, value)| value)
}
