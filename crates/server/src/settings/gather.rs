//! What holds for each key, and everything that is wrong with what was given.

use std::path::Path;

use config::{Config, ConfigError, ValueKind};

use super::layer::{Entry, Layer, Origin, guessed_key, variable};
use super::report::Problem;
use super::suggest::nearest;
use super::{Settings, secret_file};

/// The layers, laid over each other one entry at a time.
pub(super) struct Gathered {
    defaults: Layer,
    /// The entry that holds for each known key: the default where what was given is of no use.
    pub(super) holding: Vec<Entry>,
    /// In the order in which they were found.
    pub(super) problems: Vec<Problem>,
}

impl Gathered {
    /// Only the defaults hold.
    pub(super) fn new(defaults: Layer) -> Self {
        Self { holding: defaults.0.clone(), defaults, problems: Vec::new() }
    }

    /// Lays these layers over the defaults, the last one uppermost. What is overridden anyway is
    /// not looked at, unless nobody knows its key.
    pub(super) fn lay(&mut self, layers: &[Layer], folder: &Path) {
        for (index, layer) in layers.iter().enumerate() {
            for entry in &layer.0 {
                let above = layers.iter().skip(index + 1);
                if self.defaults.get(&entry.key).is_none() {
                    self.problems.extend(self.unknown(entry));
                } else if above.filter_map(|layer| layer.get(&entry.key)).next().is_none() {
                    self.hold(entry);
                }
            }
        }
        for secret in secret_file::read(layers, folder, &mut self.problems) {
            self.hold(&secret);
        }
    }

    /// The settings that hold.
    pub(super) fn settings(&self) -> Result<Settings, Problem> {
        let settings = understand(&Layer(self.holding.clone()));
        settings.map_err(|text| Problem::new(Origin::Default.name().to_owned(), text))
    }

    /// Adds a problem with the value that holds for a key.
    pub(super) fn refuse(&mut self, key: &str, text: &str) {
        let entry = self.holding.iter().find(|entry| entry.key == key);
        self.problems.extend(entry.map(|entry| Problem::of(entry, text)));
    }

    fn hold(&mut self, entry: &Entry) {
        let held = self.holding.iter_mut().find(|known| known.key == entry.key);
        match (check(&self.defaults, entry), held) {
            (Ok(()), Some(held)) => *held = entry.clone(),
            (Ok(()), None) => {}
            (Err(text), _) => self.problems.push(Problem::of(entry, text)),
        }
    }

    fn unknown(&self, entry: &Entry) -> Option<Problem> {
        let section = format!("{}.", entry.key);
        if self.keys().any(|key| key.starts_with(&section)) {
            let is_empty_section = matches!(entry.value.kind, ValueKind::Table(_));
            let text = format!("expected a section: [{}]", entry.key);
            return (!is_empty_section).then(|| Problem::new(entry.place(), text));
        }
        let meant = match &entry.origin {
            Origin::Named(name) => nearest(&guessed_key(name), self.keys()).map(variable),
            Origin::Default | Origin::File(_) | Origin::SecretFile(_) => {
                nearest(&entry.key, self.keys()).map(str::to_owned)
            }
        };
        let text = match meant {
            Some(name) => format!("unknown key; did you mean {name}?"),
            None => "unknown key; doorward config show lists all".to_owned(),
        };
        Some(Problem::new(entry.place(), text))
    }

    fn keys(&self) -> impl Iterator<Item = &str> {
        self.defaults.0.iter().map(|known| known.key.as_str())
    }
}

/// Whether one entry is understood, all others being as by default; else what was expected.
fn check(defaults: &Layer, entry: &Entry) -> Result<(), String> {
    let mut layer = defaults.clone();
    layer.0.retain(|known| known.key != entry.key);
    layer.0.push(entry.clone());
    understand(&layer).map(|_| ())
}

fn understand(layer: &Layer) -> Result<Settings, String> {
    let built = Config::builder().add_source(layer.clone()).build();
    built.and_then(Config::try_deserialize).map_err(expected)
}

/// The words of the value's own type, without those that the libraries put around them.
#[expect(clippy::wildcard_enum_match_arm, reason = "the library may add more")]
fn expected(error: ConfigError) -> String {
    match error {
        ConfigError::At { error, .. } => expected(*error),
        ConfigError::Message(text) => text,
        other => other.to_string(),
    }
}
