//! Reads the members of a JSON body: all that do not fit are told at once.

use domain::problem::{Fault, Field};
use domain::users::{Change, Password};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

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

    /// What a merge-patch says of a text (RFC 7396).
    pub(crate) fn change(&mut self, field: Field) -> Change<String> {
        let null = self.sent.get(field.name()).is_some_and(Value::is_null);
        match self.text(field) {
            Some(text) => Change::Set(text),
            None if null => Change::Clear,
            None => Change::Keep,
        }
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

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Map::deserialize(deserializer).map(|sent| Self { sent, ..Self::default() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(json: &str) -> Members {
        serde_json::from_str(json).unwrap()
    }

    fn misfits(members: Members) -> Vec<Misfit> {
        match members.finish(Some(())) {
            Err(V1Fault::Members(misfits)) => misfits,
            other => panic!("expected misfits, got {other:?}"),
        }
    }

    fn told(members: Members) -> Vec<(String, &'static str)> {
        let misfits = misfits(members);
        misfits.into_iter().map(|misfit| (misfit.name.clone(), misfit.code())).collect()
    }

    #[test]
    fn a_merge_patch_tells_absent_from_null_from_a_value() {
        let mut patch = members(r#"{"email": null, "username": "ada"}"#);
        assert_eq!(patch.change(Field::Email), Change::Clear);
        assert_eq!(patch.change(Field::Username), Change::Set("ada".into()));
        assert_eq!(patch.change(Field::Mobile), Change::Keep);
        assert_eq!(patch.finish(Some(())), Ok(()));
    }

    #[test]
    fn what_cannot_be_removed_takes_no_null() {
        let mut patch = members(r#"{"status": null, "consent": null, "roles": null}"#);
        assert_eq!(patch.lasting_text(Field::Status), None);
        assert_eq!(patch.flag(Field::Consent), None);
        assert_eq!(patch.texts(Field::Roles), None);
        assert_eq!(told(patch).len(), 3);
    }

    #[test]
    fn everything_that_does_not_fit_is_told_at_once() {
        let mut body = members(
            r#"{"username": 5, "consent": "yes", "roles": ["admin", 1], "mail": "x", "password": ""}"#,
        );
        assert_eq!(body.text(Field::Username), None);
        assert_eq!(body.text(Field::Email), None);
        assert_eq!(body.flag(Field::Consent), None);
        assert_eq!(body.texts(Field::Roles), None);
        assert!(body.required_password(Field::Password).is_none());
        let mut told = told(body);
        told.sort();
        let expected = [
            ("consent", "invalid_type"),
            ("mail", "unknown"),
            ("password", "required"),
            ("roles", "invalid_type"),
            ("username", "invalid_type"),
        ];
        assert_eq!(told, expected.map(|(name, code)| (name.to_owned(), code)));
    }

    #[test]
    fn an_unknown_member_is_told_with_the_nearest_known_one() {
        let mut body = members(r#"{"user_name": "ada"}"#);
        assert_eq!(body.text(Field::Username), None);
        assert_eq!(misfits(body), [Misfit::new("user_name", Rule::Unknown(Some("username")))]);
    }

    #[test]
    fn a_wrongly_typed_required_member_is_told_once() {
        let mut body = members(r#"{"identifier": 1}"#);
        assert_eq!(body.required_text(Field::Identifier, 10), None);
        assert_eq!(told(body), [("identifier".to_owned(), "invalid_type")]);
    }

    #[test]
    fn a_text_counts_its_characters() {
        let mut body = members(r#"{"identifier": "\u00fc\u00fc\u00fc"}"#);
        assert_eq!(body.required_text(Field::Identifier, 3).as_deref(), Some("\u{fc}\u{fc}\u{fc}"));
        let mut body = members(r#"{"identifier": "aaaa"}"#);
        assert_eq!(body.required_text(Field::Identifier, 3), None);
        assert_eq!(told(body), [("identifier".to_owned(), "too_long")]);
    }

    #[test]
    fn only_an_object_has_members() {
        for json in ["[]", "null", "5", "\"x\"", "true"] {
            assert!(serde_json::from_str::<Members>(json).is_err(), "{json}");
        }
    }
}
