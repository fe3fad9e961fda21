//! The body of door 3's registration: every field that does not fit is told at once.

use std::collections::BTreeMap;

use domain::problem::{Fault, Field};
use domain::users::{Password, Registration};

use super::refusals::{DrfFault, FieldText, too_long};
use crate::compat::fields::{Fields, Sent};

const REQUIRED: [&str; 5] =
    ["username", "password", "password_confirm", "display_name", "facility_id"];
const USERNAME: &str = "Enter a valid username. This value may contain only letters, numbers, and \
                        @/./+/-/_ characters.";

/// What was sent; passwords are compared, and judged by the domain.
pub(super) fn read(fields: &Fields) -> Result<Registration, DrfFault> {
    let mut told = BTreeMap::new();
    let mut texts = BTreeMap::new();
    for name in REQUIRED {
        match required(fields, name) {
            Ok(text) => drop(texts.insert(name, text)),
            Err(text) => drop(told.insert(name, FieldText::One(text))),
        }
    }
    let consent = fields.flag("consent");
    if consent.is_err() {
        told.insert("consent", FieldText::One("Must be a valid boolean.".to_owned()));
    }
    if !told.is_empty() {
        return Err(DrfFault::Fields(told));
    }
    let mut text = |name| texts.remove(name);
    let registration = Registration {
        username: text("username"),
        password: text("password"),
        display_name: text("display_name"),
        facility_id: text("facility_id"),
        consent: consent.ok().flatten(),
        ..Registration::default()
    };
    Ok(registration)
}

/// Whether the password was typed the same twice.
pub(super) fn is_confirmed(fields: &Fields) -> bool {
    fields.text("password") == fields.text("password_confirm")
}

fn required(fields: &Fields, name: &str) -> Result<String, String> {
    let text = match fields.sent(name) {
        Sent::Missing => return Err("This field is required.".to_owned()),
        Sent::Null => return Err("This field may not be null.".to_owned()),
        Sent::NotText => return Err("Not a valid string.".to_owned()),
        Sent::Text(text) if text.trim().is_empty() => {
            return Err("This field may not be blank.".to_owned());
        }
        Sent::Text(text) => text,
    };
    let length = text.chars().count();
    match name {
        "username" if length > 150 => Err(too_long(150)),
        "username" if !text.chars().all(is_of_a_username) => Err(USERNAME.to_owned()),
        "display_name" | "facility_id" if length < 2 => {
            Err("Ensure this field has at least 2 characters.".to_owned())
        }
        "display_name" | "facility_id" if length > 50 => Err(too_long(50)),
        "password" => match Password::parse(text.clone()) {
            Ok(_) => Ok(text),
            Err(fault) => Err(super::refusals::sentence(Field::Password, &fault)),
        },
        _ => Ok(text),
    }
}

fn is_of_a_username(c: char) -> bool {
    c.is_alphanumeric() || "@.+-_".contains(c)
}

/// What the domain says of a user name that this door's own rule lets pass.
pub(super) fn username_text(fault: &Fault) -> Option<&'static str> {
    matches!(fault, Fault::BadUsername | Fault::MixedScripts | Fault::ControlCharacter)
        .then_some(USERNAME)
}
