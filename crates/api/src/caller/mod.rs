//! Who calls: the extractors that resolve an identity, and the body that comes with it.
//!
//! actix runs the extractors of a handler side by side, so identity and body come through one:
//! [`Authed`] judges no byte of the body before it knows the caller.

mod credential;

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use domain::sessions::{Authenticated, Client, Intent};
use serde::de::DeserializeOwned;

pub(crate) use credential::{
    Credential, bearer, bearer_or_cookie, cookie, field_or_bearer, one_cookie,
};

use crate::http::{body, client_address, cross_site, scene};
use crate::refusal::{EdgeFault, Refusal, Surface};
use crate::state::ApiState;

/// Somebody who is signed in.
pub(crate) struct Caller<S> {
    /// The person and its session, read just now.
    pub(crate) authenticated: Authenticated,
    /// Where from.
    pub(crate) client: Client,
    surface: PhantomData<fn() -> S>,
}

/// Somebody who may be signed in. Credentials that are there and do not count are refused.
pub(crate) struct MaybeCaller<S> {
    /// The person and its session, if credentials were sent.
    pub(crate) authenticated: Option<Authenticated>,
    /// Where from.
    pub(crate) client: Client,
    surface: PhantomData<fn() -> S>,
}

/// Somebody who is signed in, and the body that it sent.
pub(crate) struct Authed<S, T> {
    /// Who and where from.
    pub(crate) caller: Caller<S>,
    /// What.
    pub(crate) body: T,
}

/// Anybody, and the body that it sent.
pub(crate) struct Body<S, T> {
    /// Where from.
    pub(crate) client: Client,
    /// What.
    pub(crate) body: T,
    surface: PhantomData<fn() -> S>,
}

type Extraction<T, S> = Pin<Box<dyn Future<Output = Result<T, Refusal<S>>>>>;

/// Who sent the request, if somebody is signed in.
pub(crate) async fn identify<S: Surface>(
    request: &HttpRequest,
) -> Result<Option<Authenticated>, Refusal<S>> {
    let sessions = &ApiState::of(request).services().sessions;
    let is_safe = request.method().is_safe();
    let intent = if is_safe { Intent::Read } else { Intent::Change };
    let authenticated = match S::credential(request)? {
        None => return Ok(None),
        Some(Credential::Bearer(token)) => sessions.authenticate(&token, intent).await?,
        Some(Credential::Cookie(value)) => {
            if !is_safe {
                cross_site::check(request)?;
            }
            sessions.authenticate_cookie(&value, intent).await?
        }
    };
    scene::note_caller(&authenticated);
    Ok(Some(authenticated))
}

async fn maybe<S: Surface>(request: &HttpRequest) -> Result<MaybeCaller<S>, Refusal<S>> {
    let authenticated = identify(request).await?;
    let client = client_address::client(request);
    Ok(MaybeCaller { authenticated, client, surface: PhantomData })
}

pub(crate) async fn caller<S: Surface>(request: &HttpRequest) -> Result<Caller<S>, Refusal<S>> {
    let MaybeCaller { authenticated, client, surface } = maybe(request).await?;
    let authenticated = authenticated.ok_or(EdgeFault::MissingCredentials)?;
    Ok(Caller { authenticated, client, surface })
}

impl<S: Surface> FromRequest for Caller<S> {
    type Error = Refusal<S>;
    type Future = Extraction<Self, S>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { caller(&request).await })
    }
}

impl<S: Surface> FromRequest for MaybeCaller<S> {
    type Error = Refusal<S>;
    type Future = Extraction<Self, S>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { maybe(&request).await })
    }
}

impl<S: Surface, T: DeserializeOwned + 'static> FromRequest for Authed<S, T> {
    type Error = Refusal<S>;
    type Future = Extraction<Self, S>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let caller = caller(&request).await?;
            let body = body::object::<S, T>(&request, payload).await?;
            Ok(Self { caller, body })
        })
    }
}

impl<S: Surface, T: DeserializeOwned + 'static> FromRequest for Body<S, T> {
    type Error = Refusal<S>;
    type Future = Extraction<Self, S>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let body = body::object::<S, T>(&request, payload).await?;
            let client = client_address::client(&request);
            Ok(Self { client, body, surface: PhantomData })
        })
    }
}
