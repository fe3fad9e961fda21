//! The kinds of values a setting may have, each with the words for what it expects.

use std::path::{Path, PathBuf};

use domain::users::MobileRules;
use serde::Deserialize;

/// A value as somebody wrote it, before it is understood.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Written {
    Switch(bool),
    Number(i64),
    Text(String),
    List(Vec<String>),
    /// A kind of value that no setting has.
    Other(serde::de::IgnoredAny),
}

impl Written {
    /// The text, if it is one.
    pub(super) fn text(self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text),
            Self::Switch(_) | Self::Number(_) | Self::List(_) | Self::Other(_) => None,
        }
    }

    /// The list of texts, if it is one.
    pub(super) fn list(self) -> Option<Vec<String>> {
        match self {
            Self::List(list) => Some(list),
            Self::Switch(_) | Self::Number(_) | Self::Text(_) | Self::Other(_) => None,
        }
    }
}

/// Yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub(crate) struct Switch(pub(crate) bool);

impl TryFrom<Written> for Switch {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        match written {
            Written::Switch(on) => Ok(Self(on)),
            Written::Number(_) | Written::Text(_) | Written::List(_) | Written::Other(_) => {
                Err("expected true or false")
            }
        }
    }
}

/// A whole number from `MIN` to `MAX`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub(crate) struct Whole<const MIN: u32, const MAX: u32>(u32);

impl<const MIN: u32, const MAX: u32> Whole<MIN, MAX> {
    /// The number.
    pub(crate) fn get(self) -> u32 {
        self.0
    }

    /// The number, as a count of things in memory.
    pub(crate) fn count(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

impl<const MIN: u32, const MAX: u32> TryFrom<Written> for Whole<MIN, MAX> {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let number = match written {
            Written::Number(number) => u32::try_from(number).ok(),
            Written::Switch(_) | Written::Text(_) | Written::List(_) | Written::Other(_) => None,
        };
        number
            .filter(|number| (MIN..=MAX).contains(number))
            .map(Self)
            .ok_or_else(|| format!("expected a number from {MIN} to {MAX}"))
    }
}

/// How many at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub(crate) enum Lanes {
    /// As many as this machine has cores.
    Cores,
    /// This many.
    Count(usize),
}

impl Lanes {
    /// How many that is on this machine.
    pub(crate) fn count(self) -> usize {
        match self {
            Self::Cores => std::thread::available_parallelism().map_or(1, usize::from),
            Self::Count(count) => count,
        }
    }
}

impl TryFrom<Written> for Lanes {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let count = match written {
            Written::Text(text) if text == "cores" => return Ok(Self::Cores),
            Written::Text(text) => text.parse().ok(),
            Written::Number(number) => usize::try_from(number).ok(),
            Written::Switch(_) | Written::List(_) | Written::Other(_) => None,
        };
        let allowed = count.filter(|count| (1..=1_024).contains(count));
        allowed.map(Self::Count).ok_or("expected a number from 1 to 1024, or cores")
    }
}

/// A folder's path.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// The path.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl TryFrom<Written> for Folder {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let path = written.text().filter(|text| !text.is_empty() && !text.contains('\0'));
        path.map(|text| Self(text.into())).ok_or("expected the path of a folder")
    }
}

/// A country, or none.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub(crate) struct Region(pub(crate) Option<String>);

impl TryFrom<Written> for Region {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        match written.text() {
            Some(text) if text.is_empty() => Ok(Self(None)),
            Some(text) if MobileRules::knows_region(&text) => Ok(Self(Some(text))),
            Some(_) | None => Err("expected a country's two capital letters (ISO 3166), as in DE"),
        }
    }
}
