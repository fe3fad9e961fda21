//! How door 1 words what is refused.

use std::convert::Infallible;

use actix_web::HttpResponse;
use actix_web::http::{Method, StatusCode};
use domain::problem::{Problem, SignInFault, Thing};
use domain::sessions::Door;
use serde::Serialize;

use crate::http::body::Media;
use crate::refusal::{Cause, EdgeFault, Facts, Surface};
use crate::settings::Mode;

/// Door 1.
pub(super) struct PyApi;

impl Surface for PyApi {
    type Own = Infallible;

    const DOOR: Door = Door::PyApi;

    fn word(cause: &Cause<Infallible>, facts: &Facts<'_>) -> HttpResponse {
        let row = match cause {
            Cause::Problem(problem) => of_problem(problem, facts.settings.compat.mode),
            Cause::Edge(fault) => of_edge(fault),
            Cause::Own(nothing) => match *nothing {},
        };
        row.reply()
    }

    fn media(_: &Method) -> Media {
        Media::Any
    }
}

/// One row of the table: the status of the reply, the one in its body, and the text.
struct Row {
    status: StatusCode,
    said: &'static str,
    message: &'static str,
    /// Whether `error` repeats the text.
    both: bool,
}

#[derive(Serialize)]
struct RefusalOut {
    status: &'static str,
    message: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'static str>,
}

const BAD_REQUEST: Row = once(StatusCode::BAD_REQUEST, "401", "Bad Request");
const USER_NOT_FOUND: Row = once(StatusCode::NOT_FOUND, "500", "User not found");
const WRONG_PASSWORD: Row = once(StatusCode::UNAUTHORIZED, "401", "Incorrect password");
const WRONG_EITHER: Row = once(StatusCode::UNAUTHORIZED, "401", "Incorrect email or password");
const NO_TOKEN: Row = both(StatusCode::UNAUTHORIZED, "401", "Token is missing or invalid");
const BAD_TOKEN: Row = both(StatusCode::UNAUTHORIZED, "401", "Token is invalid or expired");
const FORBIDDEN: Row = both(StatusCode::FORBIDDEN, "403", "Forbidden");
const BUSY: Row = both(StatusCode::SERVICE_UNAVAILABLE, "503", "Service Unavailable");

fn of_problem(problem: &Problem, mode: Mode) -> Row {
    match problem {
        Problem::Invalid(_) => BAD_REQUEST,
        Problem::Taken(_) => once(StatusCode::CONFLICT, "409", "Email already exists"),
        Problem::SignIn(fault) => sign_in(*fault, mode),
        Problem::Token(_) => BAD_TOKEN,
        Problem::WrongPassword => WRONG_PASSWORD,
        // This door has no codes, books or chatrooms: it is never told any of these.
        Problem::Forbidden
        | Problem::NotYours(_)
        | Problem::NotMember
        | Problem::WrongPasskey
        | Problem::Code(_) => FORBIDDEN,
        Problem::RegistrationClosed => both(StatusCode::FORBIDDEN, "403", "Registration is closed"),
        Problem::NotFound(Thing::User) => USER_NOT_FOUND,
        // The session was closed while this very request was under way.
        Problem::NotFound(Thing::Session) => BAD_TOKEN,
        Problem::NotFound(Thing::Book | Thing::Chatroom | Thing::Message | Thing::Picture) => {
            both(StatusCode::NOT_FOUND, "404", "Resource Not Found")
        }
        Problem::VersionMismatch | Problem::Contended => {
            both(StatusCode::CONFLICT, "409", "Conflict")
        }
        Problem::Throttled(_) => both(StatusCode::TOO_MANY_REQUESTS, "429", "Too Many Requests"),
        Problem::Busy(_) | Problem::Unavailable(_) => BUSY,
    }
}

/// This door knows no activation: who may not sign in is told what a wrong password is told.
fn sign_in(fault: SignInFault, mode: Mode) -> Row {
    match (mode, fault) {
        (Mode::Documented, SignInFault::Unknown) => USER_NOT_FOUND,
        (
            Mode::Documented,
            SignInFault::WrongPassword | SignInFault::Inactive | SignInFault::Locked,
        ) => WRONG_PASSWORD,
        (
            Mode::Hardened,
            SignInFault::Unknown
            | SignInFault::WrongPassword
            | SignInFault::Inactive
            | SignInFault::Locked,
        ) => WRONG_EITHER,
    }
}

fn of_edge(fault: &EdgeFault) -> Row {
    match fault {
        EdgeFault::NotFound => both(StatusCode::NOT_FOUND, "404", "Resource Not Found"),
        EdgeFault::MethodNotAllowed { .. } => {
            both(StatusCode::METHOD_NOT_ALLOWED, "405", "Method Not Allowed")
        }
        EdgeFault::MissingCredentials | EdgeFault::OtherScheme | EdgeFault::EmptyCredentials => {
            NO_TOKEN
        }
        EdgeFault::MalformedCredentials => BAD_TOKEN,
        EdgeFault::CrossSite => FORBIDDEN,
        EdgeFault::BodyTimeout => both(StatusCode::REQUEST_TIMEOUT, "408", "Request Timeout"),
        EdgeFault::TooLarge { .. } => {
            both(StatusCode::PAYLOAD_TOO_LARGE, "413", "Payload Too Large")
        }
        EdgeFault::UnsupportedMediaType { .. } | EdgeFault::EncodedBody => {
            both(StatusCode::UNSUPPORTED_MEDIA_TYPE, "415", "Unsupported Media Type")
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
        EdgeFault::Internal => {
            both(StatusCode::INTERNAL_SERVER_ERROR, "500", "Internal Server Error")
        }
    }
}

const fn once(status: StatusCode, said: &'static str, message: &'static str) -> Row {
    Row { status, said, message, both: false }
}

const fn both(status: StatusCode, said: &'static str, message: &'static str) -> Row {
    Row { status, said, message, both: true }
}

impl Row {
    fn reply(&self) -> HttpResponse {
        let error = self.both.then_some(self.message);
        let body = RefusalOut { status: self.said, message: self.message, error };
        HttpResponse::build(self.status).json(body)
    }
}
