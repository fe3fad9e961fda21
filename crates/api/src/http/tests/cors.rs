//! What pages of other origins may do.

use actix_web::http::Method;
use actix_web::http::header::{ACCESS_CONTROL_REQUEST_METHOD, ORIGIN};
use actix_web::test::TestRequest;

use crate::ApiSettings;
use crate::testing::{Reply, World};

const APP: &str = "https://app.example.org";

async fn ask(method: Method, origin: &str, preflight: bool) -> Reply {
    let allowed_origins = vec![APP.to_owned()];
    let world = World::new(ApiSettings { allowed_origins, ..ApiSettings::default() });
    let request =
        TestRequest::default().method(method).uri("/body").insert_header((ORIGIN, origin));
    let request = if preflight {
        request.insert_header((ACCESS_CONTROL_REQUEST_METHOD, "PATCH"))
    } else {
        request
    };
    world.probe(request).await
}

#[actix_web::test]
async fn an_allowed_origin_may_read_every_reply_refusals_too() {
    let reply = ask(Method::POST, APP, false).await;
    assert_eq!(reply.status, 418);
    assert_eq!(reply.field("access-control-allow-origin"), APP);
    assert_eq!(reply.field("access-control-allow-credentials"), "true");
    assert!(reply.field("access-control-expose-headers").contains("x-request-id"));
    assert_eq!(reply.field("vary"), "Origin");
}

#[actix_web::test]
async fn a_preflight_of_an_allowed_origin_is_answered() {
    let reply = ask(Method::OPTIONS, APP, true).await;
    assert_eq!(reply.status, 204);
    assert_eq!(reply.field("access-control-allow-origin"), APP);
    assert!(reply.field("access-control-allow-methods").contains("PATCH"));
    assert!(reply.field("access-control-allow-headers").contains("authorization"));
}

#[actix_web::test]
async fn any_other_origin_is_told_nothing() {
    for origin in [
        "https://evil.example",
        "https://app.example.org.evil.example",
        "https://app.example.org:8443",
        "http://app.example.org",
        "null",
        "*",
    ] {
        for (method, preflight) in [(Method::POST, false), (Method::OPTIONS, true)] {
            let reply = ask(method, origin, preflight).await;
            assert_eq!(reply.field("access-control-allow-origin"), "", "{origin}");
            assert_eq!(reply.field("access-control-allow-credentials"), "", "{origin}");
            assert_eq!(reply.field("vary"), "Origin");
        }
    }
}

#[actix_web::test]
async fn without_allowed_origins_there_is_no_cors() {
    let world = World::new(ApiSettings::default());
    let request = TestRequest::get().uri("/livez").insert_header((ORIGIN, APP));
    let reply = world.call(request).await;
    assert_eq!(reply.status, 200);
    assert_eq!(
        (reply.field("access-control-allow-origin"), reply.field("vary")),
        Default::default()
    );
}
