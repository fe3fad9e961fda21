//! The header fields of every reply.

use actix_web::test::TestRequest;

use crate::ApiSettings;
use crate::testing::World;

fn over_tls() -> World {
    let public_url = "https://auth.example.org".to_owned();
    World::new(ApiSettings { public_url, ..ApiSettings::default() })
}

#[actix_web::test]
async fn every_reply_is_guarded_whatever_it_is() {
    let world = over_tls();
    for request in [
        TestRequest::get().uri("/livez"),
        TestRequest::get().uri("/nowhere"),
        TestRequest::post().uri("/livez"),
        TestRequest::post().uri("/sessions/login").set_payload("{"),
        TestRequest::get().uri("/sessions/me"),
        TestRequest::get().uri("/problems/not_found"),
    ] {
        let reply = world.call(request).await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            (
                "content-security-policy",
                "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            ),
            ("strict-transport-security", "max-age=63072000; includeSubDomains"),
            ("server", ""),
        ] {
            assert_eq!(reply.field(name), value, "{name} of {reply:?}");
        }
        assert!(!reply.field("x-request-id").is_empty());
        assert!(!reply.field("cache-control").is_empty());
    }
}

#[actix_web::test]
async fn over_plain_http_nobody_is_told_to_come_back_over_tls() {
    let reply = World::new(ApiSettings::default()).call(TestRequest::get().uri("/livez")).await;
    assert_eq!(reply.field("strict-transport-security"), "");
}

#[actix_web::test]
async fn behind_a_proxy_that_is_trusted_its_word_counts_for_tls() {
    let settings = ApiSettings {
        trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()],
        ..ApiSettings::default()
    };
    let world = World::new(settings);
    let told = async |peer: &str, proto: &'static str| {
        let request = TestRequest::get().uri("/livez").peer_addr(peer.parse().unwrap());
        let reply = world.call(request.insert_header(("x-forwarded-proto", proto))).await;
        !reply.field("strict-transport-security").is_empty()
    };
    assert!(told("10.0.0.1:4711", "https").await);
    assert!(!told("10.0.0.1:4711", "http").await);
    assert!(!told("10.0.0.1:4711", "https, http").await, "the nearest hop counts");
    assert!(!told("192.0.2.1:4711", "https").await);
}

#[actix_web::test]
async fn nothing_is_stored_unless_a_handler_says_so() {
    let world = over_tls();
    let me = world.call(TestRequest::get().uri("/sessions/me")).await;
    assert_eq!(me.field("cache-control"), "no-store");
    let keys = world.call(TestRequest::get().uri("/.well-known/jwks.json")).await;
    assert_eq!(keys.field("cache-control"), "public, max-age=300");
}

#[actix_web::test]
async fn a_request_keeps_its_valid_id_and_is_given_one_otherwise() {
    let world = over_tls();
    let with =
        |id: &'static str| TestRequest::get().uri("/livez").insert_header(("x-request-id", id));
    assert_eq!(world.call(with("trace-7.a_B")).await.field("x-request-id"), "trace-7.a_B");
    let made = world.call(with("not valid")).await.field("x-request-id");
    let id: uuid::Uuid = made.parse().unwrap();
    assert_eq!(id.get_version_num(), 7);
}
