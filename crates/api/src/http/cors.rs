//! Cross-origin calls (Fetch standard, CORS): from the origins that the operator named, to the
//! letter, and from no other.

use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_METHOD, HeaderMap, HeaderValue, ORIGIN, VARY,
};
use actix_web::{HttpRequest, HttpResponse};

use crate::state::ApiState;

const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE");
/// What pages may send: the fields that some surface reads.
const REQUEST_FIELDS: HeaderValue = HeaderValue::from_static(
    "authorization, content-type, if-match, if-none-match, idempotency-key, x-request-id, \
     traceparent, access_token, last-event-id, x-csrftoken",
);
/// What pages may read beside the few fields that they always may.
const REPLY_FIELDS: HeaderValue = HeaderValue::from_static(
    "etag, link, location, retry-after, www-authenticate, x-request-id, idempotent-replayed, \
     ratelimit, ratelimit-policy",
);
/// How long a browser may remember the answer to a preflight, in seconds.
const REMEMBERED: HeaderValue = HeaderValue::from_static("600");

/// The answer to a preflight of an allowed origin; nothing else is answered here.
pub(super) fn preflight(request: &ServiceRequest) -> Option<HttpResponse> {
    let asks = request.method() == Method::OPTIONS
        && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD);
    (asks && allowed_origin(request.request()).is_some()).then(preflight_reply)
}

/// Lets the pages of allowed origins read the reply. Where there are any, replies differ by origin.
pub(super) fn complete(response: &mut ServiceResponse) {
    if ApiState::of(response.request()).settings().allowed_origins.is_empty() {
        return;
    }
    let origin = allowed_origin(response.request()).cloned();
    let headers = response.headers_mut();
    headers.append(VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = origin {
        admit(headers, origin);
    }
}

fn allowed_origin(request: &HttpRequest) -> Option<&HeaderValue> {
    let settings = ApiState::of(request).settings();
    let origin = request.headers().get(ORIGIN)?;
    origin.to_str().is_ok_and(|origin| settings.allows_origin(origin)).then_some(origin)
}

fn preflight_reply() -> HttpResponse {
    HttpResponse::NoContent()
        .insert_header((ACCESS_CONTROL_ALLOW_METHODS, METHODS))
        .insert_header((ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_FIELDS))
        .insert_header((ACCESS_CONTROL_MAX_AGE, REMEMBERED))
        .finish()
}

fn admit(headers: &mut HeaderMap, origin: HeaderValue) {
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, REPLY_FIELDS);
}
