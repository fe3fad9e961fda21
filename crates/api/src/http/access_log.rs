//! One line in the log per request: what was asked and what came of it, without what was sent.

use std::net::IpAddr;
use std::time::Duration;

use actix_web::http::{Method, StatusCode};

/// What one line says. No query, no field of the request but its id, and of the path only what is
/// known ([`logged_path`](super::logged_path)): nothing that could be secret.
pub(super) struct Line<'a> {
    pub(super) method: &'a Method,
    pub(super) path: &'a str,
    pub(super) status: StatusCode,
    pub(super) took: Duration,
    pub(super) address: Option<IpAddr>,
}

impl Line<'_> {
    /// Writes it, within the span that names the request.
    pub(super) fn write(&self) {
        let address = self.address.map(tracing::field::display);
        let duration_us = u64::try_from(self.took.as_micros()).unwrap_or(u64::MAX);
        tracing::info!(
            target: "doorward::access",
            method = %self.method,
            path = self.path,
            status = self.status.as_u16(),
            duration_us,
            address,
            "request"
        );
    }
}
