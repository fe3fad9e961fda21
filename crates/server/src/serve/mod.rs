//! `doorward serve`: from settings to the last answer.

mod audit;
mod capacity;
mod certificate;

mod farewell;
mod keys;
mod last_uses;
mod listener;
mod metrics;
mod post;
mod purge;
mod signals;
mod sole;

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpServer;
use actix_web::dev::ServerHandle;
use actix_web::rt::{System, spawn, time};
use api::Observers;
use infra::tls::Tls;

use self::listener::Listening;
use self::metrics::Apart;
use self::signals::Signals;
use crate::banner::Banner;
use crate::failure::{Failure, chain};
use crate::output;
use crate::presence::Presence;
use crate::settings::load::Loaded;
use crate::settings::{self, Settings, local_url};
use crate::telemetry::Telemetry;
use crate::telemetry::metrics::Metrics;
use crate::wiring::{AtDatabase, Backend, Role};

/// How long the head of a request may take to arrive (408 after it).
const REQUEST_HEAD: Duration = Duration::from_secs(5);
/// How long a connection may be idle between two requests.
const KEEP_ALIVE: Duration = Duration::from_secs(5);
/// How long a client may take to close a connection that we closed.
const DISCONNECT: Duration = Duration::from_secs(5);
/// How long `/readyz` says no before the server stops listening, at most: a tenth of the drain time
/// if that is shorter.
const NOTICE: Duration = Duration::from_secs(1);

/// How long connections that were accepted last may take to send their request, at most: stopping
/// closes all that have sent none.
const LATECOMERS: Duration = Duration::from_millis(250);

/// Serves until SIGTERM or SIGINT, then finishes what it has begun.
pub(crate) fn run(loaded: &Loaded, telemetry: &Telemetry) -> Result<(), Failure> {
    api::log_panics();
    // Before anything counts.
    let metrics = Metrics::start()?;
    // Before anything is made: what is wrong here is a mistake in the settings.
    let tls = settings::tls::open(loaded)?;
    let backend = Backend::open(&loaded.settings, Role::Server)?;
    let listener = listener::open(loaded.settings.server.bind.0)?;
    let apart = Apart::open(&loaded.settings)?;
    let here = apart.is_none().then(|| metrics.page());
    let observers = Observers { access_log: telemetry.access_log(), metrics: here };
    let watched = Watched { metrics, apart, observers };
    System::new().block_on(serve(loaded, watched, backend, listener, tls))
}

/// What the server is watched by.
struct Watched {
    metrics: Metrics,
    /// Where its figures are shown, if that is elsewhere.
    apart: Option<Apart>,
    observers: Observers,
}

impl Watched {
    /// Begins to show figures where they are to be shown apart from all else; says where.
    fn begin(self, backend: &Backend, settings: &Settings) -> Result<Option<String>, Failure> {
        spawn(self.metrics.upkeep());
        let Some(apart) = self.apart else { return Ok(None) };
        let url = apart.url();
        spawn(apart.serve(self.metrics.page(), backend, settings, &self.observers)?);
        Ok(Some(url))
    }
}

async fn serve(
    loaded: &Loaded,
    watched: Watched,
    backend: Backend,
    listener: TcpListener,
    tls: Option<Tls>,
) -> Result<(), Failure> {
    let settings = &loaded.settings;
    let cannot_serve = |error| Failure::io("serve", &error);
    let bound = listener.local_addr().map_err(cannot_serve)?;
    let public_url = settings.server.reached_at(bound);
    let state = backend.api_state(settings, &public_url, watched.observers.clone());
    let streams = state.clone();
    let door = Listening::on(&listener).map_err(cannot_serve)?;
    let capacity = capacity::of_this_process(&settings.database);
    let drain = settings.server.drain.get();
    // Before the banner: whoever reads it may send a signal at once.
    let mut signals = Signals::listen().map_err(cannot_serve)?;
    let (leaving, pause) = (Arc::clone(&backend.leaving), Arc::clone(&backend.pause));
    let server = HttpServer::new(move || farewell::wrap(api::app(state.clone()), &leaving))
        .workers(capacity.workers)
        .max_connections(capacity.connections)
        .keep_alive(KEEP_ALIVE)
        // Nothing is done, least of all hashed, for a client that hung up.
        .h1_allow_half_closed(false)
        .client_request_timeout(REQUEST_HEAD)
        .client_disconnect_timeout(DISCONNECT)
        .shutdown_timeout(drain.as_secs() + 1)
        .tls_handshake_timeout(REQUEST_HEAD)
        .disable_signals();
    let server = match &tls {
        Some(tls) => server.listen_rustls_0_23(
            listener,
            tls.server_config().map_err(|error| Failure::Failed(error.to_string()))?,
        ),
        None => server.listen(listener),
    };
    let server = server.map_err(cannot_serve)?.run();
    let handle = server.handle();
    let server = spawn(server);
    if let Some(tls) = tls {
        spawn(certificate::watch(tls));
    }
    spawn(keys::watch(backend.keys.clone()));
    let metrics_url = watched.begin(&backend, settings)?;
    spawn(purge::forever(backend.services.clone()));
    spawn(audit::forever(backend.services.clone()));
    spawn(last_uses::forever(backend.services.clone()));
    post::start(&backend.services);
    let AtDatabase { presence, database, cache } = &backend.at_database;
    if let Presence::Server(keeper) = presence {
        spawn(sole::watch(Arc::clone(keeper), database.clone(), cache.clone()));
    }
    spawn(backend.listening.to_rooms());
    spawn(backend.listening.to_changes());
    output::data(&banner(loaded, &backend, bound, metrics_url.as_deref()).await?)?;
    tracing::info!(%bound, "listening");
    tokio::select! {
        ended = server => return Err(ended_early(ended)),
        signal = signals.next() => tracing::info!(signal, "about to stop"),
    }
    backend.leaving.begin();
    streams.end_streams();
    pause.end();
    leave(&handle, &door, drain, &mut signals).await;
    last_uses::finish(&backend.services).await;
    tracing::info!("stopped");
    Ok(())
}

/// Gives the requests that are being served until the end of the drain time; a second signal ends
/// it at once. What is still open then is closed with the process.
async fn leave(handle: &ServerHandle, door: &Listening, drain: Duration, signals: &mut Signals) {
    // The margin is for the way out.
    let deadline = time::Instant::now() + drain.mul_f32(0.95);
    let drained = async {
        time::sleep(NOTICE.min(drain / 10)).await;
        handle.pause().await;
        door.close();
        time::sleep(LATECOMERS.min(drain / 20)).await;
        handle.stop(true).await;
    };
    tokio::select! {
        () = drained => {}
        () = time::sleep_until(deadline) => {
            tracing::warn!("the drain time is over; open connections are being closed");
        }
        signal = signals.next() => tracing::warn!(signal, "told twice to stop; not waiting"),
    }
}

fn ended_early(ended: Result<std::io::Result<()>, actix_web::rt::task::JoinError>) -> Failure {
    match ended {
        Ok(Ok(())) => Failure::Failed("the server stopped by itself".to_owned()),
        Ok(Err(error)) => Failure::io("serve", &error),
        Err(error) => Failure::Failed(format!("the server stopped: {}", chain(&error))),
    }
}

async fn banner(
    loaded: &Loaded,
    backend: &Backend,
    bound: SocketAddr,
    metrics: Option<&str>,
) -> Result<String, Failure> {
    let settings = &loaded.settings;
    let has_admin = backend.services.users.has_admin().await;
    let has_admin = has_admin.map_err(|problem| Failure::Failed(chain(&problem)))?;
    let server = &settings.server;
    let (url, local) = (server.reached_at(bound), local_url(bound, server.speaks_tls()));
    let doors = settings.compat.doors.0.iter().filter(|door| api::is_built(**door));
    let doors: Vec<&str> = doors.map(|door| door.name()).collect();
    let mail = settings.mail.transport.described(settings.data_dir.path());
    let sms = settings.sms.transport.described();
    let banner = Banner {
        engines: infra::db::engines(),
        data_dir: settings.data_dir.path(),
        config: loaded.file.as_deref(),
        url: &url,
        listening: (url != local).then_some(local.as_str()),
        metrics,
        database: &backend.database,
        migrated: backend.migrated.as_ref(),
        new_secrets: backend.secrets.created().then(|| backend.secrets.path()),
        mail: &mail,
        sms: sms.as_deref(),
        doors: &doors,
        mode: settings.compat.mode.word(),
        has_admin,
    };
    Ok(banner.to_string())
}
