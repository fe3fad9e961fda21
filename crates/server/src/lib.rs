//! The binary `doorward`: settings, wiring, commands. The only crate that knows all others.

mod banner;
mod cli;
mod failure;
mod leaving;
mod output;
mod presence;
mod serve;
mod settings;
mod telemetry;
mod wiring;

use std::process::ExitCode;

use clap::Parser;
use rustix::fs::Mode;
use rustix::process::umask;

use crate::cli::{Admin, Cli, Command, Migrate};
use crate::failure::Failure;
use crate::settings::load::{Inputs, Loaded, load};
use crate::telemetry::Telemetry;

/// Does what the command line asks for.
pub fn run() -> ExitCode {
    // Whatever this process makes is for its own user alone.
    umask(Mode::RWXG | Mode::RWXO);
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version go to standard output, mistakes to standard error.
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS };
        }
    };
    match dispatch(&cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output::message(&failure.to_string());
            failure.exit_code()
        }
    }
}

fn dispatch(cli: &Cli) -> Result<(), Failure> {
    let inputs = cli.inputs(variables());
    match &cli.command {
        Command::Config { command } => cli::config::run(*command, &inputs),
        Command::Serve(_) => with_telemetry(&inputs, serve::run),
        Command::Migrate { step, json } => with_settings(&inputs, |loaded| {
            cli::migrate::run(step.unwrap_or(Migrate::Up), *json, &loaded.settings)
        }),
        Command::Admin { command: Admin::Create(wanted) } => {
            with_settings(&inputs, |loaded| cli::admin::create(wanted, &loaded.settings))
        }
        Command::Audit { command } => {
            with_settings(&inputs, |loaded| cli::audit::run(*command, &loaded.settings))
        }
        Command::Keys { command, json } => {
            with_settings(&inputs, |loaded| cli::keys::run(*command, *json, &loaded.settings))
        }
        Command::Openapi => with_settings(&inputs, |loaded| cli::openapi::run(&loaded.settings)),
    }
}

/// Does what needs valid settings and may write to the log.
fn with_settings(
    inputs: &Inputs,
    work: impl FnOnce(&Loaded) -> Result<(), Failure>,
) -> Result<(), Failure> {
    with_telemetry(inputs, |loaded, _| work(loaded))
}

/// Does what writes lines of its own to the log as well.
fn with_telemetry(
    inputs: &Inputs,
    work: impl FnOnce(&Loaded, &Telemetry) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let loaded = load(inputs)?;
    let started = telemetry::start(&loaded.settings.log);
    let telemetry = started.map_err(|error| Failure::io("start the log", &error))?;
    work(&loaded, &telemetry)
}

/// The environment's variables. What is not UTF-8 is no valid value for any setting.
fn variables() -> std::collections::BTreeMap<String, String> {
    let text = |text: std::ffi::OsString| text.to_string_lossy().into_owned();
    std::env::vars_os().map(|(name, value)| (text(name), text(value))).collect()
}
