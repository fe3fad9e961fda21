//! The parts of a request that do not fit, as the member `errors` lists them.

use domain::problem::FieldError;
use serde::Serialize;
use utoipa::ToSchema;

use crate::v1::misfit::{Misfit, Rule};

/// One part of the request that does not fit: a member of the body or a query parameter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ProblemPart)]
pub(crate) struct Part {
    /// The member of the body (RFC 6901), where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false, examples("/email"))]
    pub(crate) pointer: Option<String>,
    /// The query parameter, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false, examples("limit"))]
    pub(crate) parameter: Option<String>,
    /// The stable name of the rule.
    #[schema(examples("invalid_format"))]
    pub(crate) code: &'static str,
    /// The rule in a sentence.
    #[schema(examples("email must be one e-mail address like name@example.org."))]
    pub(crate) detail: String,
}

impl Part {
    /// The member at `pointer`; `sentence` follows its name.
    pub(crate) fn at(pointer: &str, code: &'static str, sentence: &str) -> Self {
        let name = pointer.strip_prefix('/').unwrap_or("The body");
        let end = if sentence.ends_with('?') { "" } else { "." };
        Self {
            pointer: Some(pointer.to_owned()),
            parameter: None,
            code,
            detail: format!("{name} {sentence}{end}"),
        }
    }

    /// The member of this name.
    pub(crate) fn member(name: &str, code: &'static str, sentence: &str) -> Self {
        Self::at(&format!("/{}", escaped(name)), code, sentence)
    }

    /// What is the matter with a member of the body.
    pub(crate) fn of_body(misfit: &Misfit) -> Self {
        Self::member(&shown(&misfit.name), misfit.code(), &misfit.sentence())
    }

    /// What is the matter with a parameter of the query.
    pub(crate) fn of_query(misfit: &Misfit) -> Self {
        let name = shown(&misfit.name);
        let Self { code, detail, .. } = Self::member(&name, misfit.code(), &misfit.sentence());
        Self { pointer: None, parameter: Some(name), code, detail }
    }
}

impl From<&FieldError> for Part {
    fn from(error: &FieldError) -> Self {
        Self::of_body(&Misfit::new(error.field.name(), Rule::Broken(error.fault.clone())))
    }
}

/// A name as a JSON Pointer writes it (RFC 6901 §3).
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// A name that a caller made up: enough of it to be found again.
fn shown(name: &str) -> String {
    name.chars().take(64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_is_pointed_at_and_a_parameter_is_named() {
        let misfit = Misfit::new("user/name", Rule::Unknown(Some("username")));
        let member = Part::of_body(&misfit);
        assert_eq!(member.pointer.as_deref(), Some("/user~1name"));
        let parameter = Part::of_query(&misfit);
        assert_eq!((parameter.pointer, parameter.parameter.as_deref()), (None, Some("user/name")));
    }

    #[test]
    fn a_sentence_ends_once() {
        let unknown = |near| Part::of_body(&Misfit::new("mail", Rule::Unknown(near))).detail;
        assert_eq!(unknown(None), "mail is not known here.");
        assert_eq!(unknown(Some("email")), "mail is not known here; did you mean email?");
    }

    #[test]
    fn a_made_up_name_is_shown_in_part() {
        let part = Part::of_query(&Misfit::new("x".repeat(1_000_000), Rule::Repeated));
        assert!(part.detail.len() < 100);
    }
}
