//! What does not fit a type, told by serde and put in our own words.

use std::fmt;

use serde::de::{Error, Expected, Unexpected};

use crate::refusal::EdgeFault;

/// What does not fit, without its place.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Misread {
    /// A member that must be there.
    Missing(&'static str),
    /// A member that nobody knows, and the name that was probably meant.
    Unknown(Option<&'static str>),
    /// Of another type than this.
    WrongType(String),
}

impl Misread {
    /// The same at its place.
    pub(super) fn at(self, pointer: String) -> EdgeFault {
        match self {
            Self::Missing(name) => {
                EdgeFault::MissingMember { pointer: format!("{pointer}/{name}") }
            }
            Self::Unknown(nearest) => EdgeFault::UnknownMember { pointer, nearest },
            Self::WrongType(expected) => EdgeFault::WrongType { pointer, expected },
        }
    }
}

impl fmt::Display for Misread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the member does not fit")
    }
}

impl std::error::Error for Misread {}

/// What a type says it expects, as a caller of an API would put it.
fn in_our_words(expected: &str) -> String {
    let known = match expected {
        "a string" | "a borrowed string" => "a string",
        "a boolean" => "true or false",
        "a sequence" => "a list",
        "a map" => "an object",
        "unit" => "null",
        "f32" | "f64" => "a number",
        "i8" | "i16" | "i32" | "i64" | "i128" | "isize" => "a whole number",
        "u8" | "u16" | "u32" | "u64" | "u128" | "usize" => "a whole number, not negative",
        text if text.starts_with("struct ") => "an object",
        _ => "of another type",
    };
    known.to_owned()
}

impl Error for Misread {
    fn custom<M: fmt::Display>(message: M) -> Self {
        Self::WrongType(message.to_string())
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::WrongType(in_our_words(&expected.to_string()))
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::WrongType(in_our_words(&expected.to_string()))
    }

    fn unknown_variant(_: &str, known: &'static [&'static str]) -> Self {
        Self::WrongType(format!("one of {}", known.join(", ")))
    }

    fn unknown_field(name: &str, known: &'static [&'static str]) -> Self {
        Self::Unknown(nearest(name, known))
    }

    fn missing_field(name: &'static str) -> Self {
        Self::Missing(name)
    }
}

fn nearest(name: &str, known: &'static [&'static str]) -> Option<&'static str> {
    crate::v1::nearest::nearest(name, known.iter().copied())
}
