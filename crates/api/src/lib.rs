//! The HTTP surfaces: `/v1` and the doors, over the services of the domain.
//!
//! [`app`] is the route map. A request passes the edge (`http`), finds its resource here, is read
//! by the extractors of `caller`, and reaches a handler that calls one service and presents what
//! it says; a refusal is worded by the surface that was called (`refusal`).

mod caller;
mod compat;
#[cfg(fuzzing)]
pub mod fuzzing;
mod http;
mod observers;
mod ops;
mod pages;
mod refusal;
mod settings;
mod state;
#[cfg(test)]
mod testing;
mod v1;

use actix_web::App;
use actix_web::body::BoxBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::from_fn;

pub use compat::is_built;
pub use http::scene::{CurrentRequest, WithinRequest};
pub use http::{AccessLine, AccessLog, NoAccessLog, log_panics};
pub use observers::{MetricsPage, Observers};
pub use settings::{ApiSettings, CompatSettings, Mode};
pub use state::ApiState;
pub use v1::{audit_event_json, openapi_json};

use v1::V1;

/// The whole application; the server starts one per worker.
pub fn app(
    state: ApiState,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<BoxBody>,
        Error = actix_web::Error,
        InitError = (),
    >,
> {
    App::new()
        .configure(v1::routes)
        .configure(ops::routes)
        .configure(|config| {
            if state.metrics().is_some() {
                ops::metrics_route(config);
            }
        })
        .configure(pages::routes)
        .configure(|config| compat::routes(config, &state.settings().compat))
        .configure(v1::routes_by_id)
        .default_service(http::not_found::<V1>())
        .app_data(state)
        .wrap(from_fn(http::edge))
}

/// What a listener for `/metrics` alone serves.
pub fn metrics_app(
    state: ApiState,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<BoxBody>,
        Error = actix_web::Error,
        InitError = (),
    >,
> {
    App::new()
        .configure(ops::metrics_route)
        .default_service(http::not_found::<V1>())
        .app_data(state)
        .wrap(from_fn(http::edge))
}
