//! Certificates and keys out of PEM files.

use std::fs::File;
use std::io::{Error, ErrorKind, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use zeroize::Zeroizing;

use super::error::{TlsError, TlsFile};

/// No chain is longer.
const MAX_BYTES: u64 = 256 * 1024;
/// Bits of a mode that a private key must not have: others may do nothing with it, and its group may
/// read it at most, as is usual where keys belong to a group of servers.
const OTHERS: u32 = 0o037;

/// All certificates of a file; never none.
pub(super) fn chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let bytes = read(path, TlsFile::Certificate)?;
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&bytes).collect();
    let chain = chain.ok().filter(|chain| !chain.is_empty());
    chain.ok_or_else(|| TlsError::NoCertificate(path.to_owned()))
}

/// The first private key of a file.
pub(super) fn key(path: &Path) -> Result<PrivateKeyDer<'static>, TlsError> {
    let bytes = read(path, TlsFile::Key)?;
    PrivateKeyDer::from_pem_slice(&bytes).map_err(|_| TlsError::NoKey(path.to_owned()))
}

fn read(path: &Path, file: TlsFile) -> Result<Zeroizing<Vec<u8>>, TlsError> {
    let unreadable = |source| TlsError::Unreadable { file, path: path.to_owned(), source };
    let opened = File::open(path).map_err(unreadable)?;
    let mode = opened.metadata().map_err(unreadable)?.permissions().mode();
    if file == TlsFile::Key && mode & OTHERS != 0 {
        return Err(TlsError::Exposed { path: path.to_owned(), mode: mode & 0o777 });
    }
    let mut bytes = Zeroizing::new(Vec::new());
    let length = opened.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if u64::try_from(length).unwrap_or(u64::MAX) > MAX_BYTES {
        return Err(unreadable(Error::new(ErrorKind::FileTooLarge, "longer than 256 KiB")));
    }
    Ok(bytes)
}
