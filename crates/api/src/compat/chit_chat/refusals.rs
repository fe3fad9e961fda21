//! How door 5 words what is refused.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::http::{Method, StatusCode};
use domain::problem::{Fault, Field, FieldError, Problem, SignInFault, Thing};
use domain::sessions::{Door, TokenFault};
use serde::Serialize;

use crate::compat::flask_jwt::{of_token, token};
use crate::http::body::Media;
use crate::refusal::{Cause, EdgeFault, Facts, Surface};
use crate::settings::Mode;

/// The shortest and the longest password, in characters.
pub(super) const MIN_PASSWORD: usize = 8;
pub(super) const MAX_PASSWORD: usize = 20;

/// Door 5.
pub(super) struct Chat;

/// What this door alone refuses.
#[derive(Debug)]
pub(super) enum ChatFault {
    /// A search for nothing.
    NothingToSearch,
    /// A search for what no text may hold.
    NulInSearch,
    /// A change of the password without the present one.
    PasswordNeeded,
}

impl Surface for Chat {
    type Own = ChatFault;

    const DOOR: Door = Door::ChitChat;

    const NOTHING_IS_EMPTY: bool = true;

    fn word(cause: &Cause<ChatFault>, facts: &Facts<'_>) -> HttpResponse {
        match cause {
            Cause::Problem(problem) => of_problem(problem, facts.settings.compat.mode),
            Cause::Edge(fault) => of_edge(fault),
            Cause::Own(ChatFault::NothingToSearch) => {
                said(StatusCode::BAD_REQUEST, "User must supply a search string.")
            }
            Cause::Own(ChatFault::NulInSearch) => {
                said(StatusCode::BAD_REQUEST, "The search string must not contain NUL.")
            }
            Cause::Own(ChatFault::PasswordNeeded) => {
                let missing = FieldError::new(Field::CurrentPassword, Fault::Missing);
                fields(&[missing])
            }
        }
    }

    fn media(_: &Method) -> Media {
        Media::Json
    }
}

#[derive(Serialize)]
struct RefusalOut<'a> {
    error: &'a str,
    message: &'a str,
}

fn said(status: StatusCode, message: &str) -> HttpResponse {
    let error = status.canonical_reason().unwrap_or_default();
    HttpResponse::build(status).json(RefusalOut { error, message })
}

fn of_problem(problem: &Problem, mode: Mode) -> HttpResponse {
    match problem {
        Problem::Invalid(errors) => fields(errors),
        Problem::Taken(Field::Email) => said(StatusCode::BAD_REQUEST, "Email already registered"),
        Problem::Taken(_) => said(StatusCode::BAD_REQUEST, "Username already registered"),
        // This door knows no activation: who may not sign in is told what a wrong password is told.
        Problem::SignIn(
            SignInFault::Unknown
            | SignInFault::WrongPassword
            | SignInFault::Inactive
            | SignInFault::Locked,
        ) => said(StatusCode::UNAUTHORIZED, "Incorrect username or password"),
        Problem::Token(fault) => of_token(*fault),
        Problem::WrongPassword => said(StatusCode::UNAUTHORIZED, "Incorrect password"),
        Problem::NotMember => said(StatusCode::FORBIDDEN, "Invalid user or chat"),
        Problem::WrongPasskey => said(StatusCode::FORBIDDEN, "Invalid user or passkey"),
        Problem::NotYours(Thing::Message) => {
            said(StatusCode::FORBIDDEN, "You can only edit your own messages.")
        }
        Problem::NotYours(Thing::Chatroom) => {
            said(StatusCode::FORBIDDEN, "Only the creator can delete this chat.")
        }
        Problem::NotYours(Thing::User | Thing::Session | Thing::Book | Thing::Picture)
        | Problem::Forbidden
        | Problem::Code(_) => said(StatusCode::FORBIDDEN, "This is not yours."),
        Problem::RegistrationClosed => said(StatusCode::FORBIDDEN, "Registration is closed."),
        Problem::NotFound(thing) => missing(*thing, mode),
        Problem::VersionMismatch | Problem::Contended => {
            said(StatusCode::CONFLICT, "Somebody else changed this at the same time. Try again.")
        }
        Problem::Throttled(_) => {
            said(StatusCode::TOO_MANY_REQUESTS, "Too many attempts. Try again later.")
        }
        Problem::Busy(_) | Problem::Unavailable(_) => {
            said(StatusCode::SERVICE_UNAVAILABLE, "Try again later.")
        }
    }
}

/// Where hardened, what is not there is told from what is somebody else's by nobody.
fn missing(thing: Thing, mode: Mode) -> HttpResponse {
    let status = match mode {
        Mode::Documented => StatusCode::NOT_FOUND,
        Mode::Hardened => StatusCode::FORBIDDEN,
    };
    match (thing, mode) {
        (Thing::Chatroom, _) => said(status, "Invalid user or chat"),
        (Thing::Message, Mode::Documented) => said(status, "Invalid message"),
        (Thing::Message, Mode::Hardened) => said(status, "You can only edit your own messages."),
        (Thing::User, _) => said(StatusCode::NOT_FOUND, "Invalid user"),
        // It went while this very request was under way.
        (Thing::Session, _) => of_token(TokenFault::Revoked),
        (Thing::Book | Thing::Picture, _) => said(StatusCode::NOT_FOUND, "Not found."),
    }
}

/// All faults, by field.
fn fields(errors: &[FieldError]) -> HttpResponse {
    let mut told: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for FieldError { field, fault } in errors {
        told.entry(name(*field)).or_default().push(sentence(*field, fault));
    }
    HttpResponse::BadRequest().json(told)
}

/// What a field is called here, or, where this door has no such field, everywhere.
fn name(field: Field) -> &'static str {
    if field == Field::Name {
        "chat_name"
    } else if field == Field::Passkey {
        "chat_passkey"
    } else if field == Field::Members {
        "users"
    } else if field == Field::Text {
        "message"
    } else if field == Field::Cursor {
        "before"
    } else if field == Field::NewPassword {
        Field::Password.name()
    } else {
        field.name()
    }
}

fn sentence(field: Field, fault: &Fault) -> String {
    let text = match (field, fault) {
        (_, Fault::Missing) => "Missing data for required field.",
        (_, Fault::NotText) => "Not a valid string.",
        (Field::Email, Fault::BadEmail | Fault::TooLong(_) | Fault::ControlCharacter) => {
            "Incorrect email format."
        }
        (Field::Username, Fault::TooShort(_)) => "Username must be at least 1 character.",
        (Field::Username, Fault::TooLong(_)) => "Username must be 1 to 20 characters.",
        (Field::Username, Fault::BadUsername) => {
            "Username can only contain alphanumeric characters."
        }
        (Field::Password, Fault::TooShort(_) | Fault::TooLong(_) | Fault::TooManyBytes(_)) => {
            "Incorrect password length, must be between 8 and 20 characters."
        }
        (Field::Name, Fault::TooShort(_) | Fault::TooLong(_)) => {
            "Chat name must be 1 to 20 characters."
        }
        (Field::Name, Fault::BadChatroomName) => {
            "Chat name can only contain alphanumeric and some punctuation characters."
        }
        (Field::Passkey, Fault::TooLong(_)) => "Passkey must be less than 20 characters.",
        (Field::Text, Fault::TooShort(_) | Fault::TooLong(_)) => {
            "Message must be 1 to 5000 characters."
        }
        (field, fault) => return format!("{} {fault}.", name(field)),
    };
    text.to_owned()
}

fn of_edge(fault: &EdgeFault) -> HttpResponse {
    let bad = |text: &str| said(StatusCode::BAD_REQUEST, text);
    let one = |pointer: &str, text: &str| {
        let name = pointer.strip_prefix('/').unwrap_or(pointer);
        HttpResponse::BadRequest().json(BTreeMap::from([(name, [text])]))
    };
    match fault {
        EdgeFault::NotFound => said(StatusCode::NOT_FOUND, "Not found."),
        EdgeFault::MethodNotAllowed { .. } => {
            said(StatusCode::METHOD_NOT_ALLOWED, "This path knows no such method.")
        }
        EdgeFault::MissingCredentials => {
            token(StatusCode::UNAUTHORIZED, "Missing Authorization Header")
        }
        EdgeFault::OtherScheme => token(
            StatusCode::UNAUTHORIZED,
            "Missing 'Bearer' type in 'Authorization' header. Expected 'Authorization: Bearer <JWT>'",
        ),
        EdgeFault::EmptyCredentials | EdgeFault::MalformedCredentials => token(
            StatusCode::UNPROCESSABLE_ENTITY,
            "Bad Authorization header. Expected value 'Bearer <JWT>'",
        ),
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
        EdgeFault::NulCharacter { pointer } => one(pointer, "Not a valid string."),
        EdgeFault::RepeatedMember { pointer } => one(pointer, "Sent twice."),
        EdgeFault::MissingMember { pointer } => one(pointer, "Missing data for required field."),
        EdgeFault::UnknownMember { pointer, .. } => one(pointer, "Unknown field."),
        EdgeFault::WrongType { pointer, .. } => one(pointer, "Not a valid string."),
        EdgeFault::Internal => {
            said(StatusCode::INTERNAL_SERVER_ERROR, "The server made a mistake.")
        }
    }
}
