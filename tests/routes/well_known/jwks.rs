//! `GET /.well-known/jwks.json`.

use acceptance::Server;

#[test]
fn the_public_key_that_tokens_name_is_published() {
    let server = Server::start();
    let keys = server.client().get("/.well-known/jwks.json").expect(200);
    assert_eq!(keys.header("cache-control"), Some("public, max-age=300"));
    assert_eq!(
        (keys.text_at("/keys/0/kty"), keys.text_at("/keys/0/alg")),
        ("OKP".into(), "EdDSA".into())
    );
    assert!(keys.at("/keys/0/d").is_null(), "no private part");
    assert!(server.actor("ada").is_in());
}

#[test]
fn the_algorithm_is_a_setting_and_a_symmetric_key_is_not_published() {
    let server = Server::builder().with("tokens.algorithm", "ES256").start();
    assert_eq!(server.client().get("/.well-known/jwks.json").text_at("/keys/0/crv"), "P-256");
    assert!(server.actor("ada").is_in());
    let server = Server::builder().with("tokens.algorithm", "HS256").start();
    assert_eq!(server.client().get("/.well-known/jwks.json").at("/keys"), serde_json::json!([]));
    assert!(server.actor("ada").is_in());
}
