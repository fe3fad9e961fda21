//! What every request is served with: the services, the settings, and the ports that the edge uses.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::{Arc, OnceLock};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use domain::Services;
use domain::entropy::Entropy;
use domain::sessions::Door;
use domain::time::Clock;

use crate::http::AccessLine;
use crate::http::counted::RequestCounters;
use crate::observers::{MetricsPage, Observers};
use crate::settings::ApiSettings;
use crate::v1::chatrooms::Streams;

/// Shared by all workers; clones are cheap. Handlers take it as an argument.
#[derive(Clone)]
pub struct ApiState(Arc<Inner>);

struct Inner {
    services: Services,
    settings: ApiSettings,
    public_origin: Option<String>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    observers: Observers,
    counters: RequestCounters,
    /// Made when somebody asks: most processes are never asked, and it takes memory to make.
    openapi_json: OnceLock<Arc<str>>,
    streams: Streams,
}

impl ApiState {
    /// Brings together what [`app`](crate::app) serves. `clock` and `entropy` make request ids,
    /// `observers` are told of every request.
    pub fn new(
        services: Services,
        settings: ApiSettings,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        observers: Observers,
    ) -> Self {
        let public_origin = settings.public_origin();
        let streams = Streams::default();
        Self(Arc::new(Inner {
            services,
            settings,
            public_origin,
            clock,
            entropy,
            observers,
            counters: RequestCounters::new(),
            openapi_json: OnceLock::new(),
            streams,
        }))
    }

    /// Ends all event streams, which would go on for ever: the server is about to leave.
    pub fn end_streams(&self) {
        self.0.streams.end();
    }

    /// The event streams that are open.
    pub(crate) fn streams(&self) -> &Streams {
        &self.0.streams
    }

    /// What may be done.
    pub(crate) fn services(&self) -> &Services {
        &self.0.services
    }

    /// What was decided.
    pub(crate) fn settings(&self) -> &ApiSettings {
        &self.0.settings
    }

    /// The origin of the public URL.
    pub(crate) fn public_origin(&self) -> Option<&str> {
        self.0.public_origin.as_deref()
    }

    /// The time, for request ids.
    pub(crate) fn clock(&self) -> &dyn Clock {
        self.0.clock.as_ref()
    }

    /// Random bytes, for request ids.
    pub(crate) fn entropy(&self) -> &dyn Entropy {
        self.0.entropy.as_ref()
    }

    /// Tells of a request that was answered, and by which surface.
    pub(crate) fn tell(&self, door: Option<Door>, line: AccessLine) {
        self.0.counters.count(door, &line.path, line.status, line.took);
        self.0.observers.access_log.write(line);
    }

    /// Renders all that this process counts, where that is to be shown.
    pub(crate) fn metrics(&self) -> Option<&MetricsPage> {
        self.0.observers.metrics.as_ref()
    }

    /// The OpenAPI document, as it is served.
    pub(crate) fn openapi_json(&self) -> Arc<str> {
        let made = || Arc::from(crate::openapi_json(&self.settings().public_url));
        Arc::clone(self.0.openapi_json.get_or_init(made))
    }

    /// The state that [`app`](crate::app) was built with.
    #[expect(clippy::expect_used, reason = "app() alone builds applications, and puts it there")]
    pub(crate) fn of(request: &HttpRequest) -> &Self {
        request.app_data().expect("the application was built by app()")
    }
}

impl FromRequest for ApiState {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request).clone()))
    }
}
