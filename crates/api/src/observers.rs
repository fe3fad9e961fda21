//! Who is told of requests, and what is shown of all that the process counts.

use std::sync::Arc;

use crate::http::{AccessLog, NoAccessLog};

/// Renders all that this process counts (Prometheus text format 0.0.4).
pub type MetricsPage = Arc<dyn Fn() -> String + Send + Sync>;

/// Who is told of requests.
#[derive(Clone)]
pub struct Observers {
    /// Takes a line for each.
    pub access_log: Arc<dyn AccessLog>,
    /// What `/metrics` shows; `None` where it is not for this listener.
    pub metrics: Option<MetricsPage>,
}

impl Default for Observers {
    /// Nobody; the page is empty.
    fn default() -> Self {
        Self { access_log: Arc::new(NoAccessLog), metrics: Some(Arc::new(String::new)) }
    }
}
