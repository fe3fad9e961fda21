//! The certificate and key that the server speaks TLS with, read again when their files change.
//!
//! TLS 1.2 and 1.3 with the library's own choice of suites, all of them with forward secrecy and
//! authenticated encryption. Clients show no certificates.

mod error;
mod pem;
mod validity;

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use domain::time::Timestamp;
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::version::{TLS12, TLS13};

pub use self::error::{TlsError, TlsFile};

/// Where the certificate and its key are kept, as PEM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate, and those between it and the root after it.
    pub certificate: PathBuf,
    /// Its private key: PKCS #8, SEC 1 or PKCS #1.
    pub key: PathBuf,
}

/// The certificate in use, and which version of its files it is from.
pub struct Tls {
    files: TlsFiles,
    shown: Arc<Shown>,
    seen: Stamps,
}

/// Inode, time of change and length of both files.
type Stamps = [Option<(u64, i64, i64, u64)>; 2];

/// What every connection that begins is shown.
#[derive(Debug)]
struct Shown(RwLock<Arc<CertifiedKey>>);

/// From when to when a certificate is valid, as far as that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// Before this nobody takes it.
    pub from: Timestamp,
    /// After this nobody takes it.
    pub until: Timestamp,
}

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

impl Tls {
    /// Reads both files.
    pub fn open(files: TlsFiles) -> Result<Self, TlsError> {
        let seen = stamps(&files);
        let shown = Arc::new(Shown(RwLock::new(Arc::new(read(&files)?))));
        Ok(Self { files, shown, seen })
    }

    /// How to speak TLS. A certificate that is renewed later is shown without asking again.
    pub fn server_config(&self) -> Result<ServerConfig, TlsError> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let versions = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&TLS13, &TLS12])
            .map_err(TlsError::Library)?;
        Ok(versions.with_no_client_auth().with_cert_resolver(Arc::clone(&self.shown) as _))
    }

    /// Reads the files again if they changed; says whether a new certificate is shown now. After an
    /// error the present one stays, and the next look tries again: renewal replaces two files, one
    /// after the other.
    pub fn look(&mut self) -> Result<bool, TlsError> {
        let stamps = stamps(&self.files);
        if stamps == self.seen {
            return Ok(false);
        }
        let next = Arc::new(read(&self.files)?);
        *self.shown.0.write().unwrap_or_else(PoisonError::into_inner) = next;
        self.seen = stamps;
        Ok(true)
    }

    /// When the certificate is valid.
    pub fn validity(&self) -> Option<Validity> {
        let shown = self.shown.0.read().unwrap_or_else(PoisonError::into_inner);
        shown.cert.first().and_then(|certificate| validity::of(certificate))
    }
}

fn read(files: &TlsFiles) -> Result<CertifiedKey, TlsError> {
    let chain = pem::chain(&files.certificate)?;
    let key = pem::key(&files.key)?;
    // The certificate first: what is wrong with it alone is not the key's fault.
    rustls::server::ParsedCertificate::try_from(&chain[0])
        .map_err(|_| TlsError::NoCertificate(files.certificate.clone()))?;
    let pair = CertifiedKey::from_der(chain, key, &aws_lc_rs::default_provider());
    pair.map_err(|error| {
        let path = files.key.clone();
        let is_anothers = matches!(error, rustls::Error::InconsistentKeys(_));
        if is_anothers { TlsError::Mismatch(path) } else { TlsError::BadKey(path) }
    })
}

fn stamps(files: &TlsFiles) -> Stamps {
    [&files.certificate, &files.key].map(|path| stamp(path))
}

fn stamp(path: &Path) -> Option<(u64, i64, i64, u64)> {
    let met = std::fs::metadata(path).ok()?;
    Some((met.ino(), met.mtime(), met.mtime_nsec(), met.len()))
}
