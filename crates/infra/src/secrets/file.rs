//! Reading a secret file only if it is private, and replacing it at one stroke.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use zeroize::Zeroizing;

use super::error::{SecretsError, WithPath};

/// No secret is longer.
const MAX_BYTES: u64 = 64 * 1024;

/// What the file holds; `None` when there is none. It is refused when others may read or write it.
pub(super) fn read(path: &Path) -> Result<Option<Zeroizing<Vec<u8>>>, SecretsError> {
    let file = match File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        opened => opened.doing("read", path)?,
    };
    // Asked of the open file: the path could be another's a moment later.
    let mode = file.metadata().doing("look at", path)?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(SecretsError::Readable { path: path.to_owned(), mode: mode & 0o777 });
    }
    let mut bytes = Zeroizing::new(Vec::new());
    let length = file.take(MAX_BYTES + 1).read_to_end(&mut bytes).doing("read", path)?;
    if u64::try_from(length).unwrap_or(u64::MAX) > MAX_BYTES {
        let reason = format!("it is longer than {MAX_BYTES} bytes");
        return Err(SecretsError::Malformed { path: path.to_owned(), reason });
    }
    Ok(Some(bytes))
}

/// Puts these bytes into the file; a crash leaves the old ones or the new ones. The caller holds
/// the folder's lock.
pub(super) fn replace(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), SecretsError> {
    let path = folder.join(name);
    let beside = folder.join(format!(".{name}.new"));
    match std::fs::remove_file(&beside) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error).doing("remove", &beside)?,
        Ok(()) | Err(_) => {}
    }
    let mut options = OpenOptions::new();
    let mut file =
        options.create_new(true).write(true).mode(0o600).open(&beside).doing("make", &beside)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).doing("write", &beside)?;
    std::fs::rename(&beside, &path).doing("put in place", &path)?;
    File::open(folder).and_then(|folder| folder.sync_all()).doing("flush", folder)
}
