//! The outermost layer, and the only one around all that is served: names the request, finds out
//! where it comes from, completes the reply's header fields, and has the log line written.

use std::sync::Arc;
use std::time::Instant;

use actix_web::Error;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use domain::audit::Scene;
use domain::sessions::Door;

use crate::http::access_log::AccessLine;
use crate::http::request_id::{RequestId, trace_id};
use crate::http::scene::Present;
use crate::http::{client_address, cors, head, headers, logged_path, rate_limit, scene};
use crate::state::ApiState;

/// Everything that is done to every request and every reply.
pub(crate) async fn edge<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let id = RequestId::of(request.headers(), ApiState::of(request.request()));
    let client = client_address::found(request.request());
    let trace_id: Option<Arc<str>> = trace_id(request.headers()).map(Into::into);
    let (address, tally) = (client.address, client.tally.clone());
    let scene = Scene { request_id: Some(id.shared()), client, ..Scene::default() };
    let present = Present { scene, trace_id: trace_id.clone() };
    let (response, door) = scene::within(present, answer(request, next)).await;
    let mut response = head::without_stream(response?);
    cors::complete(&mut response);
    let https = client_address::is_https(response.request());
    headers::complete(response.headers_mut(), https, &id);
    rate_limit::complete(response.headers_mut(), &tally);
    let state = ApiState::of(response.request());
    let line = AccessLine {
        at: state.clock().now(),
        method: response.request().method().clone(),
        path: logged_path::of(response.request()),
        status: response.status(),
        took: started.elapsed(),
        address,
        request_id: id.shared(),
        trace_id,
    };
    state.tell(door, line);
    Ok(response)
}

/// The answer, and which surface gave it.
async fn answer<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> (Result<ServiceResponse<BoxBody>, Error>, Option<Door>) {
    if let Some(reply) = cors::preflight(&request) {
        return (Ok(request.into_response(reply)), None);
    }
    let response = next.call(request).await;
    (response.map(ServiceResponse::map_into_boxed_body), scene::door())
}
