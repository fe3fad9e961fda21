//! What `/v1` says of each refusal: its kind, a sentence for this case, and what does not fit.

mod edge;
pub(crate) mod kinds;
mod own;
mod parts;
mod refusals;

pub(crate) use edge::of_edge;
pub(crate) use kinds::Kind;
pub(crate) use own::of_own;
pub(crate) use parts::Part;
pub(crate) use refusals::of_problem;

/// Every kind, for the pages at `/problems/<code>`.
pub(crate) fn problem_kinds() -> &'static [Kind] {
    kinds::ALL
}

/// A refusal in words.
#[derive(Debug)]
pub(crate) struct Worded {
    /// Its kind.
    pub(crate) kind: Kind,
    /// What is the matter this time, and what to do.
    pub(crate) detail: String,
    /// Everything that does not fit.
    pub(crate) parts: Vec<Part>,
}

impl Worded {
    /// A refusal that one sentence says all of.
    pub(crate) fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), parts: Vec::new() }
    }

    /// A refusal that names each part that does not fit; together they are the detail.
    pub(crate) fn of_parts(kind: Kind, parts: Vec<Part>) -> Self {
        let sentences: Vec<&str> = parts.iter().map(|part| part.detail.as_str()).collect();
        Self { kind, detail: sentences.join(" "), parts }
    }
}
