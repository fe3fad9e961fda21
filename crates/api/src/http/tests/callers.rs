//! Who is taken for whom, by which credentials.

use actix_web::http::header::{AUTHORIZATION, COOKIE, ORIGIN, USER_AGENT};
use actix_web::test::TestRequest;
use domain::sessions::Transport;
use secrecy::ExposeSecret;

use crate::ApiSettings;
use crate::testing::World;

async fn world() -> World {
    let world = World::new(ApiSettings {
        allowed_origins: vec!["https://app.example.org".to_owned()],
        ..ApiSettings::default()
    });
    world.ada().await;
    world
}

async fn token(world: &World) -> String {
    world.sign_in(Transport::Bearer).await.access_token.expose_secret().to_owned()
}

async fn cookie(world: &World) -> String {
    let opened = world.sign_in(Transport::Cookie).await;
    format!("doorward={}", opened.secret.expose_secret())
}

fn get() -> TestRequest {
    TestRequest::get().uri("/caller")
}

fn post() -> TestRequest {
    TestRequest::post().uri("/caller")
}

#[actix_web::test]
async fn a_bearer_token_says_who_calls_whatever_the_case_of_the_scheme() {
    let world = world().await;
    let token = token(&world).await;
    for scheme in ["Bearer", "bearer", "BEARER"] {
        let reply =
            world.probe(get().insert_header((AUTHORIZATION, format!("{scheme} {token}")))).await;
        assert_eq!(reply.body, "ada@example.org");
    }
}

#[actix_web::test]
async fn whatever_stands_in_the_place_of_a_token_is_refused_and_not_overlooked() {
    let world = world().await;
    for (value, told) in [
        ("Bearer", "EmptyCredentials"),
        ("Bearer a b", "MalformedCredentials"),
        ("Bearer a,b", "MalformedCredentials"),
        ("Basic YTpi", "OtherScheme"),
        ("", "OtherScheme"),
        ("Bearer nonsense", "Malformed"),
    ] {
        for path in ["/caller", "/maybe"] {
            let request = TestRequest::get().uri(path).insert_header((AUTHORIZATION, value));
            assert_eq!(world.probe(request).await.body, told, "{value:?}");
        }
    }
}

#[actix_web::test]
async fn two_authorizations_count_as_none() {
    let world = world().await;
    let token = format!("Bearer {}", token(&world).await);
    let request = get().append_header((AUTHORIZATION, token.as_str()));
    let reply = world.probe(request.append_header((AUTHORIZATION, token.as_str()))).await;
    assert_eq!(reply.body, "MalformedCredentials");
}

#[actix_web::test]
async fn a_session_cookie_says_who_calls_and_a_second_one_makes_both_void() {
    let world = world().await;
    let cookie = cookie(&world).await;
    let reply = world.probe(get().insert_header((COOKIE, format!("theme=dark; {cookie}")))).await;
    assert_eq!(reply.body, "ada@example.org");
    for both in [format!("{cookie}; {cookie}"), format!("doorward=x; {cookie}")] {
        let reply = world.probe(get().insert_header((COOKIE, both))).await;
        assert_eq!(reply.body, "MalformedCredentials");
    }
    let request = get().append_header((COOKIE, cookie.as_str()));
    let reply = world.probe(request.append_header((COOKIE, cookie.as_str()))).await;
    assert_eq!(reply.body, "MalformedCredentials");
}

#[actix_web::test]
async fn a_token_is_no_cookie_and_a_cookie_no_token() {
    let world = world().await;
    let (token, cookie) = (token(&world).await, cookie(&world).await);
    let as_cookie = get().insert_header((COOKIE, format!("doorward={token}")));
    assert_eq!(world.probe(as_cookie).await.status, 401);
    let value = cookie.trim_start_matches("doorward=");
    let as_token = get().insert_header((AUTHORIZATION, format!("Bearer {value}")));
    assert_eq!(world.probe(as_token).await.status, 401);
}

#[actix_web::test]
async fn authorization_goes_before_the_cookie() {
    let world = world().await;
    let request = get().insert_header((COOKIE, cookie(&world).await));
    let reply = world.probe(request.insert_header((AUTHORIZATION, "Bearer nonsense"))).await;
    assert_eq!(reply.body, "Malformed");
}

#[actix_web::test]
async fn nobody_is_asked_to_sign_in_and_may_stay_nobody_where_that_is_enough() {
    let world = world().await;
    let reply = world.probe(get()).await;
    assert_eq!((reply.status, reply.body.as_str()), (401, "MissingCredentials"));
    assert_eq!(reply.field("www-authenticate"), "Bearer");
    let peer = "192.0.2.7:4711".parse().unwrap();
    let request = TestRequest::get().uri("/maybe").peer_addr(peer);
    let reply = world.probe(request.insert_header((USER_AGENT, "curl/8"))).await;
    assert_eq!(reply.body, "nobody from 192.0.2.7 with curl/8");
}

#[actix_web::test]
async fn a_page_of_another_site_changes_nothing_by_cookie() {
    let world = world().await;
    let cookie = cookie(&world).await;
    let from = |request: TestRequest, site: &'static str, origin: &'static str| {
        let request = request.insert_header((COOKIE, cookie.clone()));
        request.insert_header(("sec-fetch-site", site)).insert_header((ORIGIN, origin))
    };
    let evil = "https://evil.example";
    assert_eq!(world.probe(from(post(), "cross-site", evil)).await.body, "CrossSite");
    assert_eq!(world.probe(from(get(), "cross-site", evil)).await.body, "ada@example.org");
    let allowed = from(post(), "cross-site", "https://app.example.org");
    assert_eq!(world.probe(allowed).await.body, "ada@example.org");
    let own = from(post(), "same-origin", "http://127.0.0.1:8080");
    assert_eq!(world.probe(own).await.body, "ada@example.org");
}

#[actix_web::test]
async fn a_bearer_token_needs_no_such_check() {
    let world = world().await;
    let bearer = format!("Bearer {}", token(&world).await);
    let request = post().insert_header((AUTHORIZATION, bearer));
    let reply = world.probe(request.insert_header(("sec-fetch-site", "cross-site"))).await;
    assert_eq!(reply.body, "ada@example.org");
}

#[actix_web::test]
async fn an_outage_is_never_taken_for_a_bad_token() {
    let world = world().await;
    let bearer = format!("Bearer {}", token(&world).await);
    world.stores.set_available(false);
    let reply = world.probe(get().insert_header((AUTHORIZATION, bearer))).await;
    assert!(reply.body.starts_with("Unavailable"), "{}", reply.body);
    assert_eq!(reply.field("retry-after"), "5");
    assert_eq!(reply.field("set-cookie"), "");
}
