//! What this crate's tests are made of: services over stores in memory, and a surface that tells
//! what it was asked to word.

mod probe;
mod reply;
mod signer;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix_web::test::{TestRequest, call_service, init_service};
use domain::sessions::{ChainKey, Client, Door, Lifetimes, Login, LoginLimits, Opened, Transport};
use domain::users::{Email, Password, Registration, User, UserKey};
use domain::{Policy, Ports, Services};
use testkit::courier::RecordingCourier;
use testkit::doorbell::HandBell;
use testkit::entropy::SeededEntropy;
use testkit::hashing::PlainHasher;
use testkit::memory::MemoryStores;
use testkit::pause::NotedPause;
use testkit::pictures::{MemoryBlobs, PlainStudio};
use testkit::sealing::PlainSealer;
use testkit::security_log::RecordingLog;
use testkit::time::ManualClock;

pub(crate) use probe::probe_app;
pub(crate) use reply::Reply;
use signer::PlainSigner;

use crate::{AccessLine, AccessLog, ApiSettings, ApiState, Observers};

/// The password of everybody in here.
pub(crate) const PASSWORD: &str = "northern heron 77";

/// The line of every request.
#[derive(Default)]
pub(crate) struct RecordedRequests(pub(crate) Mutex<Vec<AccessLine>>);

impl AccessLog for RecordedRequests {
    fn write(&self, line: AccessLine) {
        self.0.lock().unwrap().push(line);
    }
}

/// A server without a network: services, their adapters, and the settings.
pub(crate) struct World {
    pub(crate) stores: MemoryStores,
    pub(crate) clock: ManualClock,
    pub(crate) hasher: Arc<PlainHasher>,
    pub(crate) doorbell: Arc<HandBell>,
    pub(crate) requests: Arc<RecordedRequests>,
    pub(crate) state: ApiState,
}

impl World {
    /// An empty one.
    pub(crate) fn new(settings: ApiSettings) -> Self {
        let (stores, clock) = (MemoryStores::new(), ManualClock::default());
        let hasher = Arc::new(PlainHasher::default());
        let doorbell = Arc::new(HandBell::default());
        let entropy = Arc::new(SeededEntropy::default());
        let requests = Arc::new(RecordedRequests::default());
        let ports = Ports {
            clock: Arc::new(clock.clone()),
            entropy: Arc::clone(&entropy) as _,
            users: stores.users(),
            sessions: stores.sessions(),
            throttle: stores.throttle(),
            local_throttle: stores.throttle(),
            pause: Arc::new(NotedPause::default()),
            codes: stores.codes(),
            outbox: stores.outbox(),
            courier: Arc::new(RecordingCourier::default()),
            sealer: Arc::new(PlainSealer),
            chatrooms: stores.chatrooms(),
            messages: stores.messages(),
            doorbell: Arc::clone(&doorbell) as _,
            books: stores.books(),
            audit: stores.audit(),
            idempotency: stores.idempotency(),
            surroundings: Arc::new(crate::CurrentRequest),
            blobs: Arc::new(MemoryBlobs::default()),
            studio: Arc::new(PlainStudio),
            health: stores.health(),
            hasher: Arc::clone(&hasher) as _,
            signer: Arc::new(PlainSigner),
            log: Arc::new(RecordingLog::default()),
        };
        let services = Services::new(ports, &policy(), ChainKey::new(vec![7; 32]).unwrap());
        let state = ApiState::new(
            services,
            settings,
            Arc::new(clock.clone()),
            entropy,
            Observers { access_log: Arc::clone(&requests) as _, ..Observers::default() },
        );
        Self { stores, clock, hasher, doorbell, requests, state }
    }

    /// The same behind a listener that shows no figures.
    pub(crate) fn without_metrics(self) -> Self {
        let (services, settings) = (self.state.services().clone(), self.state.settings().clone());
        let (clock, entropy) = (self.clock.clone(), SeededEntropy::default());
        let observers = Observers { metrics: None, ..Observers::default() };
        let clock = Arc::new(clock);
        Self {
            state: ApiState::new(services, settings, clock, Arc::new(entropy), observers),
            ..self
        }
    }

    /// Ada, who registered with her e-mail address.
    pub(crate) async fn ada(&self) -> User {
        let registration = Registration {
            email: Some("ada@example.org".into()),
            first_name: Some("Ada".into()),
            last_name: Some("Lovelace".into()),
            password: Some(PASSWORD.into()),
            ..Registration::default()
        };
        let rules = &self.state.settings().v1_rules;
        self.state.services().users.register(None, registration, rules).await.unwrap()
    }

    /// A session of Ada's.
    pub(crate) async fn sign_in(&self, transport: Transport) -> Opened {
        let login = Login {
            key: Some(UserKey::Email(Email::parse("ada@example.org").unwrap())),
            password: Password::parse(PASSWORD).unwrap(),
            door: Door::V1,
            transport,
            bearer_lifetime: None,
            client: Client::default(),
        };
        self.state.services().sessions.login(login).await.unwrap()
    }

    /// What the whole application answers.
    pub(crate) async fn call(&self, request: TestRequest) -> Reply {
        let app = init_service(crate::app(self.state.clone())).await;
        Reply::of(call_service(&app, request.to_request()).await).await
    }

    /// What the probe answers.
    pub(crate) async fn probe(&self, request: TestRequest) -> Reply {
        let app = init_service(probe_app(self.state.clone())).await;
        Reply::of(call_service(&app, request.to_request()).await).await
    }
}

fn policy() -> Policy {
    let days = |days: u64| Duration::from_secs(days * 24 * 60 * 60);
    Policy {
        lifetimes: Lifetimes {
            access: Duration::from_secs(900),
            idle: days(14),
            absolute: days(30),
            refresh_grace: Duration::from_secs(10),
        },
        limits: LoginLimits {
            enabled: true,
            per_account: 3,
            per_network: 100,
            window: Duration::from_secs(90),
            delay: Duration::ZERO,
        },
        registration_open: true,
        registrations_per_network: 1_000_000,
        searches_per_network: 1_000_000,
        uploads_per_network: 1_000_000,
    }
}
