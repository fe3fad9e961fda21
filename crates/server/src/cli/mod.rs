//! What may be typed after `doorward`.

pub(crate) mod admin;
pub(crate) mod audit;
pub(crate) mod config;
pub(crate) mod keys;
pub(crate) mod migrate;
pub(crate) mod openapi;
mod password;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use domain::audit::LinkHash;

use crate::settings::load::Inputs;
use crate::settings::milliseconds;

/// Nobody needs longer to copy a folder.
const LONGEST_NOTICE: Duration = Duration::from_secs(7 * 24 * 60 * 60);

static VERSION: LazyLock<String> = LazyLock::new(|| {
    format!("{} ({})", env!("CARGO_PKG_VERSION"), infra::db::engines().join(", "))
});

/// Users and sessions for your application.
#[derive(Debug, Parser)]
#[command(name = "doorward", version = VERSION.as_str())]
pub(crate) struct Cli {
    /// A TOML file with settings, in place of config/development.toml or config/production.toml
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where the database and the secrets are kept (data_dir)
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<String>,
    /// What to do
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Bring the database up to date and serve
    Serve(Serve),
    /// Bring the database up to date, say what it lacks, or take back the last step
    Migrate {
        #[command(subcommand)]
        step: Option<Migrate>,
        /// Print JSON
        #[arg(long, global = true)]
        json: bool,
    },
    /// Look after administrators
    Admin {
        #[command(subcommand)]
        command: Admin,
    },
    /// Verify or export the audit trail
    Audit {
        #[command(subcommand)]
        command: Audit,
    },
    /// Look after the keys that sign tokens and seal what is kept
    Keys {
        #[command(subcommand)]
        command: Keys,
        /// Print JSON
        #[arg(long, global = true)]
        json: bool,
    },
    /// Check or show the settings
    Config {
        #[command(subcommand)]
        command: Config,
    },
    /// Print the OpenAPI document of /v1
    Openapi,
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// The address and port to listen on (server.bind)
    #[arg(long, value_name = "ADDRESS:PORT")]
    bind: Option<String>,
    /// Where people reach the server (server.public_url)
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
}

#[derive(Debug, Clone, Copy, Subcommand)]
pub(crate) enum Migrate {
    /// Say which migrations the database has
    Status,
    /// Run what the database lacks (the default)
    Up,
    /// Take back the last migration, and the data it made room for
    Down {
        /// How many to take back
        #[arg(default_value_t = 1)]
        steps: usize,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Admin {
    /// Add an administrator. Asks for the password on a terminal; elsewhere, without
    /// --password-stdin, prints a link to set one, which counts once, within an hour
    Create(CreateAdmin),
}

#[derive(Debug, Args)]
pub(crate) struct CreateAdmin {
    /// The e-mail address to sign in with
    #[arg(long)]
    pub(crate) email: String,
    /// The user name to sign in with
    #[arg(long)]
    pub(crate) username: Option<String>,
    /// Read the password from standard input, without the line end at its end
    #[arg(long)]
    pub(crate) password_stdin: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Clone, Copy, Subcommand)]
pub(crate) enum Audit {
    /// Read the chain and name the first event that was altered, if one was (then exit 1)
    Verify {
        /// Begin behind this event, which ended the chain when it was verified before
        #[arg(long, value_name = "EVENT", requires = "hash")]
        after: Option<i64>,
        /// What the chain ended with then
        #[arg(long, value_name = "HASH", requires = "after", value_parser = link_hash)]
        hash: Option<LinkHash>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Print all events as JSON lines, the oldest first
    Export,
}

#[derive(Debug, Clone, Copy, Subcommand)]
pub(crate) enum Keys {
    /// Say which keys there are and what each is good for
    List,
    /// Make a new key that takes the place of the one that signs; running servers notice by themselves
    Rotate {
        /// The key that seals letters and passkeys instead, and seal anew what lies in the database
        #[arg(long)]
        sealing: bool,
        /// When the new key begins: give yourself time to copy the folder of secrets to other machines
        #[arg(long, value_name = "DURATION", default_value = "3s", value_parser = notice)]
        after: Duration,
        /// The old keys are known to somebody: refuse at once all that they signed
        #[arg(long, conflicts_with_all = ["sealing", "after"])]
        compromised: bool,
    },
    /// Seal anew what still lies under old keys, and remove keys that nothing needs any more
    Prune,
}

#[derive(Debug, Clone, Copy, Subcommand)]
pub(crate) enum Config {
    /// Tell everything that is wrong with the settings
    Check,
    /// Print the settings that hold, without secrets
    Show {
        /// Say where each value comes from
        #[arg(long)]
        origin: bool,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Print docs/configuration.md
    #[command(hide = true)]
    Docs,
}

/// Reads what `audit verify` printed.
fn link_hash(text: &str) -> Result<LinkHash, &'static str> {
    let byte = |at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok();
    let bytes: Option<Vec<u8>> = (0..text.len()).step_by(2).map(byte).collect();
    let hash = bytes.and_then(|bytes| bytes.try_into().ok()).map(LinkHash);
    hash.ok_or("expected the 64 hexadecimal digits that audit verify printed")
}

impl Cli {
    /// What the settings are made of, with these variables of the environment.
    pub(crate) fn inputs(&self, variables: BTreeMap<String, String>) -> Inputs {
        let (bind, public_url) = match &self.command {
            Command::Serve(serve) => (serve.bind.clone(), serve.public_url.clone()),
            Command::Migrate { .. }
            | Command::Admin { .. }
            | Command::Audit { .. }
            | Command::Keys { .. }
            | Command::Config { .. }
            | Command::Openapi => (None, None),
        };
        let flags = [
            ("data_dir", self.data_dir.clone()),
            ("server.bind", bind),
            ("server.public_url", public_url),
        ];
        let flags = flags.into_iter().filter_map(|(key, text)| text.map(|text| (key, text)));
        Inputs { variables, file: self.config.clone(), flags: flags.collect(), ..Inputs::default() }
    }
}

/// How long a new key is announced before it begins.
fn notice(text: &str) -> Result<Duration, String> {
    let span = milliseconds(text).and_then(|millis| u64::try_from(millis).ok());
    let span = span.map(Duration::from_millis).filter(|span| *span <= LONGEST_NOTICE);
    span.ok_or_else(|| "expected a duration from 0s to 7d, as in 10m".to_owned())
}
