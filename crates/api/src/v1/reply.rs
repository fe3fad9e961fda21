//! The replies that several handlers give.

use actix_web::error::JsonPayloadError;
use actix_web::http::header::{
    CACHE_CONTROL, ContentType, ETAG, HeaderName, HeaderValue, LOCATION,
};
use actix_web::{HttpResponse, HttpResponseBuilder};
use domain::sessions::{Session, Transport};
use serde::Serialize;

use crate::http::session_cookie;
use crate::refusal::Refusal;
use crate::settings::ApiSettings;
use crate::v1::etag::Condition;
use crate::v1::problem::V1;

/// What every handler of `/v1` returns.
pub(crate) type Answer = Result<HttpResponse, Refusal<V1>>;

/// `Cache-Control` of what no cache may keep.
pub(crate) const UNSTORED: HeaderValue = HeaderValue::from_static("no-store");
const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

/// A representation with its entity tag, or 304 where the caller has it already (RFC 9110 §13.1.2).
pub(crate) fn tagged<T: Serialize>(
    view: &T,
    tag: &str,
    unless: Option<&Condition>,
    cache: HeaderValue,
) -> HttpResponse {
    let known = unless.is_some_and(|condition| condition.holds_weakly(tag));
    let mut reply = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    reply.insert_header((ETAG, quoted(tag))).insert_header((CACHE_CONTROL, cache));
    if known { reply.finish() } else { json(&mut reply, view) }
}

/// `view` as JSON, in room that a person fits in.
fn json<T: Serialize>(reply: &mut HttpResponseBuilder, view: &T) -> HttpResponse {
    let mut bytes = Vec::with_capacity(1_024);
    match serde_json::to_writer(&mut bytes, view) {
        Ok(()) => reply.content_type(ContentType::json()).body(bytes),
        Err(error) => HttpResponse::from_error(JsonPayloadError::Serialize(error)),
    }
}

/// 201, with the address of what was made. The address has no origin, but the path that the public
/// URL may have.
pub(crate) fn created(settings: &ApiSettings, path: &str) -> HttpResponseBuilder {
    let base = base_path(&settings.public_url);
    let mut reply = HttpResponse::Created();
    reply.insert_header((LOCATION, format!("{base}{path}")));
    reply
}

/// An entity tag as its header field writes it.
pub(crate) fn quoted(tag: &str) -> String {
    format!("\"{tag}\"")
}

/// 204 about a session that has ended: where a cookie held it, the cookie goes.
pub(crate) fn ended(settings: &ApiSettings, session: &Session) -> HttpResponse {
    let mut reply = HttpResponse::NoContent();
    if session.transport == Transport::Cookie {
        // Not "cookies": that would take those of every sibling domain along.
        reply.cookie(session_cookie::removed(settings));
        reply.insert_header((CLEAR_SITE_DATA, "\"cache\", \"storage\""));
    }
    reply.finish()
}

fn base_path(public_url: &str) -> &str {
    let (_, rest) = public_url.split_once("://").unwrap_or_default();
    rest.find('/').map_or("", |at| rest.split_at(at).1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_the_path_of_the_public_url() {
        for (public_url, expected) in
            [("http://127.0.0.1:8080", ""), ("https://example.org/auth", "/auth"), ("nonsense", "")]
        {
            assert_eq!(base_path(public_url), expected, "{public_url}");
        }
    }

    #[test]
    fn what_the_caller_has_is_not_sent_again() {
        let condition = Condition::Any;
        let reply = tagged(&"view", "7-a", Some(&condition), UNSTORED);
        assert_eq!(reply.status(), 304);
        assert_eq!(reply.headers().get(ETAG).unwrap(), "\"7-a\"");
        assert_eq!(tagged(&"view", "7-a", None, UNSTORED).status(), 200);
    }
}
