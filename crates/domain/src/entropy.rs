//! Randomness as the domain sees it: ids and secrets are made from what an [`Entropy`] fills in.

use uuid::Uuid;

use crate::time::Timestamp;

/// The operating system gave no random bytes; nothing that needs them may go on.
#[derive(Debug, thiserror::Error)]
#[error("no random bytes to be had: {0}")]
pub struct NoEntropy(pub String);

/// A cryptographically secure source of random bytes.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
pub trait Entropy: Send + Sync {
    /// Fills all of `bytes`, or none of them counts.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoEntropy>;
}

/// 256 random bits: the strength of every secret handed out (ASVS 11.5.1 asks for 128).
pub fn secret(entropy: &dyn Entropy) -> Result<[u8; 32], NoEntropy> {
    let mut bytes = [0; 32];
    entropy.fill(&mut bytes)?;
    Ok(bytes)
}

/// A UUID version 7 (RFC 9562): sorts by the time it was made at.
pub fn uuid(entropy: &dyn Entropy, at: Timestamp) -> Result<Uuid, NoEntropy> {
    let mut random = [0; 10];
    entropy.fill(&mut random)?;
    let millis = u64::try_from(at.datetime().timestamp_millis()).unwrap_or_default();
    Ok(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
}
