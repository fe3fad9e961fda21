//! What a baseline is told: pairs of `--name value`.

use std::collections::BTreeMap;
use std::str::FromStr;

use crate::Failure;

/// The pairs of a command line.
pub(crate) struct Arguments(BTreeMap<String, String>);

impl Arguments {
    /// Reads what follows the name of a baseline.
    pub(crate) fn read(mut words: impl Iterator<Item = String>) -> Result<Self, Failure> {
        let mut pairs = BTreeMap::new();
        while let Some(word) = words.next() {
            let name = word.strip_prefix("--").ok_or_else(|| format!("{word}: expected --name"))?;
            let value = words.next().ok_or_else(|| format!("{word} lacks its value"))?;
            pairs.insert(name.to_owned(), value);
        }
        Ok(Self(pairs))
    }

    /// The text of a name, which must be there.
    pub(crate) fn text(&self, name: &str) -> Result<&str, Failure> {
        let text = self.0.get(name).map(String::as_str);
        text.ok_or_else(|| format!("--{name} is missing").into())
    }

    /// The number of a name, which must be there.
    pub(crate) fn number<N: FromStr>(&self, name: &str) -> Result<N, Failure> {
        let text = self.text(name)?;
        text.parse().map_err(|_| format!("--{name} {text}: expected a number").into())
    }
}
