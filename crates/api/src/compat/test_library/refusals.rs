//! How door 4 words what is refused.

use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse};
use domain::problem::{CodeFault, Problem, SignInFault};
use domain::sessions::Door;
use serde::Serialize;

use crate::caller::{Credential, field_or_bearer};
use crate::http::body::Media;
use crate::refusal::{Cause, EdgeFault, Facts, Surface};

/// The field that tokens come in.
pub(super) const TOKEN_FIELD: &str = "access_token";

/// Door 4.
pub(super) struct Library;

/// What this door alone refuses.
#[derive(Debug)]
pub(super) enum LibraryFault {
    /// The two passwords of a reset differ.
    NotConfirmed,
}

impl Surface for Library {
    type Own = LibraryFault;

    const DOOR: Door = Door::TestLibrary;

    const NOTHING_IS_EMPTY: bool = true;

    fn word(cause: &Cause<LibraryFault>, _: &Facts<'_>) -> HttpResponse {
        let (status, message) = match cause {
            Cause::Problem(problem) => of_problem(problem),
            Cause::Edge(fault) => of_edge(fault),
            Cause::Own(LibraryFault::NotConfirmed) => {
                (StatusCode::BAD_REQUEST, "Passwords don't match")
            }
        };
        HttpResponse::build(status).json(RefusalOut { message, status: status.as_u16() })
    }

    fn credential(request: &HttpRequest) -> Result<Option<Credential>, EdgeFault> {
        field_or_bearer(request, TOKEN_FIELD)
    }

    fn media(_: &Method) -> Media {
        Media::JsonOrForm
    }
}

#[derive(Serialize)]
struct RefusalOut {
    message: &'static str,
    status: u16,
}

type Row = (StatusCode, &'static str);

const BAD_REQUEST: Row = (StatusCode::BAD_REQUEST, "BAD REQUEST");
const UNAUTHORIZED: Row = (StatusCode::UNAUTHORIZED, "ACCESS UNAUTHORIZED");
const FORBIDDEN: Row = (StatusCode::FORBIDDEN, "FORBIDDEN");
const NOT_FOUND: Row = (StatusCode::NOT_FOUND, "NOT FOUND");

fn of_problem(problem: &Problem) -> Row {
    match problem {
        Problem::Invalid(_) | Problem::Taken(_) => BAD_REQUEST,
        // This door knows no activation: who may not sign in is told what a wrong password is told.
        Problem::SignIn(
            SignInFault::Unknown
            | SignInFault::WrongPassword
            | SignInFault::Inactive
            | SignInFault::Locked,
        )
        | Problem::Token(_)
        | Problem::WrongPassword
        | Problem::Code(CodeFault::Unknown) => UNAUTHORIZED,
        Problem::Code(CodeFault::Wrong) => (StatusCode::UNAUTHORIZED, "OTP not match"),
        Problem::Forbidden
        | Problem::NotYours(_)
        | Problem::NotMember
        | Problem::WrongPasskey
        | Problem::RegistrationClosed => FORBIDDEN,
        Problem::NotFound(_) => NOT_FOUND,
        Problem::VersionMismatch | Problem::Contended => (StatusCode::CONFLICT, "CONFLICT"),
        Problem::Throttled(_) => (StatusCode::TOO_MANY_REQUESTS, "TOO MANY REQUESTS"),
        Problem::Busy(_) | Problem::Unavailable(_) => {
            (StatusCode::SERVICE_UNAVAILABLE, "SERVICE UNAVAILABLE")
        }
    }
}

fn of_edge(fault: &EdgeFault) -> Row {
    match fault {
        EdgeFault::NotFound => NOT_FOUND,
        EdgeFault::MethodNotAllowed { .. } => {
            (StatusCode::METHOD_NOT_ALLOWED, "METHOD NOT ALLOWED")
        }
        EdgeFault::MissingCredentials
        | EdgeFault::OtherScheme
        | EdgeFault::EmptyCredentials
        | EdgeFault::MalformedCredentials => UNAUTHORIZED,
        EdgeFault::CrossSite => FORBIDDEN,
        EdgeFault::BodyTimeout => (StatusCode::REQUEST_TIMEOUT, "REQUEST TIMEOUT"),
        EdgeFault::TooLarge { .. } => (StatusCode::PAYLOAD_TOO_LARGE, "PAYLOAD TOO LARGE"),
        EdgeFault::UnsupportedMediaType { .. } | EdgeFault::EncodedBody => {
            (StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED MEDIA TYPE")
        }
        EdgeFault::BodyMissing
        | EdgeFault::BodyBroken
        | EdgeFault::MalformedForm
        | EdgeFault::MalformedJson { .. }
        | EdgeFault::NotAnObject
        | EdgeFault::TooDeep { .. }
        | EdgeFault::NulCharacter { .. }
        | EdgeFault::RepeatedMember { .. }
        | EdgeFault::MissingMember { .. }
        | EdgeFault::UnknownMember { .. }
        | EdgeFault::WrongType { .. } => BAD_REQUEST,
        EdgeFault::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL SERVER ERROR"),
    }
}
