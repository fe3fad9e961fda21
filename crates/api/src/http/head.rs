//! Keeps a `HEAD` from reading what it will not be told.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::ServiceResponse;
use actix_web::http::Method;
use actix_web::web::Bytes;

/// Leaves out a body that is made while it is sent. actix would have all of it made, only to throw
/// it away: a whole list read for nothing, or an endless stream of events. Other bodies stay, for
/// the sake of their length.
pub(super) fn without_stream(response: ServiceResponse) -> ServiceResponse {
    let is_head = response.request().method() == Method::HEAD;
    if is_head && response.response().body().size() == BodySize::Stream {
        response.map_body(|_, _| BoxBody::new(Untold))
    } else {
        response
    }
}

/// A stream as far as header fields are concerned.
struct Untold;

impl MessageBody for Untold {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Infallible>>> {
        Poll::Ready(None)
    }
}
