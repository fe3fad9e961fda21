//! What an operator may decide: one typed tree, and where each of its values comes from.
//!
//! Four layers lie over each other, the later ones above: the defaults that are compiled in, a TOML
//! file, `DOORWARD__SECTION__KEY` variables, flags. [`load`](load::load) reads them and reports
//! everything that is wrong with them at once.

pub(crate) mod catalogue;
mod choices;
mod credentials;
mod database_url;
pub(crate) mod docs;
mod gather;
mod layer;
pub(crate) mod load;
mod network;
mod production;
mod redact;
pub(crate) mod report;
mod secret_file;
pub(crate) mod show;
mod span;
mod suggest;
#[cfg(test)]
mod tests;
pub(crate) mod tls;
mod transport;
mod values;

use std::net::SocketAddr;

use serde::Deserialize;

pub(crate) use self::choices::{Doors, LogFormat, LogLevel, Mode, Signature};
pub(crate) use self::database_url::DatabaseUrl;
pub(crate) use self::network::{Address, Networks, Origins, PublicUrl, SecondAddress, local_url};
pub(crate) use self::span::{Span, milliseconds};
pub(crate) use self::tls::PemFile;
pub(crate) use self::transport::{CacheRule, MailFrom, MailTransport, Secret, SmsTransport};
pub(crate) use self::values::{Folder, Lanes, Region, Switch, Whole};

/// Milliseconds, for the bounds of a [`Span`].
const MS: i64 = 1;
const SECOND: i64 = 1_000 * MS;
const MINUTE: i64 = 60 * SECOND;
const DAY: i64 = 24 * 60 * MINUTE;
const YEAR: i64 = 365 * DAY;

/// All settings, understood and within bounds. `config/default.toml` says what each one means.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    pub(crate) data_dir: Folder,
    pub(crate) server: Server,
    pub(crate) database: Database,
    pub(crate) password: Passwords,
    pub(crate) tokens: Tokens,
    pub(crate) sessions: Sessions,
    pub(crate) limits: Limits,
    pub(crate) registration: Registration,
    pub(crate) compat: Compat,
    pub(crate) mail: Mail,
    pub(crate) sms: Sms,
    pub(crate) log: Log,
    pub(crate) metrics: Metrics,
}

/// `[server]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Server {
    pub(crate) bind: Address,
    pub(crate) tls_cert: PemFile,
    pub(crate) tls_key: PemFile,
    pub(crate) public_url: PublicUrl,
    pub(crate) trusted_proxies: Networks,
    pub(crate) allowed_origins: Origins,
    pub(crate) drain: Span<0, { 10 * MINUTE }>,
    pub(crate) require_if_match: Switch,
}

impl Server {
    /// Whether the server itself speaks TLS.
    pub(crate) fn speaks_tls(&self) -> bool {
        self.tls_cert.path().is_some()
    }

    /// The URL that people reach it at, when it listens at this address.
    pub(crate) fn reached_at(&self, bound: SocketAddr) -> String {
        self.public_url.reached_at(bound, self.speaks_tls())
    }
}

/// `[database]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Database {
    pub(crate) url: DatabaseUrl,
    #[expect(dead_code, reason = "only loading looks at it: `url` holds what the file held")]
    pub(crate) url_file: String,
    pub(crate) pool_size: Whole<1, 1_000>,
    pub(crate) acquire_timeout: Span<MS, { 5 * MINUTE }>,
    pub(crate) migrate: Switch,
}

/// `[password]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Passwords {
    /// bcrypt knows costs up to 31; one hash of cost 20 takes a minute.
    pub(crate) bcrypt_cost: Whole<4, 20>,
    pub(crate) lanes: Lanes,
    pub(crate) queue: Whole<1, 100_000>,
}

/// `[tokens]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tokens {
    pub(crate) algorithm: Signature,
    pub(crate) access_lifetime: Span<SECOND, DAY>,
}

/// `[sessions]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sessions {
    pub(crate) idle: Span<SECOND, { 10 * YEAR }>,
    pub(crate) absolute: Span<SECOND, { 10 * YEAR }>,
    pub(crate) refresh_grace: Span<0, { 5 * MINUTE }>,
    pub(crate) cache: CacheRule,
}

/// `[limits]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Limits {
    pub(crate) enabled: Switch,
    pub(crate) account_failures: Whole<1, 1_000_000>,
    pub(crate) network_failures: Whole<1, 1_000_000>,
    pub(crate) network_registrations: Whole<1, 1_000_000>,
    pub(crate) network_searches: Whole<1, 1_000_000>,
    pub(crate) network_uploads: Whole<1, 1_000_000>,
    pub(crate) delay: Span<0, MINUTE>,
    pub(crate) window: Span<SECOND, DAY>,
}

/// `[registration]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Registration {
    pub(crate) open: Switch,
    pub(crate) require_verification: Switch,
    pub(crate) default_region: Region,
}

/// `[compat]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Compat {
    pub(crate) mode: Mode,
    pub(crate) doors: Doors,
}

/// `[mail]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mail {
    pub(crate) transport: MailTransport,
    #[expect(dead_code, reason = "only loading looks at it: `transport` holds what the file held")]
    pub(crate) transport_file: String,
    pub(crate) from: MailFrom,
}

/// `[sms]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sms {
    pub(crate) transport: SmsTransport,
    pub(crate) webhook_secret: Secret,
    #[expect(
        dead_code,
        reason = "only loading looks at it: `webhook_secret` holds what the file held"
    )]
    pub(crate) webhook_secret_file: String,
}

/// `[log]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Log {
    pub(crate) format: LogFormat,
    pub(crate) level: LogLevel,
}

/// `[metrics]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Metrics {
    pub(crate) bind: SecondAddress,
}
