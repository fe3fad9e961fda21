//! How door 2 words what is refused.

use actix_web::HttpResponse;
use actix_web::http::{Method, StatusCode};
use domain::problem::{CodeFault, Fault, Field, FieldError, Problem, SignInFault, Thing};
use domain::sessions::{Door, TokenFault};
use serde::Serialize;

use crate::compat::flask_jwt::{of_token, token};
use crate::http::body::Media;
use crate::refusal::{Cause, EdgeFault, Facts, Surface};
use crate::settings::Mode;

/// Door 2.
pub(super) struct Flask;

/// What this door alone refuses.
#[derive(Debug)]
pub(super) enum FlaskFault {
    /// An access token where a refresh token is needed.
    NotARefreshToken,
    /// The old password, which `PATCH` calls `current_password`, breaks a rule.
    OldPassword(Fault),
}

impl Surface for Flask {
    type Own = FlaskFault;

    const DOOR: Door = Door::FlaskUserAuth;

    const NOTHING_IS_EMPTY: bool = true;

    fn word(cause: &Cause<FlaskFault>, facts: &Facts<'_>) -> HttpResponse {
        match cause {
            Cause::Problem(problem) => of_problem(problem, facts.settings.compat.mode),
            Cause::Edge(fault) => of_edge(fault),
            Cause::Own(FlaskFault::NotARefreshToken) => {
                token(StatusCode::UNPROCESSABLE_ENTITY, "Only refresh tokens are allowed")
            }
            Cause::Own(FlaskFault::OldPassword(fault)) => {
                said(StatusCode::BAD_REQUEST, &format!("old_password {fault}."))
            }
        }
    }

    fn media(_: &Method) -> Media {
        Media::Json
    }
}

#[derive(Serialize)]
struct Message<'a> {
    message: &'a str,
}

fn said(status: StatusCode, message: &str) -> HttpResponse {
    HttpResponse::build(status).json(Message { message })
}

fn of_problem(problem: &Problem, mode: Mode) -> HttpResponse {
    match problem {
        Problem::Invalid(errors) => said(StatusCode::BAD_REQUEST, &sentences(errors)),
        Problem::Taken(field) => taken(*field),
        Problem::SignIn(fault) => sign_in(*fault, mode),
        Problem::Token(fault) => of_token(*fault),
        Problem::WrongPassword => said(StatusCode::UNAUTHORIZED, "Invalid credentials!"),
        Problem::Code(CodeFault::Unknown | CodeFault::Wrong) => {
            said(StatusCode::BAD_REQUEST, "The activation code is wrong or has expired.")
        }
        // The last three are other doors' business: this one is never told them.
        Problem::Forbidden | Problem::NotYours(_) | Problem::NotMember | Problem::WrongPasskey => {
            said(StatusCode::FORBIDDEN, "You do not have permission to perform this action.")
        }
        Problem::RegistrationClosed => said(StatusCode::FORBIDDEN, "Registration is closed."),
        Problem::NotFound(Thing::User) => said(StatusCode::NOT_FOUND, "User not found."),
        // The session was closed while this very request was under way.
        Problem::NotFound(Thing::Session) => of_token(TokenFault::Revoked),
        Problem::NotFound(Thing::Book | Thing::Chatroom | Thing::Message | Thing::Picture) => {
            said(StatusCode::NOT_FOUND, "Not found.")
        }
        Problem::VersionMismatch | Problem::Contended => {
            said(StatusCode::CONFLICT, "Somebody else changed this at the same time. Try again.")
        }
        Problem::Throttled(_) => {
            said(StatusCode::TOO_MANY_REQUESTS, "Too many attempts. Try again later.")
        }
        Problem::Busy(_) | Problem::Unavailable(_) => {
            said(StatusCode::SERVICE_UNAVAILABLE, "The service is not available. Try again later.")
        }
    }
}

/// All faults in one line, each with the name that callers know.
fn sentences(errors: &[FieldError]) -> String {
    if let [FieldError { field: Field::Code, fault: Fault::Missing }] = errors {
        return "An activation code is required.".to_owned();
    }
    let sentence = |error: &FieldError| format!("{} {}.", error.field, error.fault);
    errors.iter().map(sentence).collect::<Vec<_>>().join(" ")
}

fn taken(field: Field) -> HttpResponse {
    let what = if field == Field::Mobile { "mobile number" } else { field.name() };
    said(StatusCode::BAD_REQUEST, &format!("A user with that {what} already exists."))
}

fn sign_in(fault: SignInFault, mode: Mode) -> HttpResponse {
    let invalid = || said(StatusCode::UNAUTHORIZED, "Invalid credentials!");
    match (mode, fault) {
        (Mode::Documented, SignInFault::Unknown) => said(StatusCode::NOT_FOUND, "User not found."),
        (Mode::Documented, SignInFault::Inactive) => {
            said(StatusCode::BAD_REQUEST, "Your account have not confirmed yet!")
        }
        (Mode::Documented, SignInFault::WrongPassword | SignInFault::Locked) => invalid(),
        (
            Mode::Hardened,
            SignInFault::Unknown
            | SignInFault::WrongPassword
            | SignInFault::Inactive
            | SignInFault::Locked,
        ) => invalid(),
    }
}

fn of_edge(fault: &EdgeFault) -> HttpResponse {
    let bad = |text: &str| said(StatusCode::BAD_REQUEST, text);
    match fault {
        EdgeFault::NotFound => said(StatusCode::NOT_FOUND, "Not found."),
        EdgeFault::MethodNotAllowed { .. } => {
            said(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed.")
        }
        EdgeFault::MissingCredentials => {
            token(StatusCode::UNAUTHORIZED, "Missing Authorization Header")
        }
        EdgeFault::OtherScheme | EdgeFault::EmptyCredentials | EdgeFault::MalformedCredentials => {
            token(
                StatusCode::UNPROCESSABLE_ENTITY,
                "Bad Authorization header. Expected value 'Bearer <JWT>'",
            )
        }
        EdgeFault::CrossSite => said(StatusCode::FORBIDDEN, "The request comes from another site."),
        EdgeFault::BodyMissing => bad("Send a JSON object; none came."),
        EdgeFault::BodyBroken => bad("The body ended too early."),
        EdgeFault::BodyTimeout => said(StatusCode::REQUEST_TIMEOUT, "The body came too slowly."),
        EdgeFault::TooLarge { limit } => {
            said(StatusCode::PAYLOAD_TOO_LARGE, &format!("Send at most {limit} bytes."))
        }
        EdgeFault::UnsupportedMediaType { accepted, .. } => {
            said(StatusCode::UNSUPPORTED_MEDIA_TYPE, &format!("Send the body as {accepted}."))
        }
        EdgeFault::EncodedBody => {
            said(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Send the body without a Content-Encoding.")
        }
        EdgeFault::MalformedJson { .. } | EdgeFault::MalformedForm => bad("The body is not JSON."),
        EdgeFault::NotAnObject => bad("The body is not a JSON object."),
        EdgeFault::TooDeep { .. } => bad("The body is nested too deeply."),
        EdgeFault::NulCharacter { pointer } => {
            bad(&format!("{} must not contain control characters.", member(pointer)))
        }
        EdgeFault::RepeatedMember { pointer } => {
            bad(&format!("{} must be given once only.", member(pointer)))
        }
        EdgeFault::MissingMember { pointer } => bad(&format!("{} is required.", member(pointer))),
        EdgeFault::UnknownMember { pointer, .. } => {
            bad(&format!("{} is not known here.", member(pointer)))
        }
        EdgeFault::WrongType { pointer, expected } => {
            bad(&format!("{} must be {expected}.", member(pointer)))
        }
        EdgeFault::Internal => {
            said(StatusCode::INTERNAL_SERVER_ERROR, "The server made a mistake.")
        }
    }
}

fn member(pointer: &str) -> &str {
    pointer.strip_prefix('/').unwrap_or(pointer)
}
