//! Why the secrets cannot be used, with the path and what mends it.

use std::path::{Path, PathBuf};

use domain::entropy::NoEntropy;

/// Why the secrets cannot be used. Each text is one line for the operator; none holds a secret.
#[derive(Debug, thiserror::Error)]
pub enum SecretsError {
    /// A file or folder could not be made, read, locked or written.
    #[error("cannot {action} {}: {source}", path.display())]
    File {
        /// What was tried, as in "cannot … PATH".
        action: &'static str,
        /// With what.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Others may read a secret file.
    #[error(
        "{} may be read by others (mode {mode:04o}); after making sure that nobody did, run: chmod 600 {}",
        path.display(), path.display()
    )]
    Readable {
        /// Which file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Others may replace the files in the folder.
    #[error(
        "{} may be written to by others (mode {mode:04o}); run: chmod 700 {}",
        path.display(), path.display()
    )]
    Writable {
        /// Which folder.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// A secret is too short to be one.
    #[error(
        "{} holds {bytes} bytes, a secret at least 32 random ones; remove the file to have a new one made \
         (everybody must sign in again)",
        path.display()
    )]
    TooShort {
        /// Which file.
        path: PathBuf,
        /// How long it is.
        bytes: usize,
    },
    /// A secret is one that everybody knows, or hardly random.
    #[error(
        "{} holds a sample value that others know; remove the file to have a new one made \
         (everybody must sign in again)",
        path.display()
    )]
    Sample {
        /// Which file.
        path: PathBuf,
    },
    /// A file does not hold what it should.
    #[error(
        "{} cannot be used: {reason}; restore it from a backup, or remove it to have a new one made \
         (everybody must sign in again)",
        path.display()
    )]
    Malformed {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// No random bytes were to be had.
    #[error(transparent)]
    Entropy(#[from] NoEntropy),
    /// The library made no key pair.
    #[error("a signing key could not be made")]
    KeyGeneration,
}

/// Says what was tried with which path.
pub(super) trait WithPath<T> {
    /// Names action and path of a failure.
    fn doing(self, action: &'static str, path: &Path) -> Result<T, SecretsError>;
}

impl<T> WithPath<T> for std::io::Result<T> {
    fn doing(self, action: &'static str, path: &Path) -> Result<T, SecretsError> {
        self.map_err(|source| SecretsError::File { action, path: path.to_owned(), source })
    }
}
