//! One part of a request that does not fit: a member of the body, a parameter, a header field.

use domain::problem::Fault;

/// How many misfits of one request are told: nobody reads more, and a reply must not be many times
/// as long as its request.
pub(crate) const MOST_TOLD: usize = 50;

/// What does not fit, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Misfit {
    /// The name of the member, parameter or field.
    pub(crate) name: String,
    /// The rule it breaks.
    pub(crate) rule: Rule,
}

/// A rule that a part of a request breaks before any service sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Rule {
    /// Nothing is known by this name; perhaps that one was meant.
    Unknown(Option<&'static str>),
    /// Sent more than once.
    Repeated,
    /// Not of this kind: "a string", "a number from 1 to 200".
    NotA(&'static str),
    /// Not a cursor of this list.
    BadCursor,
    /// One of the domain's rules.
    Broken(Fault),
}

impl Misfit {
    /// `name` breaks `rule`.
    pub(crate) fn new(name: impl Into<String>, rule: Rule) -> Self {
        Self { name: name.into(), rule }
    }

    /// The stable machine-readable name of the rule.
    pub(crate) fn code(&self) -> &'static str {
        match &self.rule {
            Rule::Unknown(_) => "unknown",
            Rule::Repeated => "repeated",
            Rule::NotA(_) => "invalid_type",
            Rule::BadCursor => "invalid_cursor",
            Rule::Broken(fault) => fault.code(),
        }
    }

    /// The rest of a sentence that begins with the name.
    pub(crate) fn sentence(&self) -> String {
        match &self.rule {
            Rule::Unknown(None) => "is not known here".to_owned(),
            Rule::Unknown(Some(near)) => format!("is not known here; did you mean {near}?"),
            Rule::Repeated => "must be given once only".to_owned(),
            Rule::NotA(kind) => format!("must be {kind}"),
            Rule::BadCursor => "is not a cursor of this list and order".to_owned(),
            Rule::Broken(fault) => fault.to_string(),
        }
    }
}
