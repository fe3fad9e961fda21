//! Services on mocked ports, for unit tests: each test says what it expects of which port.

use std::sync::Arc;
use std::time::Duration;

use crate::audit::{MockAuditStore, Nowhere};
use crate::books::MockBookStore;
use crate::chatrooms::{MockChatroomStore, MockDoorbell, MockMessageStore};
use crate::entropy::MockEntropy;
use crate::idempotency::MockIdempotencyStore;
use crate::pictures::{MockBlobStore, MockPictureStudio};
use crate::post::{MockCodeStore, MockCourier, MockOutbox};
use crate::sealing::MockSealer;
use crate::sessions::{
    Allowance, ChainKey, Lifetimes, LoginLimits, MockPause, MockSecurityLog, MockSessionStore,
    MockThrottle, MockTokenSigner,
};
use crate::store::MockStoreHealth;
use crate::time::{MockClock, Timestamp};
use crate::users::{MockPasswordHasher, MockUserStore, Place};
use crate::{Policy, Ports, Services};

/// Every port as a mock that expects nothing yet, but time and randomness.
pub(crate) struct Mocks {
    pub(crate) users: MockUserStore,
    pub(crate) sessions: MockSessionStore,
    pub(crate) throttle: MockThrottle,
    pub(crate) pause: MockPause,
    pub(crate) codes: MockCodeStore,
    pub(crate) outbox: MockOutbox,
    pub(crate) courier: MockCourier,
    pub(crate) sealer: MockSealer,
    pub(crate) chatrooms: MockChatroomStore,
    pub(crate) messages: MockMessageStore,
    pub(crate) doorbell: MockDoorbell,
    pub(crate) books: MockBookStore,
    pub(crate) audit: MockAuditStore,
    pub(crate) idempotency: MockIdempotencyStore,
    pub(crate) blobs: MockBlobStore,
    pub(crate) studio: MockPictureStudio,
    pub(crate) hasher: MockPasswordHasher,
    pub(crate) signer: MockTokenSigner,
    pub(crate) log: MockSecurityLog,
}

impl Mocks {
    pub(crate) fn new() -> Self {
        Self {
            users: MockUserStore::new(),
            sessions: MockSessionStore::new(),
            throttle: MockThrottle::new(),
            pause: MockPause::new(),
            codes: MockCodeStore::new(),
            outbox: MockOutbox::new(),
            courier: MockCourier::new(),
            sealer: MockSealer::new(),
            chatrooms: MockChatroomStore::new(),
            messages: MockMessageStore::new(),
            doorbell: MockDoorbell::new(),
            books: MockBookStore::new(),
            audit: noting(),
            idempotency: MockIdempotencyStore::new(),
            blobs: MockBlobStore::new(),
            studio: MockPictureStudio::new(),
            hasher: roomy(),
            signer: MockTokenSigner::new(),
            log: MockSecurityLog::new(),
        }
    }

    /// A throttle that grants everything and a log that takes everything.
    pub(crate) fn calm() -> Self {
        let mut mocks = Self::new();
        mocks.throttle.expect_take().returning(|_, _| Ok(granted()));
        mocks.throttle.expect_is_counted().returning(|_, _| Ok(false));
        mocks.throttle.expect_give_back().returning(|_| Ok(()));
        mocks.throttle.expect_clear().returning(|_| Ok(()));
        mocks.log.expect_event().returning(|_, _| ());
        mocks
    }

    pub(crate) fn services(self) -> Services {
        serving(self.ports())
    }

    /// The same as ports, for tests that put something of their own in.
    pub(crate) fn ports(self) -> Ports {
        let mut clock = MockClock::new();
        clock.expect_now().returning(now);
        let mut entropy = MockEntropy::new();
        entropy.expect_fill().returning(|bytes| {
            bytes.fill(7);
            Ok(())
        });
        Ports {
            clock: Arc::new(clock),
            entropy: Arc::new(entropy),
            users: Arc::new(self.users),
            sessions: Arc::new(self.sessions),
            throttle: Arc::new(self.throttle),
            local_throttle: Arc::new(MockThrottle::new()),
            pause: Arc::new(self.pause),
            codes: Arc::new(self.codes),
            outbox: Arc::new(self.outbox),
            courier: Arc::new(self.courier),
            sealer: Arc::new(self.sealer),
            chatrooms: Arc::new(self.chatrooms),
            messages: Arc::new(self.messages),
            doorbell: Arc::new(self.doorbell),
            books: Arc::new(self.books),
            audit: Arc::new(self.audit),
            idempotency: Arc::new(self.idempotency),
            surroundings: Arc::new(Nowhere),
            blobs: Arc::new(self.blobs),
            studio: Arc::new(self.studio),
            health: Arc::new(MockStoreHealth::new()),
            hasher: Arc::new(self.hasher),
            signer: Arc::new(self.signer),
            log: Arc::new(self.log),
        }
    }
}

/// Services on these ports.
pub(crate) fn serving(ports: Ports) -> Services {
    Services::new(ports, &policy(), ChainKey::new(vec![3; 32]).unwrap())
}

/// Everything that happens may be recorded.
fn noting() -> MockAuditStore {
    let mut audit = MockAuditStore::new();
    audit.expect_append().returning(|_| Ok(()));
    audit
}

/// What a throttle says to the first attempt of ten.
pub(crate) fn granted() -> Allowance {
    Allowance::Granted { left: 9, until: now() }
}

/// The moment at which every mocked test takes place.
pub(crate) fn now() -> Timestamp {
    Timestamp::from_micros(1_700_000_000_000_000).unwrap()
}

fn policy() -> Policy {
    let minutes = |n: u64| Duration::from_secs(60 * n);
    Policy {
        lifetimes: Lifetimes {
            access: minutes(15),
            idle: minutes(60 * 24 * 14),
            absolute: minutes(60 * 24 * 30),
            refresh_grace: Duration::from_secs(10),
        },
        limits: LoginLimits {
            enabled: true,
            per_account: 10,
            per_network: 100,
            window: minutes(10),
            delay: Duration::from_millis(250),
        },
        registration_open: true,
        registrations_per_network: 1_000_000,
        searches_per_network: 1_000_000,
        uploads_per_network: 1_000_000,
    }
}

/// A hasher with a place for everybody.
fn roomy() -> MockPasswordHasher {
    let mut hasher = MockPasswordHasher::new();
    hasher.expect_enter().returning(|| Ok(Place::free()));
    hasher
}
