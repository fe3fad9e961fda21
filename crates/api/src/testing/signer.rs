//! A signer that signs nothing.

use domain::sessions::{
    Claims, PublicKey, SessionId, SignError, TokenFault, TokenKind, TokenSigner,
};
use domain::time::Timestamp;
use domain::users::UserId;
use uuid::Uuid;

/// NOT A SIGNATURE: a token is its claims in plain text, and whoever writes one is believed.
pub(super) struct PlainSigner;

impl TokenSigner for PlainSigner {
    fn sign(&self, claims: &Claims) -> Result<String, SignError> {
        let Claims { kind, user_id, session_id, token_id, issued_at, expires_at } = claims;
        let (issued, expires) = (issued_at.micros(), expires_at.micros());
        Ok(format!("{kind:?}.{user_id}.{session_id}.{token_id}.{issued}.{expires}"))
    }

    fn verify(&self, token: &str, kind: TokenKind, now: Timestamp) -> Result<Claims, TokenFault> {
        let claims = read(token, kind).ok_or(TokenFault::Malformed)?;
        if now < claims.expires_at { Ok(claims) } else { Err(TokenFault::Expired) }
    }

    fn public_keys(&self) -> Vec<PublicKey> {
        let (kid, x) = ("k1".to_owned(), "AAAA".to_owned());
        vec![PublicKey { kty: "OKP", crv: "Ed25519", alg: "EdDSA", usage: "sig", kid, x, y: None }]
    }
}

fn read(token: &str, kind: TokenKind) -> Option<Claims> {
    let mut parts = token.strip_prefix(&format!("{kind:?}."))?.split('.');
    let mut uuid = || parts.next()?.parse::<Uuid>().ok();
    let (user_id, session_id, token_id) = (UserId(uuid()?), SessionId(uuid()?), uuid()?);
    let mut time = || Timestamp::from_micros(parts.next()?.parse().ok()?);
    let (issued_at, expires_at) = (time()?, time()?);
    Some(Claims { kind, user_id, session_id, token_id, issued_at, expires_at })
}
