//! From settings to what adapters and services are started with.

use std::sync::Arc;

use api::{ApiSettings, CompatSettings};
use domain::Policy;
use domain::audit::Surroundings;
use domain::sessions::{Lifetimes, LoginLimits};
use domain::users::{Greeting, MobileRules, PasswordPolicy, Rules, Status};
use infra::bcrypt::{BcryptHasher, BcryptOptions};
use infra::blobs::FolderBlobs;
use infra::cache::SessionCache;
use infra::courier::{CourierOptions, PostCourier};
use infra::jwt::JwtOptions;
use infra::system::SystemClock;

use crate::failure::Failure;
use crate::settings::{CacheRule, Mode, Settings};

/// Whom access tokens are for.
const AUDIENCE: &str = "doorward";

/// The rules of `/v1`, where people reach it, and of the command line.
pub(crate) fn strict_rules(settings: &Settings, public_url: &str) -> Rules {
    let unverified = settings.registration.require_verification.0;
    let default_region = settings.registration.default_region.0.clone();
    Rules {
        passwords: PasswordPolicy::Strict,
        mobiles: MobileRules { strict: true, default_region },
        initial_status: if unverified { Status::Inactive } else { Status::Active },
        few_registrations: true,
        verify_changes: true,
        greeting: if unverified { Greeting::Link } else { Greeting::Nothing },
        link_base: public_url.to_owned(),
    }
}

/// Nothing where sessions are to be read each time.
pub(super) fn session_cache(settings: &Settings) -> Option<SessionCache> {
    match settings.sessions.cache {
        CacheRule::Exact => Some(SessionCache::new(None)),
        CacheRule::Stale(staleness) => Some(SessionCache::new(Some(staleness))),
        CacheRule::Off => None,
    }
}

pub(super) fn start_hasher(
    settings: &Settings,
    surroundings: Arc<dyn Surroundings>,
) -> Result<BcryptHasher, Failure> {
    let password = &settings.password;
    let options = BcryptOptions {
        cost: password.bcrypt_cost.get(),
        lanes: password.lanes.count(),
        queue: password.queue.count(),
    };
    BcryptHasher::start(options, surroundings)
        .map_err(|error| Failure::Failed(crate::failure::chain(&error)))
}

pub(super) fn courier(settings: &Settings) -> Result<PostCourier, Failure> {
    let (data_dir, sms) = (settings.data_dir.path(), &settings.sms);
    let options = CourierOptions {
        mail: settings.mail.transport.resolved(data_dir),
        from: settings.mail.from.0.clone(),
        sms: sms.transport.resolved(data_dir, &sms.webhook_secret),
    };
    let courier = PostCourier::new(options, Arc::new(SystemClock));
    courier.map_err(|error| Failure::Failed(error.to_string()))
}

pub(super) fn blobs(settings: &Settings) -> Result<FolderBlobs, Failure> {
    let path = settings.data_dir.path().join("avatars");
    FolderBlobs::open(path.clone())
        .map_err(|error| Failure::path("keep pictures in", &path, &error))
}

/// The issuer stays the same over restarts and over nodes, whatever port each of them listens on:
/// else an access token would count at one of them only.
pub(crate) fn jwt_options(settings: &Settings) -> JwtOptions {
    let server = &settings.server;
    JwtOptions {
        algorithm: settings.tokens.algorithm.0,
        issuer: server.public_url.issuer(),
        audience: AUDIENCE.to_owned(),
        longest_lifetime: settings
            .tokens
            .access_lifetime
            .get()
            .max(settings.sessions.absolute.get()),
    }
}

pub(super) fn policy(settings: &Settings) -> Policy {
    let (sessions, limits) = (&settings.sessions, &settings.limits);
    Policy {
        lifetimes: Lifetimes {
            access: settings.tokens.access_lifetime.get(),
            idle: sessions.idle.get(),
            absolute: sessions.absolute.get(),
            refresh_grace: sessions.refresh_grace.get(),
        },
        limits: LoginLimits {
            enabled: limits.enabled.0,
            per_account: limits.account_failures.get(),
            per_network: limits.network_failures.get(),
            window: limits.window.get(),
            delay: limits.delay.get(),
        },
        registration_open: settings.registration.open.0,
        registrations_per_network: limits.network_registrations.get(),
        searches_per_network: limits.network_searches.get(),
        uploads_per_network: limits.network_uploads.get(),
    }
}

pub(super) fn api_settings(settings: &Settings, public_url: &str) -> ApiSettings {
    let server = &settings.server;
    ApiSettings {
        public_url: public_url.to_owned(),
        trusted_proxies: server.trusted_proxies.0.clone(),
        allowed_origins: server.allowed_origins.0.clone(),
        require_if_match: server.require_if_match.0,
        v1_rules: strict_rules(settings, public_url),
        compat: CompatSettings {
            mode: match settings.compat.mode {
                Mode::Documented => api::Mode::Documented,
                Mode::Hardened => api::Mode::Hardened,
            },
            doors: settings.compat.doors.0.clone(),
            default_region: settings.registration.default_region.0.clone(),
        },
        ..ApiSettings::default()
    }
}
