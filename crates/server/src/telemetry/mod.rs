//! Log lines on standard error: for people or as JSON, in UTC, never at the cost of a request.

mod access;
pub(crate) mod metrics;
mod sink;
mod stamps;

use std::io::IsTerminal;
use std::sync::Arc;
use std::time::Duration;

use api::{AccessLog, NoAccessLog};
use tracing::Level;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, Registry, fmt};

use self::access::Format;
use self::sink::Sink;
use crate::settings::{Log, LogFormat};

/// How long the end of the process waits for the last lines.
const LAST_WORDS: Duration = Duration::from_millis(250);

/// The targets of our own lines: crates, and what lines for a purpose are sent under.
const OURS: [&str; 7] = ["server", "infra", "api", "domain", "security", "degraded", "doorward"];

/// A library whose lines say nothing that an operator could act on: every malformed request head is
/// an error to it, so that strangers could fill the log.
const SILENT: [&str; 1] = ["actix_http"];

/// Log lines are being written; dropping it waits a moment for the last ones.
pub(crate) struct Telemetry {
    sink: Sink,
    access_log: Arc<dyn AccessLog>,
}

/// Begins to write log lines.
///
/// What libraries say is logged from `warn` on, or from `log.level` on if that says less.
pub(crate) fn start(log: &Log) -> std::io::Result<Telemetry> {
    let terminal = std::io::stderr().is_terminal();
    let format = match (log.format, terminal) {
        (LogFormat::Pretty, _) | (LogFormat::Auto, true) => Format::Pretty,
        (LogFormat::Json, _) | (LogFormat::Auto, false) => Format::Json,
    };
    let sink = Sink::start(std::io::stderr(), format)?;
    let level = log.level.0;
    let targets = Targets::new()
        .with_default(level.min(Level::WARN))
        .with_targets(OURS.map(|target| (target, LevelFilter::from_level(level))))
        .with_targets(SILENT.map(|target| (target, LevelFilter::OFF)));
    // A failure to write has nowhere to be told: the layer would print it, and die of that.
    let lines = fmt::layer().with_writer(sink.clone()).log_internal_errors(false);
    let layer: Box<dyn Layer<Registry> + Send + Sync> = match format {
        Format::Pretty => Box::new(lines.with_ansi(terminal)),
        Format::Json => Box::new(lines.json().flatten_event(true).with_span_list(false)),
    };
    // Only a test could have begun before.
    let _ = tracing_subscriber::registry().with(layer.with_filter(targets)).try_init();
    let access_log: Arc<dyn AccessLog> =
        if level >= Level::INFO { Arc::new(sink.clone()) } else { Arc::new(NoAccessLog) };
    Ok(Telemetry { sink, access_log })
}

impl Telemetry {
    /// Takes the line of each request.
    pub(crate) fn access_log(&self) -> Arc<dyn AccessLog> {
        Arc::clone(&self.access_log)
    }
}

impl Drop for Telemetry {
    fn drop(&mut self) {
        self.sink.flush(LAST_WORDS);
    }
}
