//! One line in the log per request: what was asked and what came of it, without what was sent.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use actix_web::http::{Method, StatusCode};
use domain::time::Timestamp;

/// What one line says. No query, no field of the request but its id, and of the path only what is
/// known (see `logged_path`): nothing that could be secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessLine {
    /// When the reply was ready.
    pub at: Timestamp,
    /// The method.
    pub method: Method,
    /// The path as its route has it, with the ids in it.
    pub path: String,
    /// What came of it.
    pub status: StatusCode,
    /// How long it took until the reply was ready; a streamed body follows after that.
    pub took: Duration,
    /// Where it came from.
    pub address: Option<IpAddr>,
    /// The id that it is known by.
    pub request_id: Arc<str>,
    /// The trace that it is part of (W3C Trace Context).
    pub trace_id: Option<Arc<str>>,
}

/// Takes the lines. It words and writes them elsewhere: the thread that serves does not wait for it.
pub trait AccessLog: Send + Sync {
    /// Takes one line.
    fn write(&self, line: AccessLine);
}

/// Where nobody reads them.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoAccessLog;

impl AccessLog for NoAccessLog {
    fn write(&self, _: AccessLine) {}
}
