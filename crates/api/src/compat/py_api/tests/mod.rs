//! Door 1 as its callers see it, in both modes.

mod paths;
mod registration;
mod sign_in;
mod tokens;

use actix_web::http::header::AUTHORIZATION;
use actix_web::test::TestRequest;
use serde_json::{Value, json};

use crate::testing::{PASSWORD, Reply, World};
use crate::{ApiSettings, CompatSettings, Mode};

fn world(mode: Mode) -> World {
    let compat = CompatSettings { mode, ..CompatSettings::default() };
    World::new(ApiSettings { compat, ..ApiSettings::default() })
}

fn documented() -> World {
    world(Mode::Documented)
}

fn post(path: &str, body: &Value) -> TestRequest {
    TestRequest::post().uri(path).set_payload(body.to_string())
}

fn get(path: &str, token: &str) -> TestRequest {
    TestRequest::get().uri(path).insert_header((AUTHORIZATION, format!("Bearer {token}")))
}

fn grace() -> Value {
    json!({
        "firstname": "Grace", "lastname": "Hopper", "email": "Grace@example.org", "password": "1"
    })
}

fn login(email: &str, password: &str) -> TestRequest {
    post("/sessions/login", &json!({"email": email, "password": password}))
}

/// Status and body in one.
fn said(reply: &Reply) -> (u16, Value) {
    (reply.status, reply.json())
}

async fn token(world: &World) -> String {
    let reply = world.call(login("ada@example.org", PASSWORD)).await;
    reply.json()["token"].as_str().unwrap().to_owned()
}

fn refused(status: &str, message: &str) -> Value {
    json!({"status": status, "message": message})
}

fn refused_twice(status: &str, message: &str) -> Value {
    json!({"status": status, "message": message, "error": message})
}
