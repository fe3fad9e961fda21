//! Opaque session secrets: refresh tokens and cookies.
//!
//! A secret names its session and generation and carries 256 bits. The successor of a refresh token
//! is an HMAC of it under the server's chain key. So a retry whose first reply was lost is given the
//! *same* successor though only hashes are kept, and an old token of the family is told from a
//! forged one by following the chain up to the present hash.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretBox};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use uuid::Uuid;
use zeroize::Zeroize;

use crate::sessions::{SessionId, Transport};

const ID: usize = 16;
const GENERATION: usize = 4;
const SECRET: usize = 32;

/// The SHA-256 of a session secret: what stores keep of it. A fast hash will do for 256 random bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash(pub [u8; 32]);

impl TokenHash {
    /// Compares in constant time.
    pub fn matches(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

/// The server's key that makes successors of refresh tokens; at least 32 random bytes.
pub struct ChainKey(SecretBox<Vec<u8>>);

impl ChainKey {
    /// Takes the key; `None` when it is too short to be one.
    pub fn new(bytes: Vec<u8>) -> Option<Self> {
        (bytes.len() >= 32).then(|| Self(SecretBox::new(Box::new(bytes))))
    }

    /// The bytes, for keyed digests only.
    pub(crate) fn expose(&self) -> &[u8] {
        self.0.expose_secret()
    }
}

/// A session secret in the clear: held only while a request lasts.
#[derive(Clone)]
pub struct SessionToken {
    session_id: SessionId,
    transport: Transport,
    generation: u32,
    secret: [u8; SECRET],
}

impl SessionToken {
    /// The first secret of a session.
    pub fn first(session_id: SessionId, transport: Transport, secret: [u8; 32]) -> Self {
        Self { session_id, transport, generation: 0, secret }
    }

    /// Reads what [`encode`](Self::encode) wrote for this transport; `None` for anything else.
    pub fn decode(text: &str, transport: Transport) -> Option<Self> {
        let body = text.strip_prefix(prefix(transport))?;
        let mut bytes = [0; ID + GENERATION + SECRET];
        let length = URL_SAFE_NO_PAD.decode_slice(body, &mut bytes).ok()?;
        if length != bytes.len() {
            return None;
        }
        let (id, rest) = bytes.split_at(ID);
        let (generation, secret) = rest.split_at(GENERATION);
        let token = Self {
            session_id: SessionId(Uuid::from_slice(id).ok()?),
            transport,
            generation: u32::from_be_bytes(generation.try_into().ok()?),
            secret: secret.try_into().ok()?,
        };
        bytes.zeroize();
        Some(token)
    }

    /// The secret for its holder: a prefix that scanners of leaked secrets can know it by, then
    /// base64url.
    pub fn encode(&self) -> String {
        let mut bytes = Vec::with_capacity(ID + GENERATION + SECRET);
        bytes.extend_from_slice(self.session_id.0.as_bytes());
        bytes.extend_from_slice(&self.generation.to_be_bytes());
        bytes.extend_from_slice(&self.secret);
        let text = format!("{}{}", prefix(self.transport), URL_SAFE_NO_PAD.encode(&bytes));
        bytes.zeroize();
        text
    }

    /// Which session it claims to belong to.
    pub fn session_id(&self) -> SessionId {
        self.session_id
    }

    /// How many rotations it claims to come after.
    pub fn generation(&self) -> u32 {
        self.generation
    }

    /// What the store keeps of it.
    pub fn hash(&self) -> TokenHash {
        let mut digest = Sha256::new();
        digest.update(prefix(self.transport));
        digest.update(self.session_id.0.as_bytes());
        digest.update(self.generation.to_be_bytes());
        digest.update(self.secret);
        TokenHash(digest.finalize().into())
    }

    /// The one token that may follow this one.
    pub fn successor(&self, key: &ChainKey) -> Self {
        let mut next = self.clone();
        // HMAC takes a key of any length; the error cannot happen and would leave the token as it is.
        if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.expose()) {
            mac.update(self.session_id.0.as_bytes());
            mac.update(&self.generation.to_be_bytes());
            mac.update(&self.secret);
            next.secret = mac.finalize().into_bytes().into();
        }
        next.generation = self.generation.saturating_add(1);
        next
    }
}

fn prefix(transport: Transport) -> &'static str {
    match transport {
        Transport::Refresh => "dwr_",
        Transport::Kept => "dwk_",
        Transport::Bearer => "dwb_",
        Transport::Cookie => "dwc_",
    }
}

impl Drop for SessionToken {
    fn drop(&mut self) {
        self.secret.zeroize();
    }
}

impl std::fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SessionToken({}, generation {})", self.session_id, self.generation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> SessionToken {
        SessionToken::first(SessionId(Uuid::from_u128(7)), Transport::Refresh, [9; 32])
    }

    fn key(fill: u8) -> ChainKey {
        ChainKey::new(vec![fill; 32]).unwrap()
    }

    #[test]
    fn a_token_reads_back_for_its_own_transport_only() {
        let text = token().encode();
        assert_eq!(SessionToken::decode(&text, Transport::Refresh).unwrap().hash(), token().hash());
        assert!(SessionToken::decode(&text, Transport::Cookie).is_none());
    }

    #[test]
    fn anything_else_is_no_token() {
        let text = token().encode();
        for bad in
            ["", "dwr_", "dwr_AAAA", &text[..text.len() - 1], &format!("{text}A"), &text[4..]]
        {
            assert!(SessionToken::decode(bad, Transport::Refresh).is_none(), "{bad}");
        }
    }

    #[test]
    fn one_token_has_one_successor_under_one_key() {
        let next = token().successor(&key(1));
        assert_eq!(next.hash(), token().successor(&key(1)).hash());
        assert_ne!(next.hash(), token().successor(&key(2)).hash());
        assert_ne!(next.hash(), next.successor(&key(1)).hash());
        assert_eq!(next.generation(), 1);
    }

    #[test]
    fn a_short_chain_key_is_refused() {
        assert!(ChainKey::new(vec![0; 31]).is_none());
    }

    #[test]
    fn debug_output_holds_no_secret() {
        let token = token();
        assert!(!format!("{token:?}").contains(&token.encode()[20..40]));
    }
}
