//! Which path and method reach what.

use actix_web::http::Method;
use actix_web::test::TestRequest;

use crate::ApiSettings;
use crate::testing::{Reply, World};

async fn probe(method: &str, path: &str) -> Reply {
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    let request = TestRequest::default().method(method).uri(path);
    World::new(ApiSettings::default()).probe(request).await
}

#[actix_web::test]
async fn head_is_get_without_a_say() {
    let reply = probe("HEAD", "/number/7").await;
    assert_eq!(reply.status, 200);
}

#[actix_web::test]
async fn options_lists_what_a_path_knows() {
    let reply = probe("OPTIONS", "/number/7").await;
    assert_eq!((reply.status, reply.field("allow")), (204, "GET, HEAD, PUT".to_owned()));
    assert_eq!(reply.body, "");
}

#[actix_web::test]
async fn every_other_method_is_refused_by_the_surface_with_what_the_path_knows() {
    for method in ["POST", "DELETE", "PATCH", "TRACE", "CONNECT", "PROPFIND", "get", "X"] {
        let reply = probe(method, "/number/7").await;
        assert!(reply.body.starts_with("MethodNotAllowed"), "{method}: {}", reply.body);
        assert_eq!(reply.field("allow"), "GET, HEAD, PUT", "{method}");
    }
}

#[actix_web::test]
async fn an_unknown_path_is_refused_by_the_surface_at_any_method() {
    for method in ["GET", "POST", "OPTIONS", "TRACE", "X"] {
        assert_eq!(probe(method, "/nowhere").await.body, "NotFound", "{method}");
    }
}

#[actix_web::test]
async fn one_resource_may_answer_at_several_paths_with_or_without_a_slash() {
    for base in ["/api/things", "/things"] {
        for (path, body) in [("", "things"), ("/", "things"), ("/7", "thing 7"), ("/7/", "thing 7")]
        {
            let path = format!("{base}{path}");
            assert_eq!(probe("GET", &path).await.body, body, "{path}");
            assert_eq!(probe("PUT", &path).await.field("allow"), "GET, HEAD", "{path}");
        }
        for path in ["//", "/7//", "/7/7", "/x"] {
            let path = format!("{base}{path}");
            assert_eq!(probe("GET", &path).await.body, "NotFound", "{path}");
        }
    }
}

#[actix_web::test]
async fn a_query_changes_no_route() {
    assert_eq!(probe("GET", "/number/7?/../panic").await.body, "7");
    assert_eq!(probe("GET", "/nowhere?/number/7").await.body, "NotFound");
}

#[actix_web::test]
async fn tricks_with_the_path_reach_nothing_else() {
    for path in [
        "//number/7",
        "/number//7",
        "/number/7/",
        "/number/7/..",
        "/x/../number/7",
        "/number%2f7",
        "/number/..%2f..%2fpanic",
        "/NUMBER/7",
        "/number/7;a=b",
        "/number/7%00",
        "/number\\7",
    ] {
        assert_eq!(probe("GET", path).await.body, "NotFound", "{path}");
    }
}
