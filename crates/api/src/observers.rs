//! What is told of requests, and to whom: the log, and whoever counts.

use std::sync::Arc;
use std::time::Duration;

use actix_web::http::StatusCode;
use metrics::{Counter, counter};

use crate::http::{AccessLog, NoAccessLog};

/// Renders all that this process counts (Prometheus text format 0.0.4).
pub type MetricsPage = Arc<dyn Fn() -> String + Send + Sync>;

/// Who is told of requests.
#[derive(Clone)]
pub struct Observers {
    /// Takes a line for each.
    pub access_log: Arc<dyn AccessLog>,
    /// What `/metrics` shows.
    pub metrics: MetricsPage,
}

impl Default for Observers {
    /// Nobody.
    fn default() -> Self {
        Self { access_log: Arc::new(NoAccessLog), metrics: Arc::new(String::new) }
    }
}

/// The counters of requests, looked up once.
pub(crate) struct RequestCounters {
    /// By the hundreds of the status, from 100 on.
    by_class: [Counter; 5],
    micros: Counter,
}

impl RequestCounters {
    /// The counters of whatever recorder the process has.
    pub(crate) fn new() -> Self {
        let class = |class| counter!("doorward_http_requests_total", "status" => class);
        Self {
            by_class: ["1xx", "2xx", "3xx", "4xx", "5xx"].map(class),
            micros: counter!("doorward_http_request_microseconds_total"),
        }
    }

    /// Counts a reply, and how long it took to be ready.
    pub(crate) fn count(&self, status: StatusCode, took: Duration) {
        let class = usize::from(status.as_u16() / 100).saturating_sub(1);
        if let Some(counter) = self.by_class.get(class) {
            counter.increment(1);
        }
        self.micros.increment(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
    }
}
