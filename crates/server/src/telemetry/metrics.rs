//! What is counted while the server runs, as a page for Prometheus.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use api::MetricsPage;
use metrics::{describe_counter, describe_gauge, describe_histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tokio::time::sleep;

use crate::failure::Failure;

/// Upper bounds of the histograms, in seconds: hashes take tenths, waits may take seconds.
const BOUNDS: [f64; 10] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
/// The same for requests, most of which take less than a millisecond.
const REQUEST_BOUNDS: [f64; 12] =
    [0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 5.0];
/// How often what was measured is gathered: meanwhile each measurement takes 16 bytes.
const UPKEEP: Duration = Duration::from_secs(1);

/// Everything that this process counts.
pub(crate) struct Metrics(PrometheusHandle);

impl Metrics {
    /// Begins to count, for the whole process.
    pub(crate) fn start() -> Result<Self, Failure> {
        let failed = |error: &dyn std::fmt::Display| {
            Failure::Failed(format!("cannot count what happens: {error}"))
        };
        let requests = Matcher::Full("doorward_http_request_seconds".to_owned());
        let builder = PrometheusBuilder::new().set_buckets(&BOUNDS);
        let builder = builder.and_then(|it| it.set_buckets_for_metric(requests, &REQUEST_BOUNDS));
        let builder = builder.map_err(|error| failed(&error))?;
        let handle = builder.install_recorder().map_err(|error| failed(&error))?;
        describe();
        Ok(Self(handle))
    }

    /// Renders them.
    pub(crate) fn page(&self) -> MetricsPage {
        let handle = self.0.clone();
        Arc::new(move || handle.render())
    }

    /// Gathers until the process ends.
    pub(crate) fn upkeep(&self) -> impl Future<Output = ()> + use<> {
        let handle = self.0.clone();
        async move {
            loop {
                sleep(UPKEEP).await;
                handle.run_upkeep();
            }
        }
    }
}

fn describe() {
    describe_gauge!("doorward_password_lanes", "Threads that hash passwords.");
    describe_gauge!("doorward_password_hashing", "Passwords that are being hashed.");
    describe_gauge!("doorward_password_queue_length", "Passwords that wait to be hashed.");
    describe_counter!("doorward_password_hashes_total", "Passwords that were hashed.");
    describe_counter!(
        "doorward_password_refused_total",
        "Requests that found no place, or lost it to others."
    );
    describe_counter!("doorward_password_abandoned_total", "Requests whose client left the queue.");
    describe_histogram!("doorward_password_wait_seconds", "How long passwords waited.");
    describe_histogram!("doorward_password_hash_seconds", "How long hashing took.");
    describe_counter!(
        "doorward_http_requests_total",
        "Requests by the surface that was called and the class of the reply."
    );
    describe_histogram!(
        "doorward_http_request_seconds",
        "How long it took until replies were ready, by surface."
    );
    describe_counter!("doorward_session_readings_total", "Sessions read, by where they came from.");
}
