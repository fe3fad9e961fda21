//! Tokens that hold, and everything a stranger may send instead.

mod claims;
mod forgery;
mod keys;
mod rotation;

use tempfile::TempDir;
use testkit::time::noon;
use uuid::Uuid;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::sessions::SessionId;
use domain::users::UserId;
use serde_json::{Value, json};

use super::*;

const MONTH: Duration = Duration::from_secs(30 * 24 * 60 * 60);
const QUARTER: Duration = Duration::from_secs(15 * 60);

fn options(algorithm: Algorithm) -> JwtOptions {
    let (issuer, audience) = ("https://door.example".to_owned(), "doorward".to_owned());
    JwtOptions { algorithm, issuer, audience, longest_lifetime: MONTH }
}

fn folder() -> (TempDir, SecretsFolder) {
    let parent = tempfile::tempdir().unwrap();
    let folder = SecretsFolder::open(parent.path().join("secrets")).unwrap();
    (parent, folder)
}

/// A signer whose keys live as long as it does; its folder may go.
fn signer(algorithm: Algorithm) -> JwtSigner {
    let (_parent, folder) = folder();
    JwtSigner::open(&folder, options(algorithm), noon()).unwrap()
}

/// What is signed at noon and holds for a quarter of an hour.
fn claims(kind: TokenKind) -> Claims {
    Claims {
        kind,
        user_id: UserId(Uuid::from_u128(1)),
        session_id: SessionId(Uuid::from_u128(2)),
        token_id: Uuid::from_u128(3),
        issued_at: noon(),
        expires_at: noon().plus(QUARTER),
    }
}

fn token(signer: &JwtSigner) -> String {
    signer.sign(&claims(TokenKind::Access)).unwrap()
}

/// What the signer says of a token at noon, taken for an access token.
fn verdict(signer: &JwtSigner, token: &str) -> Result<Claims, TokenFault> {
    signer.verify(token, TokenKind::Access, noon())
}

fn encode(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn decode(segment: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(segment).unwrap()).unwrap()
}

/// The header that this signer writes.
fn header(signer: &JwtSigner) -> Value {
    decode(token(signer).split('.').next().unwrap())
}

/// The claims that this signer writes.
fn payload(signer: &JwtSigner) -> Value {
    decode(token(signer).split('.').nth(1).unwrap())
}

/// The signer's own signature under any header and payload, which only its key's holder can make.
fn signed(signer: &JwtSigner, header: &Value, payload: &str) -> String {
    signed_bytes(signer, header.to_string().as_bytes(), payload.as_bytes())
}

/// The same under bytes that need not be text.
fn signed_bytes(signer: &JwtSigner, header: &[u8], payload: &[u8]) -> String {
    let keys = signer.keys();
    let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
    let algorithm = keys.current.algorithm.library();
    let signature =
        jsonwebtoken::crypto::sign(message.as_bytes(), &keys.current.encoding, algorithm).unwrap();
    format!("{message}.{signature}")
}

/// The same with one member of an object set, or removed by `None`.
fn with(object: &Value, member: &str, value: Option<Value>) -> Value {
    let mut object = object.clone();
    let members = object.as_object_mut().unwrap();
    match value {
        Some(value) => members.insert(member.to_owned(), value),
        None => members.remove(member),
    };
    object
}

#[test]
fn a_token_reads_back_with_every_algorithm_and_kind() {
    for algorithm in Algorithm::ALL {
        let signer = signer(algorithm);
        for kind in [TokenKind::Access, TokenKind::Refresh] {
            let token = signer.sign(&claims(kind)).unwrap();
            assert_eq!(signer.verify(&token, kind, noon()), Ok(claims(kind)));
            assert!(token.len() < 700, "{} bytes", token.len());
        }
    }
}

#[test]
fn a_token_says_what_it_must_and_nothing_about_the_person() {
    for algorithm in Algorithm::ALL {
        let signer = signer(algorithm);
        let kid = signer.keys().current.kid.clone();
        assert_eq!(header(&signer), json!({"alg": algorithm.name(), "kid": kid, "typ": "at+jwt"}));
        let expected = json!({
            "iss": "https://door.example", "aud": "doorward",
            "sub": Uuid::from_u128(1), "sid": Uuid::from_u128(2), "jti": Uuid::from_u128(3),
            "iat": noon().seconds(), "nbf": noon().seconds(), "exp": noon().seconds() + 900,
        });
        assert_eq!(payload(&signer), expected);
    }
}

#[test]
fn a_kind_is_not_taken_for_the_other() {
    let signer = signer(Algorithm::EdDsa);
    let refresh = signer.sign(&claims(TokenKind::Refresh)).unwrap();
    assert_eq!(verdict(&signer, &refresh), Err(TokenFault::WrongKind));
    let access = signer.sign(&claims(TokenKind::Access)).unwrap();
    let taken = signer.verify(&access, TokenKind::Refresh, noon());
    assert_eq!(taken, Err(TokenFault::WrongKind));
}

#[test]
fn a_time_before_1970_is_not_signed() {
    let ancient = Timestamp::from_micros(-1_000_001).unwrap();
    let claims = Claims { issued_at: ancient, ..claims(TokenKind::Access) };
    assert!(signer(Algorithm::EdDsa).sign(&claims).is_err());
}

#[test]
fn algorithms_have_exact_names() {
    for algorithm in Algorithm::ALL {
        assert_eq!(Algorithm::from_name(algorithm.name()), Some(algorithm));
    }
    for unknown in ["none", "eddsa", "RS256", "HS384", ""] {
        assert_eq!(Algorithm::from_name(unknown), None);
    }
}
