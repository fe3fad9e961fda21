//! The innermost layer: whatever goes wrong at a surface leaves it in that surface's words.

use std::panic::AssertUnwindSafe;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::middleware::Next;
use actix_web::{Error, HttpRequest, HttpResponse};
use domain::audit::Denial;
use domain::problem::Problem;
use domain::sessions::TokenFault;
use futures_util::FutureExt;

use crate::http::scene;
use crate::refusal::{Cause, EdgeFault, Facts, Refusal, Surface, whole_seconds};
use crate::state::ApiState;

/// Marks a refusal that another try may not meet.
pub(crate) struct Passing;

/// Wraps every resource of surface `S`.
pub(crate) async fn envelope<S: Surface, B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let kept = request.request().clone();
    scene::note_door(S::DOOR);
    // The request and all that its handler held are dropped with a panic; stores and services keep
    // their own invariants (a port method happens entirely or not at all).
    let outcome = AssertUnwindSafe(async { next.call(request).await }).catch_unwind().await;
    let response = match outcome {
        Ok(Ok(response)) => response.map_into_boxed_body(),
        Ok(Err(error)) => ServiceResponse::from_err(error, kept),
        Err(_) => ServiceResponse::from_err(Refusal::<S>::from(EdgeFault::Internal), kept),
    };
    if let Some(denial) = denied::<S>(&response) {
        // Boxed: it is large, and every request would have to make room for it.
        Box::pin(record(denial, &response)).await;
    }
    Ok(reworded::<S>(response))
}

/// What somebody was not allowed to do or see.
fn denied<S: Surface>(response: &ServiceResponse) -> Option<Denial> {
    let error = response.response().error()?;
    error.as_error::<Refusal<S>>().and_then(|refusal| denial(refusal.cause()))
}

/// Records a denial (ASVS 16.3.2, 16.3.3). The refusal stands whatever comes of it.
async fn record(denial: Denial, response: &ServiceResponse) {
    let audit = &ApiState::of(response.request()).services().audit;
    if let Err(problem) = audit.denied(denial).await {
        log_if_ours(&problem);
    }
}

fn denial<O>(cause: &Cause<O>) -> Option<Denial> {
    match cause {
        Cause::Problem(Problem::Forbidden) => Some(Denial::Forbidden),
        Cause::Problem(Problem::NotYours(_)) => Some(Denial::NotYours),
        Cause::Problem(Problem::NotMember) => Some(Denial::NotMember),
        Cause::Problem(Problem::Token(TokenFault::BadSignature)) => Some(Denial::ForgedToken),
        Cause::Problem(Problem::Code(_)) => Some(Denial::Code),
        Cause::Edge(EdgeFault::CrossSite) => Some(Denial::CrossSite),
        Cause::Problem(_) | Cause::Edge(_) | Cause::Own(_) => None,
    }
}

/// Puts the surface's words in place of an error.
fn reworded<S: Surface>(response: ServiceResponse) -> ServiceResponse {
    let (request, response) = response.into_parts();
    let Some(error) = response.error() else { return ServiceResponse::new(request, response) };
    let worded = match error.as_error::<Refusal<S>>() {
        Some(refusal) => word::<S>(refusal.cause(), &request),
        None => word::<S>(&foreign(error), &request),
    };
    ServiceResponse::new(request, worded)
}

/// What an error of the framework comes to: a path that does not parse names nothing; anything else
/// should have been a refusal.
fn foreign<O>(error: &Error) -> Cause<O> {
    match error.as_response_error().status_code() {
        StatusCode::NOT_FOUND => Cause::Edge(EdgeFault::NotFound),
        _ => {
            scene::telling(|| {
                tracing::error!(%error, "a handler returned an error that no surface words");
            });
            Cause::Edge(EdgeFault::Internal)
        }
    }
}

fn word<S: Surface>(cause: &Cause<S::Own>, request: &HttpRequest) -> HttpResponse {
    let facts = Facts {
        request_id: scene::request_id().unwrap_or_default(),
        method: request.method().as_str(),
        path: request.path(),
        settings: ApiState::of(request).settings(),
    };
    if let Cause::Problem(problem) = cause {
        log_if_ours(problem);
    }
    let mut response = S::word(cause, &facts);
    if matches!(cause, Cause::Problem(Problem::Contended)) {
        response.extensions_mut().insert(Passing);
    }
    for (name, value) in fields(cause, response.status()) {
        if !response.headers().contains_key(&name) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// The header fields that belong to a cause, whoever words it.
fn fields<O>(cause: &Cause<O>, status: StatusCode) -> Vec<(HeaderName, HeaderValue)> {
    let mut fields = Vec::new();
    if let Some(wait) = cause.retry_after() {
        fields.push((RETRY_AFTER, whole_seconds(wait).into()));
    }
    if let Cause::Edge(EdgeFault::MethodNotAllowed { allow }) = cause {
        fields.push((ALLOW, allow.clone()));
    }
    if status == StatusCode::UNAUTHORIZED {
        fields.push((WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")));
    }
    fields
}

/// Where an outage before the reply is logged, with everything that led to it.
fn log_if_ours(problem: &Problem) {
    if let Problem::Unavailable(source) = problem {
        let cause = chain(source.as_ref());
        scene::telling(|| tracing::error!(cause = %cause.escape_debug(), "unavailable"));
    }
}

/// An error and all that led to it.
pub(crate) fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut chain = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        chain.push_str(": ");
        chain.push_str(&inner.to_string());
        cause = inner.source();
    }
    chain
}
