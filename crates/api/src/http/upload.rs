//! Uploaded pictures: who sends one is known before a byte of it is read.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest};

use crate::caller::{Caller, caller};
use crate::http::body::{Kind, Media, check_coding, content_type, kind, read, unsupported};
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

/// A form that may hold files.
pub(crate) struct FormUpload<S> {
    /// Who and where from.
    pub(crate) caller: Caller<S>,
    files: BTreeMap<String, Bytes>,
}

impl<S> FormUpload<S> {
    /// The file in this field, if there is one; at most `upload_limit` bytes.
    pub(crate) fn file(&self, name: &str) -> Option<Bytes> {
        self.files.get(name).cloned()
    }
}

type Extraction<T, S> = Pin<Box<dyn Future<Output = Result<T, Refusal<S>>>>>;

impl<S: Surface> FromRequest for RawUpload<S> {
    type Error = Refusal<S>;
    type Future = Extraction<Self, S>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let caller = admitted(&request).await?;
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
            let caller = admitted(&request).await?;
            let files = files(&request, payload).await?;
            Ok(Self { caller, files })
        })
    }
}

/// Who is signed in, if its network may send another picture: nothing is read of one too many.
async fn admitted<S: Surface>(request: &HttpRequest) -> Result<Caller<S>, Refusal<S>> {
    let caller = caller(request).await?;
    ApiState::of(request).services().traffic.upload(&caller.client).await?;
    Ok(caller)
}

/// The files of a form; a form that can hold none, or JSON, has none.
async fn files(
    request: &HttpRequest,
    payload: Payload,
) -> Result<BTreeMap<String, Bytes>, EdgeFault> {
    let kind = kind(request, Media::JsonOrForm)?;
    let limit = ApiState::of(request).settings().upload_limit;
    let too_large = EdgeFault::TooLarge { limit };
    let bytes = match read(request, payload, limit + FRAMING, DEADLINE).await {
        Err(EdgeFault::TooLarge { .. }) => return Err(too_large),
        outcome => outcome?,
    };
    let Kind::Multipart(boundary) = kind else { return Ok(BTreeMap::new()) };
    let files = form::multipart(bytes, boundary)?.files;
    if files.values().any(|file| file.len() > limit) { Err(too_large) } else { Ok(files) }
}

fn check_is_image(request: &HttpRequest) -> Result<(), EdgeFault> {
    check_coding(request)?;
    if content_type(request).to_ascii_lowercase().starts_with("image/") {
        Ok(())
    } else {
        Err(unsupported(request, "image/png, image/jpeg, image/webp"))
    }
}
