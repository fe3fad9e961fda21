//! The operations about the server itself; their handlers stand in [`ops`](crate::ops).
#![expect(dead_code, reason = "the functions carry descriptions and are never called")]

use utoipa::ToSchema;

/// Whether a part of the server is well.
#[derive(ToSchema)]
pub(super) struct Health {
    /// Always `ok`: anything else is a problem.
    #[schema(examples("ok"))]
    status: String,
}

/// A JSON Web Key Set (RFC 7517).
#[derive(ToSchema)]
pub(super) struct KeySet {
    /// The public keys, current and retiring; none for a symmetric algorithm.
    keys: Vec<Key>,
}

/// A public key (RFC 7517, RFC 8037).
#[derive(ToSchema)]
pub(super) struct Key {
    /// `OKP` or `EC`.
    #[schema(examples("OKP"))]
    kty: String,
    /// `Ed25519` or `P-256`.
    #[schema(examples("Ed25519"))]
    crv: String,
    /// `EdDSA` or `ES256`.
    #[schema(examples("EdDSA"))]
    alg: String,
    /// Always `sig`.
    #[schema(examples("sig"))]
    r#use: String,
    /// Which key.
    kid: String,
    /// First coordinate, base64url.
    x: String,
    /// Second coordinate, base64url; only of `EC`.
    #[schema(value_type = String, required = false)]
    y: Option<String>,
}

/// Whether the process runs
///
/// Restart the server where this does not answer 200.
#[utoipa::path(
    get, path = "/livez", tag = "server", security(()),
    responses((status = 200, description = "It runs.", body = Health))
)]
pub(super) fn live() {}

/// Whether the server can do its work
///
/// Send it requests only while this answers 200.
#[utoipa::path(
    get, path = "/readyz", tag = "server", security(()),
    responses((status = 200, description = "The stores answer.", body = Health))
)]
pub(super) fn ready() {}

/// What the process counts
///
/// In the text format of Prometheus (0.0.4): passwords that wait and are hashed, sessions that are read,
/// requests that are answered. Nothing of anybody. Where `metrics.bind` is set it is served there, and not
/// here.
#[utoipa::path(
    get, path = "/metrics", tag = "server", security(()),
    responses((status = 200, description = "The figures.", body = String, content_type = "text/plain"))
)]
pub(super) fn metrics() {}

/// The public keys of access tokens
#[utoipa::path(
    get, path = "/.well-known/jwks.json", tag = "server", security(()),
    responses((
        status = 200, description = "The keys, current and retiring.",
        body = KeySet, content_type = "application/jwk-set+json"
    ))
)]
pub(super) fn public_keys() {}

/// This document
#[utoipa::path(
    get, path = "/v1/openapi.json", tag = "server", security(()),
    responses((status = 200, description = "An OpenAPI 3.1 document.", body = Object))
)]
pub(super) fn openapi_document() {}
