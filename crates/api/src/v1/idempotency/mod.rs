//! `Idempotency-Key` on every POST and PATCH of `/v1`: what is sent twice is done once, and answered
//! alike (IETF httpapi idempotency-key draft-07).
//!
//! It stands between two envelopes: the inner one words what the handler refuses, which may be kept
//! as well; the outer one words what is refused here.

mod kept;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue, SET_COOKIE};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::{Next, from_fn};
use actix_web::web::Bytes;
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse, Route};
use domain::idempotency::{Begun, Claim, Submission};
use domain::problem::Problem;
use domain::users::UserId;
use futures_util::stream;
use tracing::Instrument;

use crate::caller::identify;
use crate::http::envelope::{Passing, chain, envelope};
use crate::http::scene;
use crate::http::{body, cross_site};
use crate::refusal::{EdgeFault, Refusal};
use crate::state::ApiState;
use crate::v1::fault::V1Fault;
use crate::v1::problem::V1;
use kept::KeptReply;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const IDEMPOTENT_REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");
/// What is done for whoever comes, signed in or not.
const OPEN: [&str; 4] =
    ["/v1/sessions", "/v1/sessions/refresh", "/v1/password-resets", "/v1/password-resets/confirm"];
/// The longest key, in characters.
pub(crate) const MAX_KEY: usize = 255;

/// Has a route of these methods heed the key.
pub(crate) fn shield(methods: &[&str], route: Route) -> Route {
    let changes = [Method::POST, Method::PATCH];
    if changes.iter().any(|method| methods.contains(&method.as_str())) {
        route.wrap(from_fn(once)).wrap(from_fn(envelope::<V1, _>))
    } else {
        route
    }
}

async fn once<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let key = sent_key(request.headers()).map_err(Refusal::<V1>::from)?;
    let Some(key) = key else { return Ok(next.call(request).await?.map_into_boxed_body()) };
    let principal = principal(request.request()).await;
    let body = whole_body(&mut request).await.map_err(Refusal::<V1>::from)?;
    let kept = request.request().clone();
    match begin(&kept, &key, principal, &body).await? {
        Begun::New(claim) => {
            request.set_payload(replayed(body));
            // A client that hangs up does not stop what it began: it will come back with the key.
            let work = serve(request, next, claim).in_current_span();
            let work = actix_web::rt::spawn(scene::within(scene::present(), work));
            work.await.unwrap_or_else(|_| Err(Refusal::<V1>::from(EdgeFault::Internal).into()))
        }
        Begun::Done(bytes) => {
            let reply = again(&bytes)?;
            if reply.headers().contains_key(SET_COOKIE) {
                cross_site::check(&kept).map_err(Refusal::<V1>::from)?;
            }
            Ok(ServiceResponse::new(kept, reply))
        }
        Begun::Running => Err(V1Fault::IdempotencyKeyInUse.into_error()),
        Begun::Other => Err(V1Fault::IdempotencyKeyReused.into_error()),
        Begun::Lost => Err(V1Fault::IdempotentReplyLost.into_error()),
    }
}

impl V1Fault {
    fn into_error(self) -> Error {
        Refusal::<V1>::from(self).into()
    }
}

/// Whose key it is. Where nobody needs to be signed in, a token beside the body says nothing: the same
/// request may come again without it, or after its end.
async fn principal(request: &HttpRequest) -> Option<UserId> {
    if OPEN.contains(&request.path()) {
        return None;
    }
    // Credentials that do not count are refused by the handler, and that is not kept.
    identify::<V1>(request).await.ok().flatten().map(|caller| caller.user.id)
}

async fn begin(
    request: &HttpRequest,
    key: &str,
    principal: Option<UserId>,
    body: &[u8],
) -> Result<Begun, Refusal<V1>> {
    let route = format!("{} {}", request.method(), request.path());
    let sent = Submission { key, principal, route: &route, body };
    Ok(ApiState::of(request).services().idempotency.begin(&sent).await?)
}

/// Serves a request that nobody sent before, and keeps its reply where that is to be kept.
async fn serve<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
    claim: Claim,
) -> Result<ServiceResponse<BoxBody>, Error> {
    scene::note_claim(claim);
    let keys = ApiState::of(request.request()).services().idempotency.clone();
    let response = next.call(request).await?.map_into_boxed_body();
    let (request, response) = response.into_parts();
    let passing = response.extensions().get::<Passing>().is_some();
    let status = response.status();
    let (kept, response) = KeptReply::of(response).await;
    let settled = async {
        let given_up = (passing || !is_kept(status)) && keys.give_up(&claim).await?;
        // A refusal that changed something, such as a session that it closed, is final.
        if !given_up && !status.is_server_error() {
            keys.finish(&claim, &kept.to_bytes()).await?;
        }
        Ok::<(), Problem>(())
    };
    if let Err(problem) = settled.await {
        // What was done was done; only a second request will not be told so.
        let cause = chain(&problem);
        scene::telling(|| {
            let cause = cause.escape_debug();
            tracing::error!(%cause, "the state of an idempotency key was not kept");
        });
    }
    Ok(ServiceResponse::new(request, response))
}

/// What is kept is what another try under the same key would not change: success, and what is taken.
/// Not what did not get that far (RFC 9110: 400, 412, 422, 428, …), what a guess or a right decides (401,
/// 403, 404), what asks to be tried again (429, 503), or faults of the server.
fn is_kept(status: StatusCode) -> bool {
    status.is_success() || status == StatusCode::CONFLICT
}

/// The key, bare or as a structured field's string (RFC 9651 §3.3.3).
fn sent_key(headers: &HeaderMap) -> Result<Option<String>, V1Fault> {
    let mut fields = headers.get_all(IDEMPOTENCY_KEY);
    let Some(field) = fields.next() else { return Ok(None) };
    let text = field.to_str().map_err(|_| V1Fault::BadIdempotencyKey)?;
    let bare = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let key = bare.unwrap_or(text);
    let plain = key.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
    let fits = (1..=MAX_KEY).contains(&key.len()) && plain && !key.contains('"');
    if fits && fields.next().is_none() {
        Ok(Some(key.to_owned()))
    } else {
        Err(V1Fault::BadIdempotencyKey)
    }
}

async fn whole_body(request: &mut ServiceRequest) -> Result<Bytes, EdgeFault> {
    let payload = request.take_payload();
    let settings = ApiState::of(request.request()).settings();
    body::read(request.request(), payload, settings.json_limit, settings.body_deadline).await
}

/// A body that was read, to be read again.
fn replayed(body: Bytes) -> Payload {
    Payload::Stream { payload: Box::pin(stream::iter([Ok(body)])) }
}

fn again(bytes: &[u8]) -> Result<HttpResponse, Error> {
    let kept = KeptReply::from_bytes(bytes);
    let kept = kept.ok_or_else(|| Refusal::<V1>::from(EdgeFault::Internal))?;
    let mut response = kept.into_response();
    response.headers_mut().insert(IDEMPOTENT_REPLAYED, HeaderValue::from_static("true"));
    Ok(response)
}

#[cfg(test)]
mod tests;
