//! What people of door 5 send of themselves.

use domain::problem::{Fault, Field, FieldError, Problem};
use domain::users::{Change, Email, Password, ProfileChange, Registration};

use super::refusals::{MAX_PASSWORD, MIN_PASSWORD};
use crate::compat::fields::{Faults, Fields, Sent};

/// The longest user name, in characters.
const MAX_USERNAME: usize = 20;

pub(super) fn registration(fields: &Fields) -> Result<Registration, Problem> {
    let mut faults = Faults::default();
    let registration = Registration {
        email: faults.take(Field::Email, checked_email(fields)),
        username: faults.take(Field::Username, checked_username(fields)),
        password: faults.take(Field::Password, checked_password(fields)),
        ..Registration::default()
    };
    if faults.0.is_empty() { Ok(registration) } else { Err(Problem::Invalid(faults.0)) }
}

fn checked_email(fields: &Fields) -> Result<String, Fault> {
    let address = fields.text("email")?;
    Email::parse(&address).map(|_| address)
}

fn checked_username(fields: &Fields) -> Result<String, Fault> {
    let name = match fields.sent("username") {
        Sent::Missing | Sent::Null => return Err(Fault::Missing),
        Sent::NotText => return Err(Fault::NotText),
        Sent::Text(name) => name,
    };
    match name.chars().count() {
        0 => Err(Fault::TooShort(1)),
        length if length > MAX_USERNAME => Err(Fault::TooLong(MAX_USERNAME)),
        _ if name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') => Ok(name),
        _ => Err(Fault::BadUsername),
    }
}

fn checked_password(fields: &Fields) -> Result<String, Fault> {
    let password = match fields.sent("password") {
        Sent::Missing | Sent::Null => return Err(Fault::Missing),
        Sent::NotText => return Err(Fault::NotText),
        Sent::Text(password) => password,
    };
    let length = password.chars().count();
    if (MIN_PASSWORD..=MAX_PASSWORD).contains(&length) {
        Ok(password)
    } else {
        Err(Fault::TooShort(MIN_PASSWORD))
    }
}

/// A change of one's own account.
pub(super) struct OwnChange {
    pub(super) profile: ProfileChange,
    pub(super) password: Option<Password>,
}

impl OwnChange {
    /// Reads all members before it tells what is wrong with any.
    pub(super) fn read(fields: &Fields) -> Result<Self, Problem> {
        let mut faults = Faults::default();
        let given = |field: Field| !matches!(fields.sent(field.name()), Sent::Missing | Sent::Null);
        let mut text = |field: Field, read: fn(&Fields) -> Result<String, Fault>| {
            let read = given(field).then(|| faults.take(field, read(fields))).flatten();
            read.map_or(Change::Keep, Change::Set)
        };
        let (username, email) =
            (text(Field::Username, checked_username), text(Field::Email, checked_email));
        let password = given(Field::Password)
            .then(|| checked_password(fields).and_then(Password::parse))
            .and_then(|read| faults.take(Field::Password, read));
        let current_password = given(Field::CurrentPassword)
            .then(|| faults.take(Field::CurrentPassword, fields.password("current_password")))
            .flatten();
        let profile =
            ProfileChange { username, email, current_password, ..ProfileChange::default() };
        if faults.0.is_empty() {
            Ok(Self { profile, password })
        } else {
            Err(Problem::Invalid(faults.0))
        }
    }
}

/// One fault of one field.
pub(super) fn invalid(field: Field, fault: Fault) -> Problem {
    Problem::Invalid(vec![FieldError::new(field, fault)])
}
