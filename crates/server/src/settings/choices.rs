//! Settings that are one of a few words.

use domain::sessions::Door;
use infra::jwt::Algorithm;
use serde::Deserialize;
use tracing::Level;

use super::values::Written;

/// What signs access tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub(crate) struct Signature(pub(crate) Algorithm);

impl TryFrom<Written> for Signature {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        pick(written, &Algorithm::ALL.map(|algorithm| (algorithm.name(), algorithm))).map(Self)
    }
}

/// How true the doors are to their documents where these are unsafe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub(crate) enum Mode {
    /// To the letter.
    Documented,
    /// Not at all.
    Hardened,
}

impl Mode {
    /// The word for it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Hardened => "hardened",
        }
    }
}

impl TryFrom<Written> for Mode {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        pick(written, &[Self::Documented, Self::Hardened].map(|mode| (mode.word(), mode)))
    }
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub(crate) enum LogFormat {
    /// For people where a terminal shows them, else for programs.
    Auto,
    /// For people.
    Pretty,
    /// For programs.
    Json,
}

impl TryFrom<Written> for LogFormat {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        pick(written, &[("pretty", Self::Pretty), ("json", Self::Json), ("auto", Self::Auto)])
    }
}

/// How much is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub(crate) struct LogLevel(pub(crate) Level);

impl TryFrom<Written> for LogLevel {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let levels = [
            ("error", Level::ERROR),
            ("warn", Level::WARN),
            ("info", Level::INFO),
            ("debug", Level::DEBUG),
            ("trace", Level::TRACE),
        ];
        pick(written, &levels).map(Self)
    }
}

/// The doors that are open beside `/v1`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub(crate) struct Doors(pub(crate) Vec<Door>);

impl TryFrom<Written> for Doors {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let known = Door::COMPAT.map(|door| (door.name(), door));
        let names = known.map(|(name, _)| name).join(", ");
        let expected = || format!("expected a list of some of {names}");
        let words = written.list().ok_or_else(expected)?;
        let doors = words.into_iter().map(|word| pick(Written::Text(word), &known).ok());
        doors.collect::<Option<Vec<_>>>().map(Self).ok_or_else(expected)
    }
}

/// The choice that the word stands for; else all words.
fn pick<T: Copy>(written: Written, choices: &[(&str, T)]) -> Result<T, String> {
    let word = written.text().unwrap_or_default();
    let found = choices.iter().find(|(name, _)| *name == word).map(|(_, choice)| *choice);
    found.ok_or_else(|| {
        let words: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        match words.split_last() {
            Some((last, others)) => format!("expected {} or {last}", others.join(", ")),
            None => "expected nothing".to_owned(),
        }
    })
}
