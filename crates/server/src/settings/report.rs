//! Everything that is wrong with the settings, in one report.

use std::fmt;
use std::io;

use config::{Value, ValueKind};
use rustix::process::getuid;

use super::layer::Entry;
use super::redact::{HIDDEN, redact, shown};
use super::secret_file::is_secret;

/// The width of the left column of a report.
const PLACE_WIDTH: usize = 43;
/// The most characters of a value that a report shows.
const MAX_VALUE: usize = 60;

/// One thing that is wrong: where, and what is expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    place: String,
    text: String,
}

impl Problem {
    /// `text` is wrong at `place`. Neither may hold a secret.
    pub(super) fn new(place: String, text: impl Into<String>) -> Self {
        Self { place, text: text.into() }
    }

    /// The value of `entry` is wrong.
    pub(super) fn of(entry: &Entry, text: impl Into<String>) -> Self {
        let shown = literal(entry);
        let cut = shown.char_indices().nth(MAX_VALUE).map(|(end, _)| format!("{}…", &shown[..end]));
        Self::new(format!("{} = {}", entry.place(), cut.unwrap_or(shown)), text)
    }
}

/// All problems, in the order of the layers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Report(pub(super) Vec<Problem>);

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.0.len() == 1 { "" } else { "s" };
        write!(f, "config: {} problem{plural}", self.0.len())?;
        let widest = self.0.iter().map(|problem| problem.place.chars().count()).max();
        let width = widest.unwrap_or_default().max(PLACE_WIDTH) + 2;
        for Problem { place, text } in &self.0 {
            write!(f, "\n  {place:width$}{text}")?;
        }
        Ok(())
    }
}

/// The value of an entry as TOML, without the secrets in it.
pub(super) fn literal(entry: &Entry) -> String {
    let is_text = matches!(entry.value.kind, ValueKind::String(_));
    // A secret of digits alone, without quotes, is wrong and still a secret.
    if is_secret(&entry.key) && !is_text {
        return quoted(HIDDEN);
    }
    toml_text(&entry.key, &entry.value)
}

/// The value of an entry as JSON, without the secrets in it.
pub(super) fn plain(entry: &Entry) -> serde_json::Value {
    match &entry.value.kind {
        ValueKind::Boolean(on) => (*on).into(),
        ValueKind::I64(number) => (*number).into(),
        ValueKind::String(text) => shown(&entry.key, text).into(),
        ValueKind::Array(items) => {
            items.iter().map(|item| redact(&item.kind.to_string())).collect::<Vec<_>>().into()
        }
        ValueKind::Nil
        | ValueKind::I128(_)
        | ValueKind::U64(_)
        | ValueKind::U128(_)
        | ValueKind::Float(_)
        | ValueKind::Table(_) => redact(&entry.value.kind.to_string()).into(),
    }
}

fn toml_text(key: &str, value: &Value) -> String {
    match &value.kind {
        ValueKind::String(text) => quoted(&shown(key, text)),
        ValueKind::Array(items) => {
            let items = items.iter().map(|item| toml_text(key, item)).collect::<Vec<_>>();
            format!("[{}]", items.join(", "))
        }
        ValueKind::Table(_) => "{…}".to_owned(),
        ValueKind::Nil
        | ValueKind::Boolean(_)
        | ValueKind::I64(_)
        | ValueKind::I128(_)
        | ValueKind::U64(_)
        | ValueKind::U128(_)
        | ValueKind::Float(_) => value.kind.to_string(),
    }
}

fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

/// Why the system refused, in its own words, and as whom we asked.
pub(crate) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let words = text.split(" (os error").next().unwrap_or(&text);
    let mut letters = words.chars();
    let first = letters.next().map(|c| c.to_ascii_lowercase());
    let words: String = first.into_iter().chain(letters).collect();
    format!("{words} (uid {})", getuid().as_raw())
}
