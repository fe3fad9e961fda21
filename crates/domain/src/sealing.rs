//! Sealing at rest: what must be read again, but by nobody who merely sees the database.

use zeroize::Zeroizing;

use crate::problem::Problem;

/// A sealed text, `v1.<key id>.<base64url>`. Useless without the server's sealing key.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(pub String);

impl Sealed {
    /// The id of the key that sealed it.
    pub fn key_id(&self) -> Option<&str> {
        self.0.split('.').nth(1)
    }
}

impl std::fmt::Debug for Sealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealed(…)")
    }
}

/// Encrypts and authenticates (AES-256-GCM, NIST SP 800-38D), bound to a purpose: what was sealed for
/// one opens for no other.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
pub trait Sealer: Send + Sync {
    /// Seals under the newest key.
    fn seal(&self, purpose: &str, plain: &[u8]) -> Result<Sealed, SealError>;

    /// Opens what any key of the server sealed for this purpose.
    fn open(&self, purpose: &str, sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>, SealError>;
}

/// Why sealing or opening failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The key is not there any more, the text was changed, or was sealed for another purpose.
    #[error("a sealed value cannot be opened: its key is missing, or it was changed")]
    Unopened,
    /// There are no random bytes to be had.
    #[error("nothing can be sealed: no random bytes to be had")]
    NoEntropy,
}

impl From<SealError> for Problem {
    fn from(error: SealError) -> Self {
        Self::Unavailable(Box::new(error))
    }
}
