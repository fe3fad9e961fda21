//! The URL of the database: a secret, for it may hold a password.

use std::path::Path;

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::values::Written;

/// What a URL may begin with.
const SCHEMES: [&str; 4] = ["sqlite:", "mysql://", "postgres://", "postgresql://"];

/// A database URL that may still hold `{data_dir}`.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "Written")]
pub(crate) struct DatabaseUrl(SecretString);

impl DatabaseUrl {
    /// The URL with `{data_dir}` replaced.
    pub(crate) fn in_folder(&self, data_dir: &Path) -> SecretString {
        self.0.expose_secret().replace("{data_dir}", &data_dir.display().to_string()).into()
    }
}

impl TryFrom<Written> for DatabaseUrl {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let names_something = |text: &String| {
            SCHEMES.iter().any(|s| text.strip_prefix(s).is_some_and(|r| !r.is_empty()))
        };
        let url = written.text().filter(names_something);
        url.map(|text| Self(text.into()))
            .ok_or("expected a URL that begins with sqlite://, mysql:// or postgres://")
    }
}
