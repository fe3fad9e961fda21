//! The services on in-memory stores, with a hand on everything that they depend on.

use std::sync::Arc;
use std::time::Duration;

use domain::audit::Nowhere;
use domain::problem::Problem;
use domain::sessions::{ChainKey, Client, Door, Lifetimes, Login, LoginLimits, Opened, Transport};
use domain::time::Clock;
use domain::users::{
    Greeting, MobileRules, Password, PasswordPolicy, Registration, Rules, Status, User, UserKey,
};
use domain::{Policy, Ports, Services};

use crate::courier::RecordingCourier;
use crate::doorbell::HandBell;
use crate::entropy::SeededEntropy;
use crate::hashing::PlainHasher;
use crate::memory::MemoryStores;
use crate::pause::NotedPause;
use crate::pictures::{MemoryBlobs, PlainStudio};
use crate::sealing::PlainSealer;
use crate::security_log::RecordingLog;
use crate::signing::LedgerSigner;
use crate::time::{ManualClock, noon};

/// The password that [`Household::register`] gives everybody.
pub const PASSWORD: &str = "correct horse battery";

/// All services, and the parts that a test turns.
pub struct Household {
    /// What surfaces are given.
    pub services: Services,
    /// The time.
    pub clock: ManualClock,
    /// Where everything is kept.
    pub stores: MemoryStores,
    /// What was verified, and whether there is room.
    pub hasher: Arc<PlainHasher>,
    /// What was sent.
    pub courier: Arc<RecordingCourier>,
    /// The pictures that are kept.
    pub blobs: Arc<MemoryBlobs>,
    /// What was noted.
    pub log: Arc<RecordingLog>,
    /// How long answers had to wait.
    pub pause: Arc<NotedPause>,
}

impl Household {
    /// Nobody is registered; limits are off; it is noon.
    pub fn new() -> Self {
        Self::with_limits(no_limits())
    }

    /// As [`new`](Self::new), with these limits.
    pub fn with_limits(limits: LoginLimits) -> Self {
        Self::with(limits, lifetimes())
    }

    /// As [`new`](Self::new), with these lifetimes.
    pub fn with_lifetimes(lifetimes: Lifetimes) -> Self {
        Self::with(no_limits(), lifetimes)
    }

    fn with(limits: LoginLimits, lifetimes: Lifetimes) -> Self {
        let clock = ManualClock::at(noon());
        let stores = MemoryStores::new();
        let hasher = Arc::new(PlainHasher::default());
        let courier = Arc::new(RecordingCourier::default());
        let blobs = Arc::new(MemoryBlobs::default());
        let log = Arc::new(RecordingLog::default());
        let pause = Arc::new(NotedPause::default());
        let ports = Ports {
            clock: Arc::new(clock.clone()),
            entropy: Arc::new(SeededEntropy::new(1)),
            users: stores.users(),
            sessions: stores.sessions(),
            throttle: stores.throttle(),
            local_throttle: stores.throttle(),
            pause: Arc::clone(&pause) as _,
            codes: stores.codes(),
            outbox: stores.outbox(),
            courier: Arc::clone(&courier) as _,
            sealer: Arc::new(PlainSealer),
            chatrooms: stores.chatrooms(),
            messages: stores.messages(),
            doorbell: Arc::new(HandBell::default()),
            books: stores.books(),
            audit: stores.audit(),
            idempotency: stores.idempotency(),
            surroundings: Arc::new(Nowhere),
            blobs: Arc::clone(&blobs) as _,
            studio: Arc::new(PlainStudio),
            health: stores.health(),
            hasher: Arc::<PlainHasher>::clone(&hasher),
            signer: Arc::new(LedgerSigner::default()),
            log: Arc::<RecordingLog>::clone(&log),
        };
        let policy = Policy {
            lifetimes,
            limits,
            registration_open: true,
            registrations_per_network: 1_000_000,
            searches_per_network: 1_000_000,
            uploads_per_network: 1_000_000,
        };
        let services = Services::new(ports, &policy, chain_key());
        Self { services, clock, stores, hasher, courier, blobs, log, pause }
    }

    /// Somebody with this user name and [`PASSWORD`].
    ///
    /// # Errors
    /// What registering may answer.
    pub async fn register(&self, username: &str) -> Result<User, Problem> {
        let registration = Registration {
            username: Some(username.to_owned()),
            password: Some(PASSWORD.to_owned()),
            ..Registration::default()
        };
        self.services.users.register(None, registration, &rules()).await
    }

    /// An administrator with this user name and [`PASSWORD`].
    ///
    /// # Errors
    /// What registering may answer.
    pub async fn register_admin(&self, username: &str) -> Result<User, Problem> {
        let registration = Registration {
            username: Some(username.to_owned()),
            password: Some(PASSWORD.to_owned()),
            ..Registration::default()
        };
        self.services.users.add_admin(registration, &rules()).await
    }

    /// Signs in at `/v1` with this password.
    ///
    /// # Errors
    /// What signing in may answer.
    pub async fn sign_in(&self, username: &str, password: &str) -> Result<Opened, Problem> {
        let login = Login {
            key: UserKey::username(username),
            password: Password::parse(password).map_err(|_| Problem::WrongPassword)?,
            door: Door::V1,
            transport: Transport::Refresh,
            bearer_lifetime: None,
            client: Client { address: "192.0.2.1".parse().ok(), ..Client::default() },
        };
        self.services.sessions.login(login).await
    }

    /// Now, as the services see it.
    pub fn now(&self) -> domain::time::Timestamp {
        self.clock.now()
    }
}

impl Default for Household {
    fn default() -> Self {
        Self::new()
    }
}

fn no_limits() -> LoginLimits {
    let window = Duration::from_secs(600);
    LoginLimits { enabled: false, per_account: 0, per_network: 0, window, delay: Duration::ZERO }
}

/// The rules of `/v1`.
pub fn rules() -> Rules {
    Rules {
        passwords: PasswordPolicy::Strict,
        mobiles: MobileRules { strict: true, default_region: None },
        initial_status: Status::Active,
        few_registrations: false,
        verify_changes: true,
        greeting: Greeting::Nothing,
        link_base: "https://id.example.org".into(),
    }
}

/// The lifetimes that Doorward has unless told otherwise.
pub fn lifetimes() -> Lifetimes {
    let days = |days: u64| Duration::from_secs(days * 24 * 60 * 60);
    Lifetimes {
        access: Duration::from_secs(15 * 60),
        idle: days(14),
        absolute: days(30),
        refresh_grace: Duration::from_secs(10),
    }
}

#[expect(clippy::expect_used, reason = "32 bytes are enough for a chain key")]
fn chain_key() -> ChainKey {
    ChainKey::new(vec![42; 32]).expect("32 bytes")
}
