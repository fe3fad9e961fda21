//! What the log says of requests, and what it must not.

use std::io::{self, Write};
use std::panic::{catch_unwind, take_hook};
use std::sync::{Arc, Mutex, Once};

use actix_web::body::to_bytes;
use actix_web::http::header::AUTHORIZATION;
use actix_web::http::{Method, StatusCode};
use actix_web::test::{TestRequest, call_service, init_service};
use domain::sessions::Transport;
use domain::time::Clock;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tracing::subscriber::DefaultGuard;

use crate::testing::{PASSWORD, World, probe_app};
use crate::{AccessLine, ApiSettings, log_panics};

/// Keeps every span and event of interest to somebody. Without it one that another thread comes by
/// first, while no test listens, is taken to be of interest to nobody, ever.
fn keep_spans() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        tracing::subscriber::set_global_default(tracing_subscriber::registry()).unwrap();
    });
}

/// Every line that this thread logs, from now on.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    fn begin() -> (Self, DefaultGuard) {
        keep_spans();
        let lines = Self::default();
        let writer = lines.clone();
        let subscriber = tracing_subscriber::fmt()
            .json()
            .flatten_event(true)
            .with_span_list(false)
            .with_writer(move || writer.clone())
            .finish();
        (lines, tracing::subscriber::set_default(subscriber))
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    fn read(&self) -> Vec<Value> {
        self.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[actix_web::test]
async fn one_request_is_one_line() {
    let world = World::new(ApiSettings::default());
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let request = TestRequest::get()
        .uri("/sessions/m%0Ae?token=canary")
        .insert_header(("x-request-id", "r-1"))
        .insert_header(("traceparent", format!("00-{trace}-00f067aa0ba902b7-01")))
        .peer_addr("192.0.2.7:4711".parse().unwrap());
    world.call(request).await;
    let logged = world.requests.0.lock().unwrap().clone();
    let expected = AccessLine {
        at: world.clock.now(),
        method: Method::GET,
        path: "/sessions/…".into(),
        status: StatusCode::NOT_FOUND,
        took: logged[0].took,
        address: Some([192, 0, 2, 7].into()),
        request_id: "r-1".into(),
        trace_id: Some(trace.into()),
    };
    assert_eq!(logged, [expected]);
}

#[actix_web::test]
async fn no_secret_of_a_request_is_logged_whatever_becomes_of_it() {
    let world = World::new(ApiSettings::default());
    world.ada().await;
    let opened = world.sign_in(Transport::Bearer).await;
    let token = opened.access_token.expose_secret();
    let (lines, _guard) = Lines::begin();
    for available in [true, false] {
        world.stores.set_available(available);
        let body = json!({"email": "ada@example.org", "password": PASSWORD});
        world.call(TestRequest::post().uri("/sessions/login?canary-query").set_json(&body)).await;
        let broken = format!("{{\"password\":\"{PASSWORD}\"");
        world.call(TestRequest::post().uri("/sessions/login").set_payload(broken)).await;
        let me = TestRequest::get().uri("/sessions/me");
        world.call(me.insert_header((AUTHORIZATION, format!("Bearer {token}")))).await;
        world.probe(TestRequest::delete().uri("/foreign")).await;
    }
    let requests = world.requests.0.lock().unwrap().clone();
    assert_eq!(requests.len(), 8);
    let text = format!("{}{requests:?}", lines.text());
    for secret in [PASSWORD, token, "canary-query"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}

#[actix_web::test]
async fn an_outage_is_one_line_with_its_cause_and_request() {
    let world = World::new(ApiSettings::default());
    world.stores.set_available(false);
    let (lines, _guard) = Lines::begin();
    let request = TestRequest::get().uri("/readyz").insert_header(("x-request-id", "r-2"));
    assert_eq!(world.call(request).await.status, 503);
    let errors: Vec<Value> =
        lines.read().into_iter().filter(|line| line["level"] == "ERROR").collect();
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert_eq!(errors[0]["message"], "unavailable");
    assert_eq!(errors[0]["span"]["request_id"], "r-2");
    assert!(!errors[0]["cause"].as_str().unwrap().is_empty());
}

#[actix_web::test]
async fn a_list_that_is_cut_is_one_line_with_its_cause_and_request() {
    let world = World::new(ApiSettings::default());
    let (lines, _guard) = Lines::begin();
    let app = init_service(probe_app(world.state.clone())).await;
    let request = TestRequest::get().uri("/list/1").insert_header(("x-request-id", "r-3"));
    let reply = call_service(&app, request.to_request()).await;
    assert!(to_bytes(reply.into_body()).await.is_err());
    let errors: Vec<Value> =
        lines.read().into_iter().filter(|line| line["level"] == "ERROR").collect();
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert_eq!(errors[0]["message"], "a list was cut");
    assert_eq!(errors[0]["span"]["request_id"], "r-3");
    assert_eq!(errors[0]["cause"], "a part that must answer did not: away");
}

#[test]
fn a_panic_is_one_line_with_its_place() {
    let (lines, _guard) = Lines::begin();
    log_panics();
    let outcome = catch_unwind(|| panic!("torn\nin two"));
    drop(take_hook());
    assert!(outcome.is_err());
    let logged = lines.read();
    assert_eq!(logged.len(), 1, "{logged:?}");
    assert_eq!(logged[0]["message"], "panic");
    assert_eq!(logged[0]["panic"], "torn\\nin two");
    assert!(logged[0]["place"].as_str().unwrap().contains("logs.rs"));
}
