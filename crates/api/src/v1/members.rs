//! Reads the members of a JSON body: all that do not fit are told at once.

use domain::problem::{Fault, Field};
use domain::users::{Change, Password};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Number, Value};

use crate::v1::fault::V1Fault;
use crate::v1::misfit::{MOST_TOLD, Misfit, Rule};
use crate::v1::nearest::nearest;

/// A JSON object as it was sent: each member may still be of any type.
///
/// Whoever reads it asks for each member by name; what was never asked for is unknown.
#[derive(Debug, Default)]
pub(crate) struct Members {
    sent: Map<String, Value>,
    asked: Vec<&'static str>,
    misfits: Vec<Misfit>,
}

impl Members {
    /// A text; neither an absent member nor `null` is one.
    pub(crate) fn text(&mut self, field: Field) -> Option<String> {
        let name = field.name();
        match self.take(name)? {
            Value::Null => None,
            Value::String(text) => Some(text),
            Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                self.misfit(name, Rule::NotA("a string"))
            }
        }
    }

    /// Whether the member is there, whatever it holds.
    pub(crate) fn has(&self, field: Field) -> bool {
        self.sent.contains_key(field.name())
    }

    /// A text of 1 to `most` characters that must be there.
    pub(crate) fn required_text(&mut self, field: Field, most: usize) -> Option<String> {
        let text = self.required(field)?;
        let fits = text.chars().count() <= most;
        self.parsed(field, if fits { Ok(text) } else { Err(Fault::TooLong(most)) })
    }

    /// A password that must be there; whether it is a good one is for a service to say.
    pub(crate) fn required_password(&mut self, field: Field) -> Option<Password> {
        let text = self.required(field)?;
        self.parsed(field, Password::parse(text))
    }

    /// A password that may be absent.
    pub(crate) fn password(&mut self, field: Field) -> Option<Password> {
        let text = self.text(field)?;
        self.parsed(field, Password::parse(text))
    }

    /// One of the names that `read` knows; `names` is what they are called in a sentence.
    pub(crate) fn one_of<T>(
        &mut self,
        name: &'static str,
        names: &'static str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let value = self.take(name)?;
        let known = value.as_str().and_then(read);
        known.or_else(|| self.misfit(name, Rule::Broken(Fault::NotOneOf(names))))
    }

    /// One of the names that `read` knows, which must be there.
    pub(crate) fn required_one_of<T>(
        &mut self,
        field: Field,
        names: &'static str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.required(field)?;
        self.parsed(field, read(&text).ok_or(Fault::NotOneOf(names)))
    }

    /// What a merge-patch says of a text (RFC 7396).
    pub(crate) fn change(&mut self, field: Field) -> Change<String> {
        let null = self.is_null(field);
        change(null, self.text(field))
    }

    /// A whole number; neither an absent member nor `null` is one. One that is too large to be kept
    /// is read as the nearest that is not: no rule lets it pass.
    pub(crate) fn number(&mut self, field: Field) -> Option<i64> {
        let number = match self.take(field.name())? {
            Value::Null => return None,
            Value::Number(number) => whole(&number),
            Value::Bool(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => None,
        };
        number.or_else(|| self.misfit(field.name(), Rule::NotA("a whole number")))
    }

    /// What a merge-patch says of a whole number (RFC 7396).
    pub(crate) fn number_change(&mut self, field: Field) -> Change<i64> {
        let null = self.is_null(field);
        change(null, self.number(field))
    }

    /// A yes or no.
    pub(crate) fn flag(&mut self, field: Field) -> Option<bool> {
        match self.take(field.name())? {
            Value::Bool(flag) => Some(flag),
            Value::Null
            | Value::String(_)
            | Value::Number(_)
            | Value::Array(_)
            | Value::Object(_) => self.misfit(field.name(), Rule::NotA("true or false")),
        }
    }

    /// A text that may be absent, but not `null`: what it sets can be changed, not removed.
    pub(crate) fn lasting_text(&mut self, field: Field) -> Option<String> {
        match self.change(field) {
            Change::Set(text) => Some(text),
            Change::Clear => self.misfit(field.name(), Rule::NotA("a string")),
            Change::Keep => None,
        }
    }

    /// A list of texts.
    pub(crate) fn texts(&mut self, field: Field) -> Option<Vec<String>> {
        let sent = self.take(field.name())?;
        match serde_json::from_value(sent) {
            Ok(texts) => Some(texts),
            Err(_) => self.misfit(field.name(), Rule::NotA("a list of strings")),
        }
    }

    fn is_null(&self, field: Field) -> bool {
        self.sent.get(field.name()).is_some_and(Value::is_null)
    }

    fn required(&mut self, field: Field) -> Option<String> {
        let before = self.misfits.len();
        let text = self.text(field).filter(|text| !text.is_empty());
        if text.is_none() && self.misfits.len() == before {
            return self.misfit(field.name(), Rule::Broken(Fault::Missing));
        }
        text
    }

    fn parsed<T>(&mut self, field: Field, parsed: Result<T, Fault>) -> Option<T> {
        match parsed {
            Ok(value) => Some(value),
            Err(fault) => self.misfit(field.name(), Rule::Broken(fault)),
        }
    }

    /// Notes one more part that does not fit.
    fn misfit<T>(&mut self, name: &str, rule: Rule) -> Option<T> {
        self.misfits.push(Misfit::new(name, rule));
        None
    }

    /// Gives what was read, unless something does not fit, unknown members included. Called after
    /// every member was asked for.
    pub(crate) fn finish<T>(mut self, read: Option<T>) -> Result<T, V1Fault> {
        let asked = &self.asked;
        let unknown = self.sent.into_iter().map(|(name, _)| {
            let near = nearest(&name, asked.iter().copied());
            Misfit::new(name, Rule::Unknown(near))
        });
        let room = MOST_TOLD.saturating_sub(self.misfits.len());
        self.misfits.extend(unknown.take(room));
        read.filter(|_| self.misfits.is_empty()).ok_or(V1Fault::Members(self.misfits))
    }

    /// The member of this name; the edge has refused bodies with several of one name.
    fn take(&mut self, name: &'static str) -> Option<Value> {
        self.asked.push(name);
        self.sent.remove(name)
    }
}

fn change<T>(null: bool, value: Option<T>) -> Change<T> {
    match value {
        Some(value) => Change::Set(value),
        None if null => Change::Clear,
        None => Change::Keep,
    }
}

/// `5` and `5.0` are the same number in JSON.
fn whole(number: &Number) -> Option<i64> {
    if number.is_u64() {
        return Some(number.as_i64().unwrap_or(i64::MAX));
    }
    let float = number.as_f64().filter(|float| float.fract() == 0.0);
    // The cast ends at the bounds of what it casts to.
    number.as_i64().or(float.map(|float| float as i64))
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Map::deserialize(deserializer).map(|sent| Self { sent, ..Self::default() })
    }
}

#[cfg(test)]
mod tests;
