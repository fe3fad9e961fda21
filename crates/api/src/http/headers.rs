//! The header fields that every reply carries.

use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};

use crate::http::request_id::{RequestId, X_REQUEST_ID};

const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
/// A reply is data: whatever opens it as a page may load, run and frame nothing.
const NOTHING: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);
/// Two years, as browsers' preload lists ask.
const TLS_ONLY: HeaderValue = HeaderValue::from_static("max-age=63072000; includeSubDomains");

/// Adds what a handler has not said itself.
pub(super) fn complete(headers: &mut HeaderMap, https: bool, id: &RequestId) {
    headers.insert(X_REQUEST_ID, id.header_value());
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    default(headers, RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
    // Whatever opens it as a page shares no window with the page that led there.
    default(headers, OPENER_POLICY, HeaderValue::from_static("same-origin"));
    default(headers, CONTENT_SECURITY_POLICY, NOTHING);
    default(headers, CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if https {
        headers.insert(STRICT_TRANSPORT_SECURITY, TLS_ONLY);
    }
}

fn default(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    if !headers.contains_key(&name) {
        headers.insert(name, value);
    }
}
