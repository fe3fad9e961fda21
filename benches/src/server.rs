//! How every baseline serves: bare actix-web on one loopback port, with a worker per core.

use std::thread::available_parallelism;

use actix_web::web::ServiceConfig;
use actix_web::{App, HttpServer, rt};

use crate::Failure;

/// Serves what `routes` says until the process is ended; as many workers as Doorward has.
pub(crate) fn serve(
    port: u16,
    routes: impl Fn(&mut ServiceConfig) + Clone + Send + 'static,
) -> Result<(), Failure> {
    let workers = available_parallelism().map_or(1, usize::from);
    rt::System::new().block_on(async move {
        let server = HttpServer::new(move || App::new().configure(routes.clone()));
        Ok(server.workers(workers).bind(("127.0.0.1", port))?.run().await?)
    })
}
