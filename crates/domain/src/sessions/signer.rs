//! The port that signs access tokens and checks signatures.

use uuid::Uuid;

use crate::sessions::SessionId;
use crate::store::Source;
use crate::time::Timestamp;
use crate::users::UserId;

/// Signs tokens (RFC 7519) and checks them as RFC 8725 asks: algorithm and keys fixed here, issuer,
/// audience, type and times all required, no leeway.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
pub trait TokenSigner: Send + Sync {
    /// The token in its compact form.
    fn sign(&self, claims: &Claims) -> Result<String, SignError>;

    /// The claims of a token of this kind that is valid at `now`.
    fn verify(&self, token: &str, kind: TokenKind, now: Timestamp) -> Result<Claims, TokenFault>;

    /// The public keys, current and retiring; none for a symmetric algorithm.
    fn public_keys(&self) -> Vec<PublicKey>;
}

/// What a token says; issuer and audience are the signer's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// What it may be used for.
    pub kind: TokenKind,
    /// `sub`.
    pub user_id: UserId,
    /// `sid`.
    pub session_id: SessionId,
    /// `jti`.
    pub token_id: Uuid,
    /// `iat` and `nbf`; whole seconds count.
    pub issued_at: Timestamp,
    /// `exp`; whole seconds count.
    pub expires_at: Timestamp,
}

/// What a signed token may be used for; told apart by its `typ` (RFC 8725 §3.11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// Opens resources: `at+jwt` (RFC 9068).
    Access,
    /// Gets another access token at door 2, whose client keeps it: `rt+jwt`.
    Refresh,
}

/// Why a token opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenFault {
    /// Not a token at all: wrong number of segments, not base64, not JSON.
    Malformed,
    /// Signed by nobody we know, or by another algorithm, or changed.
    BadSignature,
    /// Signed by us for another purpose, issuer or audience.
    WrongKind,
    /// Its time is over, or has not come.
    Expired,
    /// It was valid, but its session is closed.
    Revoked,
    /// A refresh token whose successor is in use already; its session has been closed for that.
    Reused,
}

/// The signing key could not sign.
#[derive(Debug, thiserror::Error)]
#[error("the token could not be signed")]
pub struct SignError(#[source] pub Source);

/// A public key as a JSON Web Key (RFC 7517, RFC 8037).
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct PublicKey {
    /// Key type: `OKP` or `EC`.
    pub kty: &'static str,
    /// Curve: `Ed25519` or `P-256`.
    pub crv: &'static str,
    /// Algorithm: `EdDSA` or `ES256`.
    pub alg: &'static str,
    /// Always `sig`.
    #[serde(rename = "use")]
    pub usage: &'static str,
    /// Which key.
    pub kid: String,
    /// First coordinate, base64url.
    pub x: String,
    /// Second coordinate, base64url; only of `EC`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub y: Option<String>,
}
