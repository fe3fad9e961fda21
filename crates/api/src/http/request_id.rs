//! The id that a request is logged under, and that every reply names.

use std::sync::Arc;

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use domain::entropy::uuid;
use uuid::Uuid;

use crate::state::ApiState;

/// The field that carries it, both ways.
pub(crate) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
/// The longest id that is kept.
const MAX_LENGTH: usize = 128;

/// 1–128 of `A-Za-z0-9._-`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RequestId(Arc<str>);

impl RequestId {
    /// The caller's own id where it sent one valid one, else a UUID version 7.
    pub(crate) fn of(headers: &HeaderMap, state: &ApiState) -> Self {
        sent(headers).unwrap_or_else(|| {
            let mut text = Uuid::encode_buffer();
            Self((*made(state).hyphenated().encode_lower(&mut text)).into())
        })
    }

    /// The id, for whoever keeps it.
    pub(crate) fn shared(&self) -> Arc<str> {
        Arc::clone(&self.0)
    }

    /// The id as a field value.
    pub(crate) fn header_value(&self) -> HeaderValue {
        HeaderValue::from_str(&self.0).unwrap_or(HeaderValue::from_static(""))
    }
}

fn sent(headers: &HeaderMap) -> Option<RequestId> {
    let text = headers.get(X_REQUEST_ID)?.to_str().ok()?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    let valid = (1..=MAX_LENGTH).contains(&text.len()) && text.bytes().all(plain);
    valid.then(|| RequestId(text.into()))
}

/// A request is served even without random bytes; whatever needs them will say so.
fn made(state: &ApiState) -> Uuid {
    uuid(state.entropy(), state.clock().now()).unwrap_or(Uuid::nil())
}

/// The trace that a caller says this request is part of (W3C Trace Context §3.2).
pub(crate) fn trace_id(headers: &HeaderMap) -> Option<&str> {
    let text = headers.get(TRACEPARENT)?.to_str().ok()?;
    let hex = |part: &str, length: usize| {
        part.len() == length && part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    };
    let mut parts = text.split('-');
    let (version, trace, parent, flags) =
        (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let shaped = hex(version, 2) && hex(trace, 32) && hex(parent, 16) && hex(flags, 2);
    // Later versions may add parts; version 00 has four, and ff is forbidden.
    let complete = version != "ff" && (version != "00" || parts.next().is_none());
    let said = |part: &str| part.bytes().any(|byte| byte != b'0');
    (shaped && complete && said(trace) && said(parent)).then_some(trace)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: HeaderName, value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        headers
    }

    #[test]
    fn a_valid_id_is_kept() {
        for id in ["a", "Req_1.2-3", &"x".repeat(128)] {
            let kept = sent(&headers(X_REQUEST_ID, id)).unwrap();
            assert_eq!(&*kept.shared(), id);
            assert_eq!(kept.header_value(), id);
        }
    }

    #[test]
    fn an_id_that_could_break_a_log_is_not() {
        for id in ["", "a b", "a\tb", "é", "a\"b", "{}", &"x".repeat(129)] {
            assert_eq!(sent(&headers(X_REQUEST_ID, id)), None, "{id:?}");
        }
    }

    #[test]
    fn a_trace_is_read_from_a_valid_traceparent_only() {
        let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        let read = |text: &str| trace_id(&headers(TRACEPARENT, text)).map(str::to_owned);
        assert_eq!(read(&format!("00-{trace}-00f067aa0ba902b7-01")).as_deref(), Some(trace));
        assert_eq!(read(&format!("01-{trace}-00f067aa0ba902b7-01-x")).as_deref(), Some(trace));
        for bad in [
            format!("00-{trace}-00f067aa0ba902b7-01-x"),
            format!("ff-{trace}-00f067aa0ba902b7-01"),
            format!("00-{}-00f067aa0ba902b7-01", "0".repeat(32)),
            format!("00-{trace}-0000000000000000-01"),
            format!("00-{}-00f067aa0ba902b7-01", trace.to_uppercase()),
            format!("00-{trace}-00f067aa0ba902b7"),
            "00".to_owned(),
        ] {
            assert_eq!(read(&bad), None, "{bad}");
        }
    }
}
