//! Refusals: what was refused is told truthfully once, and worded by the surface that was called.
//!
//! A handler returns `Result<HttpResponse, Refusal<S>>`; `?` makes a [`Refusal`] of whatever a
//! service or the edge refused. The envelope around each route (`http::envelope`) then asks the
//! surface `S` for the words, adds the header fields that belong to the cause whoever words it, and
//! logs what is the server's own fault.

mod edge;

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, ResponseError, Route};
use domain::problem::Problem;
use domain::sessions::Door;

pub(crate) use edge::EdgeFault;

use crate::caller::{Credential, bearer};
use crate::http::body::Media;
use crate::settings::ApiSettings;

/// When to try again what depends on something that did not answer.
const UNAVAILABLE_WAIT: Duration = Duration::from_secs(5);

/// One HTTP contract: how its callers identify themselves, what bodies it reads, and how it words
/// a refusal.
pub(crate) trait Surface: 'static {
    /// What this surface alone refuses, beside the problems of services and of the edge;
    /// [`Infallible`](std::convert::Infallible) where there is nothing.
    type Own: fmt::Debug + 'static;

    /// Its name in sessions and in what is recorded.
    const DOOR: Door;

    /// Whether no body at all is read as an object without members, so that the surface can name all
    /// that is missing.
    const NOTHING_IS_EMPTY: bool = false;

    /// The words of one refusal. Each surface matches each enum once, without a catch-all arm.
    /// `Retry-After`, `Allow` and a plain `WWW-Authenticate` are added where they belong and are
    /// missing.
    fn word(cause: &Cause<Self::Own>, facts: &Facts<'_>) -> HttpResponse;

    /// The credential that came with a request, if one did: the bearer token, unless a surface
    /// knows other places.
    fn credential(request: &HttpRequest) -> Result<Option<Credential>, EdgeFault> {
        bearer(request)
    }

    /// What stands before the handlers of these methods, beside the envelope.
    fn shield(methods: &[&str], route: Route) -> Route {
        let _ = methods;
        route
    }

    /// Which content types its bodies may have.
    fn media(method: &Method) -> Media {
        if *method == Method::PATCH { Media::JsonOrMergePatch } else { Media::Json }
    }
}

/// Why a request was refused.
#[derive(Debug)]
pub(crate) enum Cause<O> {
    /// By a service.
    Problem(Problem),
    /// By the HTTP edge, before any service was asked.
    Edge(EdgeFault),
    /// By the surface itself.
    Own(O),
}

/// What a surface may say of the request beside its refusal.
pub(crate) struct Facts<'a> {
    /// The id that the request is logged under.
    pub(crate) request_id: Arc<str>,
    /// The method as it was sent.
    pub(crate) method: &'a str,
    /// The path as it was sent, without the query.
    pub(crate) path: &'a str,
    /// What the operator decided.
    pub(crate) settings: &'a ApiSettings,
}

/// A refusal on its way to the words of surface `S`.
pub(crate) struct Refusal<S: Surface> {
    cause: Cause<S::Own>,
    surface: PhantomData<fn() -> S>,
}

impl<S: Surface> Refusal<S> {
    /// Something that this surface alone refuses.
    pub(crate) fn own(cause: S::Own) -> Self {
        Self::new(Cause::Own(cause))
    }

    /// What happened.
    pub(crate) fn cause(&self) -> &Cause<S::Own> {
        &self.cause
    }

    fn new(cause: Cause<S::Own>) -> Self {
        Self { cause, surface: PhantomData }
    }
}

impl<S: Surface> From<Problem> for Refusal<S> {
    fn from(problem: Problem) -> Self {
        Self::new(Cause::Problem(problem))
    }
}

impl<S: Surface> From<EdgeFault> for Refusal<S> {
    fn from(fault: EdgeFault) -> Self {
        Self::new(Cause::Edge(fault))
    }
}

impl<O> Cause<O> {
    /// How long to wait before trying again, where that is the remedy.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Problem(Problem::Throttled(wait) | Problem::Busy(wait)) => Some(*wait),
            Self::Problem(Problem::Unavailable(_)) => Some(UNAVAILABLE_WAIT),
            Self::Problem(
                Problem::Invalid(_)
                | Problem::Taken(_)
                | Problem::SignIn(_)
                | Problem::Token(_)
                | Problem::WrongPassword
                | Problem::Forbidden
                | Problem::NotYours(_)
                | Problem::NotMember
                | Problem::WrongPasskey
                | Problem::Code(_)
                | Problem::RegistrationClosed
                | Problem::NotFound(_)
                | Problem::VersionMismatch
                | Problem::Contended,
            )
            | Self::Edge(_)
            | Self::Own(_) => None,
        }
    }
}

/// Whole seconds, a part of one counting as one, at least 1 (RFC 9110 §10.2.3).
pub(crate) fn whole_seconds(wait: Duration) -> u64 {
    let partial = u64::from(wait.subsec_nanos() > 0);
    wait.as_secs().saturating_add(partial).max(1)
}

impl<S: Surface> fmt::Debug for Refusal<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.cause.fmt(f)
    }
}

impl<S: Surface> fmt::Display for Refusal<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the request was refused")
    }
}

/// Only carries the refusal to the envelope of its surface, which puts the words in.
impl<S: Surface> ResponseError for Refusal<S> {
    fn status_code(&self) -> StatusCode {
        StatusCode::INTERNAL_SERVER_ERROR
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_rounded_up_to_whole_seconds() {
        for (millis, seconds) in [(0, 1), (1, 1), (1_000, 1), (1_001, 2), (90_000, 90)] {
            assert_eq!(whole_seconds(Duration::from_millis(millis)), seconds, "{millis} ms");
        }
    }
}
