//! The outermost layer: names the request, finds out where it comes from, completes the reply's
//! header fields, and has the log line written.

use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage};
use domain::audit::Scene;

use crate::http::access_log::AccessLine;
use crate::http::request_id::{RequestId, trace_id};
use crate::http::scene::Present;
use crate::http::{client_address, head, headers, logged_path, rate_limit, scene};
use crate::state::ApiState;

/// Everything that is done to every request and every reply.
pub(crate) async fn edge<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let state = ApiState::of(request.request()).clone();
    let id = RequestId::of(request.headers(), &state);
    let client = client_address::client(request.request());
    let trace_id: Option<Box<str>> = trace_id(request.headers()).map(Into::into);
    request.extensions_mut().insert(id.clone());
    request.extensions_mut().insert(client.clone());
    let (address, tally) = (client.address, client.tally.clone());
    let scene = Scene { request_id: Some(id.as_str().to_owned()), client, ..Scene::default() };
    let present = Present { scene, trace_id: trace_id.clone() };
    let served = async { (next.call(request).await, scene::door()) };
    let (response, door) = scene::within(present, served).await;
    let mut response = head::without_stream(response?.map_into_boxed_body());
    let https = client_address::is_https(response.request());
    headers::complete(response.headers_mut(), https, &id);
    rate_limit::complete(response.headers_mut(), &tally);
    let line = AccessLine {
        at: state.clock().now(),
        method: response.request().method().clone(),
        path: logged_path::of(response.request()),
        status: response.status(),
        took: started.elapsed(),
        address,
        request_id: id.as_str().into(),
        trace_id,
    };
    state.tell(door, line);
    Ok(response)
}
