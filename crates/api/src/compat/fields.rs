//! The members of a body as they were sent, for doors that name what is wrong themselves.

use domain::problem::{Fault, Field, FieldError};
use domain::users::{Change, Password};
use serde::Deserialize;
use serde_json::{Map, Value};

/// An object whose members may be of any type; unknown ones are ignored. Some are secrets, so it is
/// never printed.
#[derive(Default, Deserialize)]
#[serde(transparent)]
pub(super) struct Fields(Map<String, Value>);

/// What was sent as a text.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
pub(super) enum Sent {
    /// Nothing.
    Missing,
    /// `null`.
    Null,
    /// Something that is no text.
    NotText,
    /// A text, perhaps an empty one.
    Text(String),
}

impl Fields {
    /// What was sent as this text.
    pub(super) fn sent(&self, name: &str) -> Sent {
        match self.0.get(name) {
            None => Sent::Missing,
            Some(Value::Null) => Sent::Null,
            Some(Value::String(text)) => Sent::Text(text.clone()),
            Some(Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
                Sent::NotText
            }
        }
    }

    /// What was sent under this name, of whatever type.
    pub(super) fn value(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// A text that must be there and not be empty; else the rule that is broken.
    pub(super) fn text(&self, name: &str) -> Result<String, Fault> {
        match self.sent(name) {
            Sent::Missing | Sent::Null => Err(Fault::Missing),
            Sent::NotText => Err(Fault::NotText),
            Sent::Text(text) if text.is_empty() => Err(Fault::Missing),
            Sent::Text(text) => Ok(text),
        }
    }

    /// A password that must be there.
    pub(super) fn password(&self, name: &str) -> Result<Password, Fault> {
        self.text(name).and_then(Password::parse)
    }

    /// A change of a text: what is absent or `null` stays.
    pub(super) fn change(&self, name: &str) -> Result<Change<String>, Fault> {
        match self.sent(name) {
            Sent::Missing | Sent::Null => Ok(Change::Keep),
            Sent::NotText => Err(Fault::NotText),
            Sent::Text(text) => Ok(Change::Set(text)),
        }
    }

    /// A yes or no: JSON's own, or the words that forms have for them.
    pub(super) fn flag(&self, name: &str) -> Result<Option<bool>, Fault> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(Value::Number(number)) => match number.as_i64() {
                Some(0) => Ok(Some(false)),
                Some(1) => Ok(Some(true)),
                Some(_) | None => Err(Fault::NotOneOf("true, false")),
            },
            Some(Value::String(word)) => match word.to_ascii_lowercase().as_str() {
                "true" | "t" | "1" | "on" | "yes" | "y" => Ok(Some(true)),
                "false" | "f" | "0" | "off" | "no" | "n" => Ok(Some(false)),
                _ => Err(Fault::NotOneOf("true, false")),
            },
            Some(Value::Null | Value::Array(_) | Value::Object(_)) => {
                Err(Fault::NotOneOf("true, false"))
            }
        }
    }

    /// A whole number: JSON's own, or digits as forms have them. An empty text is none.
    pub(super) fn integer(&self, name: &str) -> Result<Option<i64>, Fault> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Number(number)) => number.as_i64().map(Some).ok_or(Fault::NotANumber),
            Some(Value::String(digits)) if digits.is_empty() => Ok(None),
            Some(Value::String(digits)) => digits.parse().map(Some).map_err(|_| Fault::NotANumber),
            Some(Value::Bool(_) | Value::Array(_) | Value::Object(_)) => Err(Fault::NotANumber),
        }
    }
}

/// Collects the faults of several fields.
#[derive(Debug, Default)]
pub(super) struct Faults(pub(super) Vec<FieldError>);

impl Faults {
    /// The value, or a note of what is wrong with it.
    pub(super) fn take<T>(&mut self, field: Field, read: Result<T, Fault>) -> Option<T> {
        read.map_err(|fault| self.0.push(FieldError::new(field, fault))).ok()
    }

    /// Notes a text that is longer than a door takes.
    pub(super) fn limit(&mut self, field: Field, text: Option<&String>, most: usize) {
        if text.is_some_and(|text| text.chars().count() > most) {
            self.0.push(FieldError::new(field, Fault::TooLong(most)));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fields() -> Fields {
        let body = json!({
            "text": "a", "empty": "", "null": null, "list": [], "yes": "On", "no": false,
            "perhaps": "perhaps", "seven": 7, "eight": "8", "half": 0.5, "two": 2
        });
        serde_json::from_value(body).unwrap()
    }

    #[test]
    fn each_way_not_to_send_a_text_is_told_apart() {
        let fields = fields();
        for (name, expected) in [
            ("text", Sent::Text("a".into())),
            ("empty", Sent::Text(String::new())),
            ("null", Sent::Null),
            ("list", Sent::NotText),
            ("none", Sent::Missing),
        ] {
            assert_eq!(fields.sent(name), expected, "{name}");
        }
        assert_eq!(fields.text("empty"), Err(Fault::Missing));
        assert_eq!(fields.change("null"), Ok(Change::Keep));
    }

    #[test]
    fn forms_have_words_for_yes_and_no() {
        let fields = fields();
        assert_eq!(fields.flag("yes"), Ok(Some(true)));
        assert_eq!(fields.flag("no"), Ok(Some(false)));
        assert_eq!(fields.flag("none"), Ok(None));
        for bad in ["perhaps", "two", "null", "list", "empty"] {
            assert!(fields.flag(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn forms_write_numbers_as_digits() {
        let fields = fields();
        assert_eq!(fields.integer("seven"), Ok(Some(7)));
        assert_eq!(fields.integer("eight"), Ok(Some(8)));
        assert_eq!((fields.integer("none"), fields.integer("empty")), (Ok(None), Ok(None)));
        for bad in ["half", "text", "list"] {
            assert!(fields.integer(bad).is_err(), "{bad}");
        }
    }
}
