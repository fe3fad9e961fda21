//! Searches and lists: a network has so many of them within a minute.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use crate::http::client_address::client;
use crate::refusal::{Refusal, Surface};
use crate::state::ApiState;

/// One search or list, taken from what the caller's network has: an argument of handlers that read
/// more than one row of something.
pub(crate) struct Search<S>(PhantomData<fn() -> S>);

impl<S: Surface> FromRequest for Search<S> {
    type Error = Refusal<S>;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Refusal<S>>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let traffic = &ApiState::of(&request).services().traffic;
            traffic.search(&client(&request)).await?;
            Ok(Self(PhantomData))
        })
    }
}
