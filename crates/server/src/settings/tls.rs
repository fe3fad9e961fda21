//! The files that TLS is spoken with: whether both are named, and whether they can be used.

use std::path::{Path, PathBuf};

use infra::tls::{Tls, TlsError, TlsFile, TlsFiles};
use serde::Deserialize;

use super::Server;
use super::load::Loaded;
use super::report::{Report, reason};
use super::values::Written;

/// The path of a PEM file, or none.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub(crate) struct PemFile(Option<PathBuf>);

impl PemFile {
    /// The path as it was written.
    pub(crate) fn path(&self) -> Option<&Path> {
        self.0.as_deref()
    }
}

impl TryFrom<Written> for PemFile {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let text = written.text().ok_or("expected the path of a PEM file")?;
        Ok(Self((!text.is_empty()).then(|| text.into())))
    }
}

/// What is missing beside what is given, or contradicts it.
pub(super) fn incomplete(server: &Server) -> Option<(&'static str, &'static str)> {
    match (server.tls_cert.path(), server.tls_key.path()) {
        (Some(_), None) => Some(("server.tls_cert", "needs server.tls_key beside it")),
        (None, Some(_)) => Some(("server.tls_key", "needs server.tls_cert beside it")),
        (Some(_), Some(_)) if server.public_url.is_plain() => {
            Some(("server.public_url", "is http, but server.tls_cert makes the server speak https"))
        }
        (Some(_) | None, _) => None,
    }
}

/// Reads the files, if TLS is to be spoken.
///
/// # Errors
/// The one key whose file cannot be used, and why.
pub(crate) fn open(loaded: &Loaded) -> Result<Option<Tls>, Report> {
    let server = &loaded.settings.server;
    let (Some(certificate), Some(key)) = (server.tls_cert.path(), server.tls_key.path()) else {
        return Ok(None);
    };
    let (certificate, key) = (loaded.folder.join(certificate), loaded.folder.join(key));
    let opened = Tls::open(TlsFiles { certificate, key });
    opened.map(Some).map_err(|error| {
        let key = match error.file() {
            TlsFile::Certificate => "server.tls_cert",
            TlsFile::Key => "server.tls_key",
        };
        loaded.refused(key, &told(&error))
    })
}

/// In the words of the other settings, where the system refused.
pub(crate) fn told(error: &TlsError) -> String {
    match error {
        TlsError::Unreadable { path, source, .. } => {
            format!("cannot read {}: {}", path.display(), reason(source))
        }
        TlsError::Exposed { .. }
        | TlsError::NoCertificate(_)
        | TlsError::NoKey(_)
        | TlsError::BadKey(_)
        | TlsError::Mismatch(_)
        | TlsError::Library(_) => error.to_string(),
    }
}
