//! Uploaded pictures: who sends one is known before a byte of it is read.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest};

use crate::caller::{Caller, caller};
use crate::http::body::{Kind, Media, kind, read};
use crate::http::form;
use crate::refusal::{EdgeFault, Refusal, Surface};
use crate::state::ApiState;

/// How long a picture may take to arrive.
const DEADLINE: Duration = Duration::from_secs(30);
/// What a multipart form puts around a file, at most.
const FRAMING: usize = 16 * 1_024;

/// A picture as the body of its own (`image/*`).
pub(crate) struct RawUpload<S> {
    /// Who and where from.
    pub(crate) caller: Caller<S>,
    /// The bytes; what they are is not known yet.
    pub(crate) file: Bytes,
}

/// A form that may hold one file.
pub(crate) struct FormUpload<S> {
    /// Who and where from.
    pub(crate) caller: Caller<S>,
    files: Vec<(String, Bytes)>,
}

impl<S> FormUpload<S> {
    /// The file in this field, if there is one.
    pub(crate) fn file(&self, name: &str) -> Option<Bytes> {
        let found = self.files.iter().find(|(field, _)| field == name);
        found.map(|(_, bytes)| bytes.clone())
    }
}

type Extraction<T, S> = Pin<Box<dyn Future<Output = Result<T, Refusal<S>>>>>;

impl<S: Surface> FromRequest for RawUpload<S> {
    type Error = Refusal<S>;
    type Future = Extraction<Self, S>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let caller = caller(&request).await?;
            check_is_image(&request)?;
            let limit = ApiState::of(&request).settings().upload_limit;
            let file = read(&request, payload, limit, DEADLINE).await?;
            if file.is_empty() {
                Err(EdgeFault::BodyMissing.into())
            } else {
                Ok(Self { caller, file })
            }
        })
    }
}

impl<S: Surface> FromRequest for FormUpload<S> {
    type Error = Refusal<S>;
    type Future = Extraction<Self, S>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let caller = caller(&request).await?;
            let kind = kind(&request, Media::JsonOrForm)?;
            let limit = ApiState::of(&request).settings().upload_limit;
            let bytes = read(&request, payload, limit + FRAMING, DEADLINE).await?;
            let Kind::Multipart(boundary) = kind else {
                return Ok(Self { caller, files: Vec::new() });
            };
            let files = form::multipart(bytes, boundary).await?.files;
            if files.iter().any(|(_, file)| file.len() > limit) {
                return Err(EdgeFault::TooLarge { limit }.into());
            }
            Ok(Self { caller, files })
        })
    }
}

fn check_is_image(request: &HttpRequest) -> Result<(), EdgeFault> {
    let sent = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let sent = sent.unwrap_or("").to_ascii_lowercase();
    if sent.starts_with("image/") {
        return Ok(());
    }
    let sent = sent.chars().take(100).collect();
    Err(EdgeFault::UnsupportedMediaType { accepted: "image/png, image/jpeg, image/webp", sent })
}
