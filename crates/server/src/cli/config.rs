//! `doorward config`: whether the settings are right, and what holds.

use super::Config;
use crate::failure::Failure;
use crate::output;
use crate::settings::load::{Inputs, load};
use crate::settings::{docs, show, tls};

/// Checks, shows or documents the settings.
pub(crate) fn run(command: Config, inputs: &Inputs) -> Result<(), Failure> {
    match command {
        Config::Check => {
            let loaded = load(inputs)?;
            tls::open(&loaded)?;
            let (environment, file) = (loaded.environment.word(), loaded.file.as_deref());
            output::data(&format!("config: ok ({environment}, {})", file.unwrap_or("no file")))
        }
        Config::Show { origin, json: false } => output::data(&show::toml(&load(inputs)?, origin)),
        Config::Show { json: true, .. } => output::json(&show::json(&load(inputs)?)),
        Config::Docs => output::data(&docs::markdown()),
    }
}
