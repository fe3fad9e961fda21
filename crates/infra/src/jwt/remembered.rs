//! Tokens that were verified before: verifying a signature costs more than all else in a request.
//!
//! Nothing is remembered but that the signature is right and the claims are ours; what changes with
//! time is asked each time. What is remembered belongs to one set of keys: when keys are rotated,
//! replaced or retired, another set takes its place, and nothing of this is left.

use aws_lc_rs::digest::{SHA256, digest};
use domain::sessions::TokenKind;
use domain::time::Timestamp;
use quick_cache::sync::Cache;

use super::wire::{MAX_BYTES, Proven};

/// How many tokens are remembered; about 300 bytes each.
const MOST: usize = 50_000;

/// The tokens, by digest: whoever reads this memory cannot use them.
pub(super) struct Remembered(Cache<[u8; 32], Verified>);

/// The SHA-256 of a token that is not too long to be one.
pub(super) struct Digest(Option<[u8; 32]>);

#[derive(Clone, Copy)]
struct Verified {
    kind: TokenKind,
    proven: Proven,
    /// Until when the key verifies.
    until: Option<Timestamp>,
}

impl Default for Remembered {
    fn default() -> Self {
        Self(Cache::new(MOST))
    }
}

impl Digest {
    /// The digest of this token.
    pub(super) fn of(token: &str) -> Self {
        let short = token.len() <= MAX_BYTES;
        Self(short.then(|| digest(&SHA256, token.as_bytes()).as_ref().try_into().ok()).flatten())
    }
}

impl Remembered {
    /// What a token says that was verified as one of this kind, while its key verifies still.
    pub(super) fn get(&self, digest: &Digest, kind: TokenKind, now: Timestamp) -> Option<Proven> {
        let verified = self.0.get(digest.0.as_ref()?)?;
        let counts = verified.kind == kind && verified.until.is_none_or(|end| now < end);
        counts.then_some(verified.proven)
    }

    /// Remembers a token.
    pub(super) fn keep(
        &self,
        digest: Digest,
        kind: TokenKind,
        proven: Proven,
        until: Option<Timestamp>,
    ) {
        if let Some(digest) = digest.0 {
            self.0.insert(digest, Verified { kind, proven, until });
        }
    }
}
