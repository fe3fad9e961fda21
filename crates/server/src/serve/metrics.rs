//! The listener for `/metrics` alone, where the operator wants figures apart from everything else.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use actix_web::HttpServer;
use actix_web::dev::Server;
use api::{MetricsPage, Observers};

use super::{DISCONNECT, REQUEST_HEAD, listener};
use crate::failure::Failure;
use crate::settings::Settings;
use crate::wiring::Backend;

/// Who collects figures opens a connection or two.
const CONNECTIONS: usize = 64;

/// A listener that is served by nobody yet.
pub(super) struct Apart {
    listener: TcpListener,
    bound: SocketAddr,
}

impl Apart {
    /// Listens, where the settings say so.
    pub(super) fn open(settings: &Settings) -> Result<Option<Self>, Failure> {
        let Some(address) = settings.metrics.bind.0 else { return Ok(None) };
        let listener = listener::open(address)?;
        let bound = listener.local_addr().map_err(|error| Failure::io("serve", &error))?;
        Ok(Some(Self { listener, bound }))
    }

    /// Where the figures are found.
    pub(super) fn url(&self) -> String {
        format!("{}/metrics", crate::settings::local_url(self.bound, false))
    }

    /// Serves this page until the process ends: a server that drains can be watched.
    pub(super) fn serve(
        self,
        page: MetricsPage,
        backend: &Backend,
        settings: &Settings,
        observers: &Observers,
    ) -> Result<Server, Failure> {
        let access_log = Arc::clone(&observers.access_log);
        let observers = Observers { access_log, metrics: Some(page) };
        let state = backend.api_state(settings, &self.url(), observers);
        let server = HttpServer::new(move || api::metrics_app(state.clone()))
            .workers(1)
            .max_connections(CONNECTIONS)
            .client_request_timeout(REQUEST_HEAD)
            .client_disconnect_timeout(DISCONNECT)
            .disable_signals()
            .listen(self.listener);
        Ok(server.map_err(|error| Failure::io("serve", &error))?.run())
    }
}
