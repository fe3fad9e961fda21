//! Why there is no TLS with these files, each in one line for the operator.

use std::io;
use std::path::PathBuf;

/// Which of the two files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsFile {
    /// The certificate.
    Certificate,
    /// Its key.
    Key,
}

/// Why there is no TLS with these files.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Unreadable {
        /// Which of the two.
        file: TlsFile,
        /// Where it is.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Everybody on this machine may read the key, or others may replace it.
    #[error(
        "{} may be read or written by others (mode {mode:04o}); after making sure that nobody did, run: chmod 600 {}",
        path.display(), path.display()
    )]
    Exposed {
        /// Where it is.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// It holds no certificate.
    #[error("{} holds no certificate (PEM, the server's own first)", .0.display())]
    NoCertificate(PathBuf),
    /// It holds no key.
    #[error("{} holds no private key (PEM: PKCS #8, SEC 1 or PKCS #1, not encrypted)", .0.display())]
    NoKey(PathBuf),
    /// The key is of a kind that TLS does not take, weak or damaged.
    #[error(
        "{} holds a key that cannot be used: it is damaged, or neither ECDSA (P-256, P-384, P-521), Ed25519 nor RSA from 2048 bits",
        .0.display()
    )]
    BadKey(PathBuf),
    /// The key belongs to another certificate.
    #[error("{} is not the key of the first certificate in server.tls_cert", .0.display())]
    Mismatch(PathBuf),
    /// The library refused.
    #[error("TLS cannot be set up: {0}")]
    Library(rustls::Error),
}

impl TlsError {
    /// The file that is to blame.
    pub fn file(&self) -> TlsFile {
        match self {
            Self::Unreadable { file, .. } => *file,
            Self::NoCertificate(_) | Self::Library(_) => TlsFile::Certificate,
            Self::Exposed { .. } | Self::NoKey(_) | Self::BadKey(_) | Self::Mismatch(_) => {
                TlsFile::Key
            }
        }
    }
}
