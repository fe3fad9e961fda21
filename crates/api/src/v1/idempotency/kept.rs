//! A reply as it is kept under an idempotency key.

use actix_web::HttpResponse;
use actix_web::body::{BoxBody, to_bytes};
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde::{Deserialize, Serialize};

/// Status, fields and body. The fields that the edge adds to every reply are not among them: it adds
/// them anew.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct KeptReply {
    status: u16,
    fields: Vec<(String, String)>,
    body: String,
}

impl KeptReply {
    /// The reply to keep, and the same reply to send.
    pub(super) async fn of(response: HttpResponse<BoxBody>) -> (Self, HttpResponse<BoxBody>) {
        let (head, body) = response.into_parts();
        // Replies of /v1 to what changes something are whole in memory: nothing can fail.
        let bytes = to_bytes(body).await.unwrap_or_default();
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let fields = head.headers().iter();
        let kept = Self {
            status: head.status().as_u16(),
            fields: fields.map(|(name, value)| (name.to_string(), text(value))).collect(),
            body: STANDARD_NO_PAD.encode(&bytes),
        };
        (kept, head.set_body(BoxBody::new(bytes)))
    }

    /// For the store.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }

    /// The reply once more.
    pub(super) fn into_response(self) -> HttpResponse<BoxBody> {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let mut reply = HttpResponse::build(status);
        for (name, value) in &self.fields {
            if let (Ok(name), Ok(value)) =
                (HeaderName::try_from(name.as_str()), HeaderValue::from_str(value))
            {
                reply.append_header((name, value));
            }
        }
        let body = STANDARD_NO_PAD.decode(&self.body).unwrap_or_default();
        if body.is_empty() { reply.finish() } else { reply.body(body) }
    }
}
