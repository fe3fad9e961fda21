//! Reading all layers, and telling everything that is wrong with them at once.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::gather::Gathered;
use super::layer::{Entry, Layer, Origin};
use super::report::{Problem, Report};
use super::{Settings, SmsTransport, production, tls};

/// The defaults, compiled in.
pub(super) const DEFAULTS: &str = include_str!("../../../../config/default.toml");

/// What settings are made of; everything that is read comes through here.
#[derive(Debug, Clone, Default)]
pub(crate) struct Inputs {
    /// The environment's variables, ours and all others.
    pub(crate) variables: BTreeMap<String, String>,
    /// Where relative paths of files start; empty: the working folder.
    pub(crate) folder: PathBuf,
    /// The file named by `--config`, in place of `config/<env>.toml`.
    pub(crate) file: Option<PathBuf>,
    /// Flags: the key and the text.
    pub(crate) flags: Vec<(&'static str, String)>,
}

/// What the server is run for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Environment {
    /// Trying out: everything valid is allowed.
    Development,
    /// Real people: what is unsafe is refused.
    Production,
}

impl Environment {
    /// The word for it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::Production => "production",
        }
    }
}

/// Valid settings and where they come from.
#[derive(Debug)]
pub(crate) struct Loaded {
    /// The settings.
    pub(crate) settings: Settings,
    /// What for.
    pub(crate) environment: Environment,
    /// The file that was read, if any.
    pub(crate) file: Option<String>,
    /// Where relative paths of files start.
    pub(super) folder: PathBuf,
    /// The entry that holds for each key, in the order of `config/default.toml`.
    pub(super) entries: Vec<Entry>,
}

impl Loaded {
    /// One problem with the value that holds for a key.
    pub(super) fn refused(&self, key: &str, text: &str) -> Report {
        let entry = self.entries.iter().find(|entry| entry.key == key);
        Report(entry.map(|entry| Problem::of(entry, text)).into_iter().collect())
    }
}

/// Reads all layers. Nothing is read twice, and nothing but `inputs` and the files it names.
///
/// # Errors
/// All problems of all layers.
pub(crate) fn load(inputs: &Inputs) -> Result<Loaded, Report> {
    let (defaults, broken) = or_empty(Layer::toml(DEFAULTS, &Origin::Default));
    let mut gathered = Gathered::new(defaults.clone());
    gathered.problems.extend(broken);
    let environment = environment(&inputs.variables, &mut gathered.problems);
    let file = file(inputs, environment);
    let path = file.as_ref().map(|path| inputs.folder.join(path));
    let (layer, broken) = or_empty(path.map_or(Ok(Layer::default()), |path| Layer::file(&path)));
    gathered.problems.extend(broken);
    let variables = Layer::variables(&inputs.variables, &defaults);
    gathered.lay(&[layer, variables, Layer::flags(&inputs.flags)], &inputs.folder);
    match gathered.settings() {
        Ok(settings) => {
            incomplete(&settings)
                .into_iter()
                .chain(tls::incomplete(&settings.server))
                .for_each(|(key, text)| gathered.refuse(key, text));
            if environment == Environment::Production {
                production::refused(&settings)
                    .iter()
                    .for_each(|(k, text)| gathered.refuse(k, text));
            }
            let file = file.map(|path| path.display().to_string());
            let folder = inputs.folder.clone();
            let loaded = Loaded { settings, environment, file, folder, entries: gathered.holding };
            if gathered.problems.is_empty() { Ok(loaded) } else { Err(Report(gathered.problems)) }
        }
        Err(problem) => {
            gathered.problems.push(problem);
            Err(Report(gathered.problems))
        }
    }
}

/// Settings that need another one, which is not given.
fn incomplete(settings: &Settings) -> Option<(&'static str, &'static str)> {
    let unsigned = matches!(settings.sms.transport, SmsTransport::Webhook(_))
        && !settings.sms.webhook_secret.is_given();
    unsigned.then_some(("sms.transport", "a webhook needs sms.webhook_secret to sign with"))
}

/// The layer, or an empty one and what is wrong.
fn or_empty(layer: Result<Layer, Problem>) -> (Layer, Option<Problem>) {
    match layer {
        Ok(layer) => (layer, None),
        Err(problem) => (Layer::default(), Some(problem)),
    }
}

fn environment(variables: &BTreeMap<String, String>, problems: &mut Vec<Problem>) -> Environment {
    match variables.get("DOORWARD_ENV").map(String::as_str) {
        None | Some("" | "development") => Environment::Development,
        Some("production") => Environment::Production,
        Some(other) => {
            let place = format!("DOORWARD_ENV = {other:?}");
            problems.push(Problem::new(place, "expected development or production"));
            Environment::Development
        }
    }
}

fn file(inputs: &Inputs, environment: Environment) -> Option<PathBuf> {
    let usual = match environment {
        Environment::Development => "config/development.toml",
        Environment::Production => "config/production.toml",
    };
    let present = || inputs.folder.join(usual).exists().then(|| PathBuf::from(usual));
    inputs.file.clone().or_else(present)
}
