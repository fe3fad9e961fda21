//! The real application over stores in memory, the same at the beginning of every input.

use std::error::Error;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix_web::body::to_bytes;
use actix_web::http::header::HeaderMap;
use actix_web::rt::Runtime;
use actix_web::test::{TestRequest, init_service, try_call_service};
use api::{ApiSettings, ApiState, Observers};
use domain::sessions::{ChainKey, Client, Lifetimes, LoginLimits, SecurityEvent, SecurityLog};
use domain::{Policy, Ports, Services};
use serde_json::{Value, json};
use testkit::courier::RecordingCourier;
use testkit::doorbell::HandBell;
use testkit::entropy::SeededEntropy;
use testkit::hashing::PlainHasher;
use testkit::memory::{MemoryStores, Snapshot};
use testkit::pause::NotedPause;
use testkit::pictures::{MemoryBlobs, PlainStudio};
use testkit::sealing::PlainSealer;
use testkit::signing::LedgerSigner;
use testkit::time::ManualClock;

/// A reply as targets look at it.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }
}

type Answer = Pin<Box<dyn Future<Output = Reply>>>;

/// A server, and what is known of it.
pub(crate) struct House {
    runtime: Runtime,
    app: Box<dyn Fn(TestRequest) -> Answer>,
    stores: MemoryStores,
    furnished: Snapshot,
    /// The access token of Ada, who owns what there is.
    pub(crate) token: String,
    /// What paths may name.
    pub(crate) names: Vec<String>,
}

thread_local! {
    // Never dropped: the runtime's own variables of the thread may be gone by then.
    static HOUSE: &'static House = Box::leak(Box::new(House::build()));
}

/// The one server, whose stores are as they were.
pub(crate) fn house() -> &'static House {
    let house = HOUSE.with(|house| *house);
    house.stores.put_back(&house.furnished);
    house
}

impl House {
    fn build() -> Self {
        let runtime = Runtime::new().unwrap();
        let stores = MemoryStores::new();
        let state = state(&stores);
        let service = Rc::new(runtime.block_on(init_service(api::app(state))));
        let app = move |request: TestRequest| -> Answer {
            let service = Rc::clone(&service);
            Box::pin(async move {
                let response = try_call_service(&*service, request.to_request()).await.unwrap();
                let (status, headers) = (response.status().as_u16(), response.headers().clone());
                let body = to_bytes(response.into_body()).await.unwrap_or_default().to_vec();
                Reply { status, headers, body }
            })
        };
        let furnished = stores.snapshot();
        let (token, names) = (String::new(), Vec::new());
        let mut house = Self { runtime, app: Box::new(app), stores, furnished, token, names };
        house.furnish();
        house
    }

    /// Answers one request.
    pub(crate) fn call(&self, request: TestRequest) -> Reply {
        let request = request.peer_addr("192.0.2.1:4711".parse().unwrap());
        self.runtime.block_on((self.app)(request))
    }

    /// Ada, a book, a chatroom and a message.
    fn furnish(&mut self) {
        let ada =
            json!({ "username": "ada", "email": "ada@example.org", "password": "heron 77 fly" });
        let token = self.made("/users/", &ada)["token"].as_str().unwrap().to_owned();
        self.token = token;
        let me = self.call(TestRequest::get().uri("/v1/users/me").insert_header(self.bearer()));
        let me = me.json().unwrap();
        let book = json!({ "title": "Notes", "author": "Ada", "isbn": "978-0-306-40615-7" });
        let book = self.made("/v1/books", &book);
        let room = self.made("/v1/chatrooms", &json!({ "name": "Engines", "passkey": "open" }));
        let room_id = room["id"].as_str().unwrap();
        let said =
            self.made(&format!("/v1/chatrooms/{room_id}/messages"), &json!({ "text": "hi" }));
        let fixed = ["1", "0", "me", "-1", "ada", "99999999999999999999", "%00", "9780306406157"];
        self.names = fixed.map(str::to_owned).to_vec();
        self.names
            .extend([&me, &book, &room, &said].map(|it| it["id"].as_str().unwrap().to_owned()));
        self.furnished = self.stores.snapshot();
    }

    fn made(&self, path: &str, body: &Value) -> Value {
        let mut request = TestRequest::post().uri(path).set_json(body);
        if !self.token.is_empty() {
            request = request.insert_header(self.bearer());
        }
        let reply = self.call(request);
        let text = String::from_utf8_lossy(&reply.body).into_owned();
        assert_eq!(reply.status, 201, "{path}: {text}");
        reply.json().unwrap()
    }

    pub(crate) fn bearer(&self) -> (&'static str, String) {
        ("Authorization", format!("Bearer {}", self.token))
    }
}

fn state(stores: &MemoryStores) -> ApiState {
    let clock = ManualClock::default();
    let entropy = Arc::new(SeededEntropy::default());
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
        doorbell: Arc::new(HandBell::default()),
        books: stores.books(),
        audit: stores.audit(),
        idempotency: stores.idempotency(),
        surroundings: Arc::new(api::CurrentRequest),
        blobs: Arc::new(MemoryBlobs::default()),
        studio: Arc::new(PlainStudio),
        health: stores.health(),
        hasher: Arc::new(PlainHasher::default()),
        signer: Arc::new(LedgerSigner::default()),
        log: Arc::new(NoLog),
    };
    let services = Services::new(ports, &policy(), ChainKey::new(vec![7; 32]).unwrap());
    ApiState::new(services, ApiSettings::default(), Arc::new(clock), entropy, Observers::default())
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

/// A recording one would grow for as long as the target runs.
struct NoLog;

impl SecurityLog for NoLog {
    fn event(&self, _: &SecurityEvent, _: &Client) {}

    fn degraded(&self, _: &'static str, _: Box<dyn Error + Send + Sync>) {}
}
