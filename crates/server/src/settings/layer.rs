//! One layer of settings: what a file, the variables or the flags say, and where each value stands.

use std::collections::BTreeMap;
use std::path::Path;

use config::{ConfigError, File, FileFormat, Map, Source, Value, ValueKind};

use super::report::{Problem, reason};

/// What the names of variables begin with. A single underscore after it is left to others: where a
/// service is called doorward, Kubernetes sets variables such as `DOORWARD_PORT`.
const PREFIX: &str = "DOORWARD__";

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Origin {
    /// Nobody said otherwise.
    Default,
    /// A TOML file of this name.
    File(String),
    /// A variable or flag of this name, which stands for one key.
    Named(String),
    /// A file of this name that holds this one secret.
    SecretFile(String),
}

impl Origin {
    /// The name of the place.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Default => "default",
            Self::File(name) | Self::Named(name) | Self::SecretFile(name) => name,
        }
    }
}

/// A key with its value, known or not.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) origin: Origin,
    pub(super) value: Value,
}

impl Entry {
    /// Where an operator finds it: the file and key, or the variable or flag.
    pub(super) fn place(&self) -> String {
        match &self.origin {
            Origin::Default | Origin::File(_) => format!("{}: {}", self.origin.name(), self.key),
            Origin::Named(name) | Origin::SecretFile(name) => name.clone(),
        }
    }
}

/// Entries in the order in which they were written.
#[derive(Debug, Clone, Default)]
pub(super) struct Layer(pub(super) Vec<Entry>);

impl Layer {
    /// The TOML file at this path.
    pub(super) fn file(path: &Path) -> Result<Self, Problem> {
        let name = path.display().to_string();
        match std::fs::read_to_string(path) {
            Ok(text) => Self::toml(&text, &Origin::File(name)),
            Err(error) => {
                let text = format!("cannot read this file: {}", reason(&error));
                Err(Problem::new(name, text))
            }
        }
    }

    /// A TOML text.
    pub(super) fn toml(text: &str, origin: &Origin) -> Result<Self, Problem> {
        let table = File::from_str(text, FileFormat::Toml)
            .collect()
            .map_err(|error| syntax_problem(origin.name(), text, &error))?;
        let mut entries = Vec::new();
        flatten("", &table, origin, &mut entries);
        Ok(Self(entries))
    }

    /// Those variables that are meant for us, read as what the default of the same key is.
    pub(super) fn variables(variables: &BTreeMap<String, String>, defaults: &Self) -> Self {
        let ours = variables.iter().filter(|(name, _)| name.starts_with(PREFIX));
        let entries = ours.map(|(name, text)| {
            let known = defaults.0.iter().find(|known| variable(&known.key) == *name);
            let like = known.map(|known| &known.value.kind);
            let key = known.map_or(name, |known| &known.key).clone();
            Entry { key, origin: Origin::Named(name.clone()), value: typed(text, like) }
        });
        Self(entries.collect())
    }

    /// Flags, as pairs of key and text.
    pub(super) fn flags(flags: &[(&'static str, String)]) -> Self {
        let entry = |(key, text): &(&'static str, String)| Entry {
            key: (*key).to_owned(),
            origin: Origin::Named(flag(key)),
            value: Value::new(None, text.clone()),
        };
        Self(flags.iter().map(entry).collect())
    }

    /// What this layer says of a key.
    pub(super) fn get(&self, key: &str) -> Option<&Entry> {
        self.0.iter().rfind(|entry| entry.key == key)
    }
}

impl Source for Layer {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, ConfigError> {
        Ok(self.0.iter().map(|entry| (entry.key.clone(), entry.value.clone())).collect())
    }
}

/// The variable that sets a key.
pub(super) fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.replace('.', "__").to_ascii_uppercase())
}

/// The flag that sets a key.
fn flag(key: &str) -> String {
    format!("--{}", key.rsplit('.').next().unwrap_or(key).replace('_', "-"))
}

/// The key that a variable of another name may have meant, to find the nearest known one.
pub(super) fn guessed_key(name: &str) -> String {
    name.strip_prefix(PREFIX).unwrap_or(name).replace("__", ".").to_ascii_lowercase()
}

/// A text as the kind of value that the default is; as a text where it cannot be read as that.
fn typed(text: &str, like: Option<&ValueKind>) -> Value {
    let number = || text.parse::<i64>().ok().map(ValueKind::from);
    let switch = || text.parse::<bool>().ok().map(ValueKind::from);
    let list = || {
        let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
        ValueKind::Array(items.map(|item| Value::new(None, item)).collect())
    };
    let kind = match like {
        Some(ValueKind::I64(_)) => number(),
        Some(ValueKind::Boolean(_)) => switch(),
        Some(ValueKind::Array(_)) => Some(list()),
        _ => None,
    };
    Value::new(None, kind.unwrap_or_else(|| ValueKind::from(text)))
}

/// Tables as dotted keys. An empty table stays, to be told apart from a section later.
fn flatten(prefix: &str, table: &Map<String, Value>, origin: &Origin, entries: &mut Vec<Entry>) {
    for (name, value) in table {
        let key = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        if let ValueKind::Table(inner) = &value.kind
            && !inner.is_empty()
        {
            flatten(&key, inner, origin, entries);
        } else {
            entries.push(Entry { key, origin: origin.clone(), value: value.clone() });
        }
    }
}

/// The line and column of what is not TOML, and why.
fn syntax_problem(name: &str, text: &str, error: &ConfigError) -> Problem {
    let ConfigError::FileParse { cause, .. } = error else {
        return Problem::new(name.to_owned(), error.to_string());
    };
    let Some(toml) = cause.downcast_ref::<toml::de::Error>() else {
        return Problem::new(name.to_owned(), cause.to_string());
    };
    let before = toml.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    let message = toml.message().lines().collect::<Vec<_>>().join(", ");
    Problem::new(format!("{name}: line {line}, column {column}"), message)
}
