//! Reads a body: bounded in size and time, of a content type that the surface takes.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING};
use actix_web::web::{Bytes, BytesMut};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::http::{form, json};
use crate::refusal::{EdgeFault, Surface};
use crate::state::ApiState;

/// How much of a body that is too large is read and thrown away, so that a client that sends
/// before it reads still sees the refusal: this much, or this many times the limit.
const DRAIN_LIMIT: usize = 1_048_576;
const DRAIN_TIMES: usize = 4;
/// The most that is reserved on a sender's word alone, in bytes; most bodies fit.
const FIRST_RESERVE: usize = 1_024;
/// How much of a content type that is not taken is told, in characters.
const MAX_TOLD: usize = 100;

/// Which content types a surface takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Media {
    /// Whatever it is called, or nothing at all, read as JSON.
    Any,
    /// `application/json`.
    Json,
    /// That, or `application/merge-patch+json` (RFC 7396).
    JsonOrMergePatch,
    /// JSON, or a form of either kind: its fields are read as an object of texts. No body under no
    /// content type is told as just that.
    JsonOrForm,
}

/// What a body is, by its content type.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Json,
    UrlEncoded,
    /// With its boundary, if it names one.
    Multipart(Option<String>),
}

/// A body's type from JSON or, where the surface takes them, from a form.
pub(crate) async fn object<S: Surface, T: DeserializeOwned>(
    request: &HttpRequest,
    payload: Payload,
) -> Result<T, EdgeFault> {
    let settings = ApiState::of(request).settings();
    let kind = kind(request, S::media(request.method()));
    let untyped = !request.headers().contains_key(CONTENT_TYPE);
    let kind = if S::NOTHING_IS_EMPTY && untyped { kind } else { Ok(kind?) };
    let bytes = read(request, payload, settings.json_limit, settings.body_deadline).await?;
    if bytes.is_empty() {
        let nothing = || json::fill(Value::Object(Map::new()));
        return if S::NOTHING_IS_EMPTY { nothing() } else { Err(EdgeFault::BodyMissing) };
    }
    match kind? {
        Kind::Json => json::read(&bytes),
        Kind::UrlEncoded => json::fill(Value::Object(form::url_encoded(&bytes)?)),
        Kind::Multipart(boundary) => {
            json::fill(Value::Object(form::multipart(bytes, boundary)?.fields))
        }
    }
}

/// The whole body, of at most `limit` bytes, within `deadline`.
pub(crate) async fn read(
    request: &HttpRequest,
    payload: Payload,
    limit: usize,
    deadline: Duration,
) -> Result<Bytes, EdgeFault> {
    let announced = request.headers().get(CONTENT_LENGTH);
    let announced = announced.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    match tokio::time::timeout(deadline, collect(payload, announced, limit)).await {
        Ok(outcome) => outcome,
        Err(_) => Err(EdgeFault::BodyTimeout),
    }
}

async fn collect(
    mut payload: Payload,
    announced: Option<usize>,
    limit: usize,
) -> Result<Bytes, EdgeFault> {
    if announced.is_some_and(|length| length > limit) {
        return drain(payload, 0, limit).await;
    }
    let mut body = BytesMut::with_capacity(announced.unwrap_or(0).min(FIRST_RESERVE));
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(broken)?;
        if body.len() + chunk.len() > limit {
            return drain(payload, body.len() + chunk.len(), limit).await;
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

async fn drain(mut payload: Payload, mut read: usize, limit: usize) -> Result<Bytes, EdgeFault> {
    let bound = DRAIN_LIMIT.max(limit.saturating_mul(DRAIN_TIMES));
    while read < bound {
        match payload.next().await {
            Some(Ok(chunk)) => read += chunk.len(),
            Some(Err(_)) | None => break,
        }
    }
    Err(EdgeFault::TooLarge { limit })
}

fn broken(_: PayloadError) -> EdgeFault {
    EdgeFault::BodyBroken
}

/// The kind of body that was sent, if the surface takes it.
pub(super) fn kind(request: &HttpRequest, media: Media) -> Result<Kind, EdgeFault> {
    check_coding(request)?;
    let accepted = match media {
        Media::Any => return Ok(Kind::Json),
        Media::Json => "application/json",
        Media::JsonOrMergePatch => "application/merge-patch+json, application/json",
        Media::JsonOrForm if announces_nothing(request) => return Err(EdgeFault::BodyMissing),
        Media::JsonOrForm => {
            "application/json, application/x-www-form-urlencoded, multipart/form-data"
        }
    };
    let sent = content_type(request);
    let (essence, parameters) = sent.split_once(';').unwrap_or((sent, ""));
    let essence = essence.trim().to_ascii_lowercase();
    let known = accepted.split(", ").any(|known| essence == known);
    if !known || !is_utf8(parameters) {
        return Err(unsupported(request, accepted));
    }
    Ok(match essence.as_str() {
        "application/x-www-form-urlencoded" => Kind::UrlEncoded,
        "multipart/form-data" => Kind::Multipart(multer::parse_boundary(sent).ok()),
        _ => Kind::Json,
    })
}

/// Refuses a body under a content encoding.
pub(super) fn check_coding(request: &HttpRequest) -> Result<(), EdgeFault> {
    let coding = request.headers().get(CONTENT_ENCODING);
    let is_plain = |coding: &str| coding.eq_ignore_ascii_case("identity");
    match coding.map(|coding| coding.to_str().is_ok_and(is_plain)) {
        None | Some(true) => Ok(()),
        Some(false) => Err(EdgeFault::EncodedBody),
    }
}

/// The content type that was sent; empty where there is none, or it is no text.
pub(super) fn content_type(request: &HttpRequest) -> &str {
    let sent = request.headers().get(CONTENT_TYPE);
    sent.and_then(|value| value.to_str().ok()).unwrap_or("")
}

/// Refuses the content type that was sent.
pub(super) fn unsupported(request: &HttpRequest, accepted: &'static str) -> EdgeFault {
    let sent = content_type(request).chars().filter(|sign| !sign.is_control());
    EdgeFault::UnsupportedMediaType { accepted, sent: sent.take(MAX_TOLD).collect() }
}

/// Whether there is neither a body nor a type of one (RFC 9112 §6.3).
fn announces_nothing(request: &HttpRequest) -> bool {
    let headers = request.headers();
    let sized = headers.get(CONTENT_LENGTH).is_some_and(|length| length != "0");
    let typed = [CONTENT_TYPE, TRANSFER_ENCODING].iter().any(|name| headers.contains_key(name));
    !sized && !typed
}

/// Whether the parameters of a content type name no charset but UTF-8.
fn is_utf8(parameters: &str) -> bool {
    let named = parameters.split(';').filter_map(|parameter| parameter.split_once('='));
    let mut charsets = named.filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"));
    charsets.all(|(_, value)| value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8"))
}
