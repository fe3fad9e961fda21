//! A surface that tells what it was asked to word.

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::from_fn;
use actix_web::{App, Error, HttpRequest, HttpResponse, web};
use domain::problem::Problem;
use serde_json::{Map, Value};

use crate::ApiState;
use crate::caller::{Authed, Caller, Credential, MaybeCaller, bearer_or_cookie};
use crate::http;
use crate::refusal::{Cause, EdgeFault, Facts, Refusal, Surface};

/// Answers 418 to everything but a missing identity, with what was refused as the body.
pub(crate) struct Probe;

impl Surface for Probe {
    type Own = &'static str;

    fn word(cause: &Cause<&'static str>, facts: &Facts<'_>) -> HttpResponse {
        let (status, text) = match cause {
            Cause::Problem(Problem::Token(fault)) => (401, format!("{fault:?}")),
            Cause::Problem(problem) => (418, format!("{problem:?}")),
            Cause::Edge(EdgeFault::MissingCredentials) => (401, "MissingCredentials".to_owned()),
            Cause::Edge(fault) => (418, format!("{fault:?}")),
            Cause::Own(text) => (418, format!("{text} at {}", facts.path)),
        };
        HttpResponse::build(StatusCode::from_u16(status).unwrap()).body(text)
    }

    fn credential(request: &HttpRequest) -> Result<Option<Credential>, EdgeFault> {
        bearer_or_cookie(request)
    }
}

/// The edge around a few paths of the probe.
pub(crate) fn probe_app(
    state: ApiState,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<BoxBody>,
        Error = Error,
        InitError = (),
    >,
> {
    App::new()
        .service(http::resource::<Probe>("/caller").get(caller).post(caller).done())
        .service(http::resource::<Probe>("/maybe").get(maybe).post(maybe).done())
        .service(http::resource::<Probe>("/body").post(body).patch(body).done())
        .service(http::resource::<Probe>("/authed").post(authed).done())
        .service(http::resource::<Probe>("/own").get(own).done())
        .service(http::resource::<Probe>("/panic").get(panic).done())
        .service(http::resource::<Probe>("/number/{number}").get(number).put(number).done())
        .service(http::resource::<Probe>("/foreign").delete(foreign).done())
        .default_service(http::not_found::<Probe>())
        .app_data(state)
        .wrap(from_fn(http::cors))
        .wrap(from_fn(http::edge))
}

async fn caller(caller: Caller<Probe>) -> String {
    caller.authenticated.user.label()
}

async fn maybe(caller: MaybeCaller<Probe>) -> String {
    let address = caller.client.address.map_or("nowhere".to_owned(), |address| address.to_string());
    let user = caller.authenticated.map_or("nobody".to_owned(), |known| known.user.label());
    format!("{user} from {address} with {}", caller.client.user_agent.unwrap_or_default())
}

async fn body(sent: crate::caller::Body<Probe, Map<String, Value>>) -> HttpResponse {
    HttpResponse::Ok().json(sent.body)
}

async fn authed(sent: Authed<Probe, Map<String, Value>>) -> HttpResponse {
    HttpResponse::Ok().json(sent.body)
}

async fn own() -> Result<HttpResponse, Refusal<Probe>> {
    Err(Refusal::own("I am a teapot"))
}

async fn panic() -> HttpResponse {
    panic!("a handler's mistake");
}

async fn number(number: web::Path<u8>) -> String {
    number.to_string()
}

async fn foreign() -> Result<HttpResponse, Error> {
    Err(actix_web::error::ErrorBadRequest("words of a library"))
}
