//! The outermost layer: names the request, finds out where it comes from, completes the reply's
//! header fields, and writes the log line.

use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage};
use domain::audit::Scene;
use domain::sessions::Tally;
use tracing::{Instrument, Span};

use crate::http::access_log::Line;
use crate::http::request_id::{RequestId, trace_id};
use crate::http::{client_address, head, headers, logged_path, rate_limit, scene};
use crate::settings::ApiSettings;
use crate::state::ApiState;

/// Everything that is done to every request and every reply.
pub(crate) async fn edge<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let state = ApiState::of(request.request()).clone();
    let id = RequestId::of(request.headers(), &state);
    request.extensions_mut().insert(id.clone());
    let tally = Tally::default();
    request.extensions_mut().insert(tally.clone());
    let span = span(&request, &id);
    let scene = Scene {
        request_id: Some(id.as_str().to_owned()),
        client: client_address::client(request.request()),
        ..Scene::default()
    };
    async {
        let response = scene::within(scene, next.call(request)).await?.map_into_boxed_body();
        let mut response = head::without_stream(response);
        let https = client_address::is_https(response.request());
        headers::complete(response.headers_mut(), https, &id);
        rate_limit::complete(response.headers_mut(), &tally);
        write_line(&response, state.settings(), started);
        Ok(response)
    }
    .instrument(span)
    .await
}

fn span(request: &ServiceRequest, id: &RequestId) -> Span {
    let trace_id = trace_id(request.headers());
    tracing::info_span!("request", request_id = id.as_str(), trace_id)
}

fn write_line(response: &ServiceResponse, settings: &ApiSettings, started: Instant) {
    let (request, trusted) = (response.request(), &settings.trusted_proxies);
    let line = Line {
        method: request.method(),
        path: &logged_path::of(request),
        status: response.status(),
        took: started.elapsed(),
        address: client_address::address(request.peer_addr(), request.headers(), trusted),
    };
    line.write();
}
