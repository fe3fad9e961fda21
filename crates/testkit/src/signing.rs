//! A signer for service tests: it keeps what it signed, and knows its own tokens only.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use domain::sessions::{Claims, PublicKey, SignError, TokenFault, TokenKind, TokenSigner};
use domain::time::Timestamp;

/// Hands out numbered texts and remembers their claims. NOT a signature: for tests only.
#[derive(Debug, Default)]
pub struct LedgerSigner(Mutex<HashMap<String, Claims>>);

impl TokenSigner for LedgerSigner {
    fn sign(&self, claims: &Claims) -> Result<String, SignError> {
        let mut ledger = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let token = format!("token.{}.{}", ledger.len(), claims.token_id.simple());
        ledger.insert(token.clone(), claims.clone());
        Ok(token)
    }

    fn verify(&self, token: &str, kind: TokenKind, now: Timestamp) -> Result<Claims, TokenFault> {
        if token.split('.').count() != 3 {
            return Err(TokenFault::Malformed);
        }
        let ledger = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let claims = ledger.get(token).ok_or(TokenFault::BadSignature)?;
        if claims.kind != kind {
            return Err(TokenFault::WrongKind);
        }
        if now.seconds() >= claims.expires_at.seconds() {
            return Err(TokenFault::Expired);
        }
        Ok(claims.clone())
    }

    fn public_keys(&self) -> Vec<PublicKey> {
        Vec::new()
    }
}
