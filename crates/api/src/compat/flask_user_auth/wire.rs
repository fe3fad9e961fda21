//! What callers of door 2 send, and what they get.

use domain::problem::{Fault, Field, FieldError, Problem};
use domain::users::{
    Change, Mobile, Password, ProfileChange, Registration, Status, User, Username,
};
use serde::Serialize;
use uuid::Uuid;

use crate::compat::fields::{Faults, Fields};

const MAX_USERNAME: usize = 50;
const MAX_EMAIL: usize = 120;

/// A person.
#[derive(Serialize)]
pub(super) struct UserOut<'a> {
    mobile: Option<&'a str>,
    status: bool,
    username: Option<&'a str>,
    uuid: Uuid,
}

impl<'a> From<&'a User> for UserOut<'a> {
    fn from(user: &'a User) -> Self {
        Self {
            mobile: user.mobile.as_ref().map(Mobile::as_str),
            status: user.status == Status::Active,
            username: user.username.as_ref().map(Username::as_str),
            uuid: user.id.0,
        }
    }
}

/// A reply about one person.
#[derive(Serialize)]
pub(super) struct About<'a> {
    data: UserOut<'a>,
    message: &'static str,
    status: u16,
}

impl<'a> About<'a> {
    pub(super) fn new(user: &'a User, message: &'static str, status: u16) -> Self {
        Self { data: user.into(), message, status }
    }
}

/// A reply that says what was done.
#[derive(Serialize)]
pub(super) struct Done {
    pub(super) message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status: Option<u16>,
}

impl Done {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), status: None }
    }
}

/// The tokens that a sign-in gives.
#[derive(Serialize)]
pub(super) struct Tokens<'a> {
    pub(super) access_token: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) refresh_token: Option<&'a str>,
}

/// Reads the body of `POST /user`.
pub(super) fn registration(fields: &Fields) -> Result<Registration, Problem> {
    let mut faults = Faults::default();
    let username = faults.take(Field::Username, fields.text("username"));
    let mobile = faults.take(Field::Mobile, fields.text("mobile"));
    let password = faults.take(Field::Password, fields.text("password"));
    faults.limit(Field::Username, username.as_ref(), MAX_USERNAME);
    let registration = Registration { username, mobile, password, ..Registration::default() };
    if faults.0.is_empty() { Ok(registration) } else { Err(Problem::Invalid(faults.0)) }
}

/// Reads the body of `PATCH /user/{uuid}`; what it does not name is ignored, whatever it is.
pub(super) fn profile_change(fields: &Fields) -> Result<ProfileChange, Problem> {
    let mut faults = Faults::default();
    let mut text = |field: Field, most: usize| {
        let change = faults.take(field, fields.change(field.name())).unwrap_or_default();
        if let Change::Set(text) = &change {
            faults.limit(field, Some(text), most);
        }
        change
    };
    let username = text(Field::Username, MAX_USERNAME);
    let email = text(Field::Email, MAX_EMAIL);
    let mobile = text(Field::Mobile, usize::MAX);
    let gender = gender(&text(Field::Gender, usize::MAX));
    let gender = faults.take(Field::Gender, gender).unwrap_or_default();
    let current_password = match fields.change(Field::CurrentPassword.name()) {
        Ok(Change::Set(typed)) => faults.take(Field::CurrentPassword, Password::parse(typed)),
        Ok(Change::Keep | Change::Clear) => None,
        Err(fault) => faults.take(Field::CurrentPassword, Err(fault)),
    };
    let change =
        ProfileChange { username, email, mobile, gender, current_password, ..Default::default() };
    if faults.0.is_empty() { Ok(change) } else { Err(Problem::Invalid(faults.0)) }
}

/// `Male` or `Female`, in any letter case.
fn gender(sent: &Change<String>) -> Result<Change<String>, Fault> {
    match sent {
        Change::Keep | Change::Clear => Ok(Change::Keep),
        Change::Set(word) => {
            let word = word.to_ascii_lowercase();
            let known = ["male", "female"].contains(&word.as_str());
            if known { Ok(Change::Set(word)) } else { Err(Fault::NotOneOf("Male, Female")) }
        }
    }
}

/// One fault of one field.
pub(super) fn invalid(field: Field, fault: Fault) -> Problem {
    Problem::Invalid(vec![FieldError::new(field, fault)])
}
