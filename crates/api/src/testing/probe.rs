//! A surface that tells what it was asked to word.

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::from_fn;
use actix_web::{App, Error, HttpRequest, HttpResponse, web};
use domain::page::Page;
use domain::problem::Problem;
use domain::sessions::Door;
use serde_json::{Map, Value};

use crate::ApiState;
use crate::caller::{Authed, Caller, Credential, MaybeCaller, bearer_or_cookie};
use crate::http;
use crate::http::body::Media;
use crate::http::stream::list;
use crate::http::upload::{FormUpload, RawUpload};
use crate::refusal::{Cause, EdgeFault, Facts, Refusal, Surface};

/// Answers 418 to everything but a missing identity, with what was refused as the body.
pub(crate) struct Probe;

impl Surface for Probe {
    type Own = &'static str;

    const DOOR: Door = Door::V1;

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

    fn media(method: &Method) -> Media {
        match method.as_str() {
            "PUT" => Media::JsonOrForm,
            "PATCH" => Media::JsonOrMergePatch,
            _ => Media::Json,
        }
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
        .service(http::resource::<Probe>("/body").post(body).patch(body).put(body).done())
        .service(http::resource::<Probe>("/authed").post(authed).done())
        .service(http::resource::<Probe>("/picture").put(picture).post(form_picture).done())
        .service(http::resource::<Probe>("/list/{known}").get(numbers).done())
        .service(http::at_paths::<Probe>(&["/api/things", "/things"]).get(things).done())
        .service(http::at_paths::<Probe>(&["/api/things/{id}", "/things/{id}"]).get(thing).done())
        .service(http::resource::<Probe>("/own").get(own).done())
        .service(http::resource::<Probe>("/panic").get(panic).done())
        .service(http::resource::<Probe>("/number/{number}").get(number).put(number).done())
        .service(http::resource::<Probe>("/foreign").delete(foreign).done())
        .default_service(http::not_found::<Probe>())
        .app_data(state)
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

async fn picture(sent: RawUpload<Probe>) -> String {
    format!("{} of {}", sent.file.len(), sent.caller.authenticated.user.label())
}

async fn form_picture(sent: FormUpload<Probe>) -> String {
    let user = sent.caller.authenticated.user.label();
    let size = sent.file("picture").map_or("nothing".to_owned(), |file| file.len().to_string());
    format!("{size} of {user}")
}

/// The numbers up to 5, one to a page; those after `known` cannot be read.
async fn numbers(known: web::Path<u32>) -> HttpResponse {
    let page = |number: u32| Page { items: vec![number], next: Some(number).filter(|it| *it < 5) };
    let next = move |last: u32| {
        let readable = last < *known;
        async move {
            // As a store would, which is asked on another thread: what was told so far is sent.
            tokio::task::yield_now().await;
            if readable { Ok(page(last + 1)) } else { Err(Problem::Unavailable("away".into())) }
        }
    };
    list("[", "]", page(1), serde_json::to_vec::<u32>, next)
}

async fn things() -> &'static str {
    "things"
}

async fn thing(id: web::Path<u32>) -> String {
    format!("thing {id}")
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
