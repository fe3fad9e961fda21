//! How door 3 words what is refused.

use std::collections::BTreeMap;

use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse};
use domain::problem::{Fault, Field, FieldError, Problem, SignInFault};
use domain::sessions::Door;
use serde::Serialize;
use serde_json::{Value, json};

use super::cookies;
use super::registering::username_text;
use crate::caller::{Credential, bearer, one_cookie};
use crate::http::body::Media;
use crate::refusal::{Cause, EdgeFault, Facts, Surface};

/// Door 3.
pub(super) struct Drf;

/// What this door alone refuses.
#[derive(Debug)]
pub(super) enum DrfFault {
    /// Fields of a registration, by name.
    Fields(BTreeMap<&'static str, FieldText>),
    /// The two passwords of a registration differ.
    NotConfirmed,
    /// A sign-in without one of its two parts.
    CredentialsMissing,
    /// Fields of a change.
    Update(Vec<FieldError>),
}

/// What is said of one field.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum FieldText {
    /// One thing.
    One(String),
    /// All that is wrong with a password.
    All(Vec<String>),
}

impl Surface for Drf {
    type Own = DrfFault;

    const DOOR: Door = Door::DrfAccounts;

    const NOTHING_IS_EMPTY: bool = true;

    fn word(cause: &Cause<DrfFault>, facts: &Facts<'_>) -> HttpResponse {
        match cause {
            Cause::Problem(problem) => of_problem(problem),
            Cause::Edge(fault) => of_edge(fault, facts),
            Cause::Own(fault) => of_own(fault),
        }
    }

    fn credential(request: &HttpRequest) -> Result<Option<Credential>, EdgeFault> {
        if let Some(credential) = bearer(request)? {
            return Ok(Some(credential));
        }
        let cookie = one_cookie(request, cookies::SESSION)?;
        Ok(cookie.map(|value| Credential::Cookie(value.to_owned())))
    }

    fn media(_: &Method) -> Media {
        Media::JsonOrForm
    }
}

fn detail(status: StatusCode, detail: impl Into<Value>) -> HttpResponse {
    HttpResponse::build(status).json(json!({ "detail": detail.into() }))
}

fn of_own(fault: &DrfFault) -> HttpResponse {
    match fault {
        DrfFault::Fields(told) => detail(StatusCode::BAD_REQUEST, json!(told)),
        DrfFault::NotConfirmed => detail(StatusCode::BAD_REQUEST, "Password fields didn't match."),
        DrfFault::CredentialsMissing => {
            detail(StatusCode::BAD_REQUEST, "Both username and password are required.")
        }
        DrfFault::Update(errors) => {
            let mut data: BTreeMap<&str, Vec<String>> = BTreeMap::new();
            for error in errors {
                data.entry(error.field.name())
                    .or_default()
                    .push(sentence(error.field, &error.fault));
            }
            not_updated(json!(data))
        }
    }
}

/// What is wrong with a change, by field.
fn not_updated(data: Value) -> HttpResponse {
    let detail = "Failed to update user information";
    HttpResponse::BadRequest().json(json!({ "detail": detail, "data": data }))
}

const NOT_SIGNED_IN: &str = "Authentication credentials were not provided.";

fn of_problem(problem: &Problem) -> HttpResponse {
    match problem {
        Problem::Invalid(errors) => detail(StatusCode::BAD_REQUEST, json!(by_field(errors))),
        Problem::Taken(field) => {
            let name = field.name();
            let text = format!("{name}: A user with that {name} already exists.");
            detail(StatusCode::BAD_REQUEST, text)
        }
        // This door knows no activation: who may not sign in is told what a wrong password is told.
        Problem::SignIn(
            SignInFault::Unknown
            | SignInFault::WrongPassword
            | SignInFault::Inactive
            | SignInFault::Locked,
        ) => detail(StatusCode::UNAUTHORIZED, "Invalid credentials"),
        Problem::Token(_) => detail(StatusCode::UNAUTHORIZED, NOT_SIGNED_IN),
        Problem::WrongPassword => detail(StatusCode::FORBIDDEN, "The current password is wrong."),
        Problem::Forbidden
        | Problem::NotYours(_)
        | Problem::NotMember
        | Problem::WrongPasskey
        | Problem::Code(_) => {
            detail(StatusCode::FORBIDDEN, "You do not have permission to perform this action.")
        }
        Problem::RegistrationClosed => detail(StatusCode::FORBIDDEN, "Registration is closed."),
        // All that this door looks for is the caller's own: it went while the request was under way.
        Problem::NotFound(_) => detail(StatusCode::UNAUTHORIZED, NOT_SIGNED_IN),
        Problem::VersionMismatch | Problem::Contended => {
            detail(StatusCode::CONFLICT, "Somebody else changed this at the same time. Try again.")
        }
        Problem::Throttled(_) => {
            detail(StatusCode::TOO_MANY_REQUESTS, "Request was throttled. Try again later.")
        }
        Problem::Busy(_) | Problem::Unavailable(_) => detail(
            StatusCode::SERVICE_UNAVAILABLE,
            "Service temporarily unavailable, try again later.",
        ),
    }
}

/// Texts by field: rules of passwords are a list, everything else is one text.
fn by_field(errors: &[FieldError]) -> BTreeMap<&'static str, FieldText> {
    let mut told: BTreeMap<&'static str, FieldText> = BTreeMap::new();
    for FieldError { field, fault } in errors {
        let text = sentence(*field, fault);
        let is_rule = *field == Field::Password;
        match told.get_mut(field.name()) {
            Some(FieldText::All(texts)) => texts.push(text),
            Some(FieldText::One(_)) => {}
            None if is_rule => drop(told.insert(field.name(), FieldText::All(vec![text]))),
            None => drop(told.insert(field.name(), FieldText::One(text))),
        }
    }
    told
}

/// `Ensure this field has no more than N characters.`
pub(super) fn too_long(most: usize) -> String {
    format!("Ensure this field has no more than {most} characters.")
}

/// A broken rule in this door's words, where it has some.
pub(super) fn sentence(field: Field, fault: &Fault) -> String {
    let is_password = field == Field::Password;
    if let Some(text) = username_text(fault).filter(|_| field == Field::Username) {
        return text.to_owned();
    }
    match fault {
        Fault::TooShort(least) if is_password => {
            format!("This password is too short. It must contain at least {least} characters.")
        }
        Fault::TooShort(1) => "This field may not be blank.".to_owned(),
        Fault::TooShort(least) => format!("Ensure this field has at least {least} characters."),
        Fault::TooLong(most) | Fault::TooManyBytes(most) => too_long(*most),
        Fault::CommonPassword => "This password is too common.".to_owned(),
        Fault::NumericPassword => "This password is entirely numeric.".to_owned(),
        Fault::SimilarPassword(field) => {
            format!("The password is too similar to the {}.", field.name().replace('_', " "))
        }
        Fault::Missing => "This field may not be null.".to_owned(),
        Fault::NotText => "Not a valid string.".to_owned(),
        Fault::NotAUrl => "Enter a valid URL.".to_owned(),
        Fault::NotOneOf(_) if field == Field::Consent => "Must be a valid boolean.".to_owned(),
        Fault::ControlCharacter => "This field must not contain control characters.".to_owned(),
        Fault::NoIdentifier
        | Fault::BadUsername
        | Fault::MixedScripts
        | Fault::Reserved
        | Fault::ReadsAsEmail
        | Fault::ReadsAsMobile
        | Fault::BadEmail
        | Fault::BadMobile
        | Fault::NotOneOf(_)
        | Fault::SamePassword
        | Fault::NotANumber
        | Fault::NotAList
        | Fault::TooMany(_)
        | Fault::BadCursor
        | Fault::OutOfRange(..)
        | Fault::BadIsbn
        | Fault::BadChatroomName
        | Fault::Nobody(_)
        | Fault::NothingToVerify
        | Fault::NotAPicture
        | Fault::TooManyPixels => format!("This field {fault}."),
    }
}

fn of_edge(fault: &EdgeFault, facts: &Facts<'_>) -> HttpResponse {
    let bad = |text: String| detail(StatusCode::BAD_REQUEST, text);
    let field = |pointer: &str, text: &str| {
        let name = pointer.strip_prefix('/').unwrap_or(pointer);
        if facts.method == "PATCH" {
            return not_updated(json!({ name: [text] }));
        }
        detail(StatusCode::BAD_REQUEST, json!({ name: text }))
    };
    match fault {
        EdgeFault::NotFound => detail(StatusCode::NOT_FOUND, "Not found."),
        EdgeFault::MethodNotAllowed { .. } => detail(
            StatusCode::METHOD_NOT_ALLOWED,
            format!("Method \"{}\" not allowed.", facts.method),
        ),
        EdgeFault::MissingCredentials
        | EdgeFault::OtherScheme
        | EdgeFault::EmptyCredentials
        | EdgeFault::MalformedCredentials => detail(StatusCode::UNAUTHORIZED, NOT_SIGNED_IN),
        EdgeFault::CrossSite => detail(
            StatusCode::FORBIDDEN,
            "CSRF Failed: the request comes from a site that is not allowed.",
        ),
        EdgeFault::BodyMissing => bad("JSON parse error - no body came".to_owned()),
        EdgeFault::BodyBroken => bad("JSON parse error - the body ended too early".to_owned()),
        EdgeFault::BodyTimeout => detail(StatusCode::REQUEST_TIMEOUT, "The body came too slowly."),
        EdgeFault::TooLarge { limit } => {
            detail(StatusCode::PAYLOAD_TOO_LARGE, format!("Send at most {limit} bytes."))
        }
        EdgeFault::UnsupportedMediaType { sent, .. } => detail(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            format!("Unsupported media type \"{sent}\" in request."),
        ),
        EdgeFault::EncodedBody => {
            detail(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Unsupported content encoding in request.")
        }
        EdgeFault::MalformedForm => {
            bad("Multipart form parse error - the form is broken".to_owned())
        }
        EdgeFault::MalformedJson { detail } => {
            bad(format!("JSON parse error - {}", detail.trim_end_matches('.')))
        }
        EdgeFault::NotAnObject => bad("Invalid data. Expected a dictionary.".to_owned()),
        EdgeFault::TooDeep { .. } => bad("JSON parse error - nested too deeply".to_owned()),
        EdgeFault::NulCharacter { pointer } => field(pointer, "Null characters are not allowed."),
        EdgeFault::RepeatedMember { pointer } => field(pointer, "This field was sent twice."),
        EdgeFault::MissingMember { pointer } => field(pointer, "This field is required."),
        EdgeFault::UnknownMember { pointer, .. } => field(pointer, "This field is not known."),
        EdgeFault::WrongType { pointer, .. } => field(pointer, "Not a valid string."),
        EdgeFault::Internal => {
            detail(StatusCode::INTERNAL_SERVER_ERROR, "The server made a mistake.")
        }
    }
}
