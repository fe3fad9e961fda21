//! Files for this server alone, there whole or not at all.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{Error, ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

/// What unfinished files are called, beside the place they are made for.
const UNFINISHED: &str = ".new";

/// Makes the folder, and what it lies in, where they are missing.
pub(crate) fn make_folder(path: &Path) -> Result<(), Error> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Writes a file beside its place, flushes it, puts it in place and flushes the folder: once this
/// returns, not even a power cut loses it.
pub(crate) fn write(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), Error> {
    let unfinished = folder.join(format!(".{name}{UNFINISHED}"));
    remove(&unfinished)?;
    let mut file = OpenOptions::new().create_new(true).write(true).mode(0o600).open(&unfinished)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    let placed = written.and_then(|()| std::fs::rename(&unfinished, folder.join(name)));
    if let Err(error) = placed {
        // The first failure is the one that tells; what is left is removed at the next start.
        let _ = remove(&unfinished);
        return Err(error);
    }
    File::open(folder)?.sync_all()
}

/// Removes a file; says whether there was one.
pub(crate) fn remove(path: &Path) -> Result<bool, Error> {
    match std::fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Removes what a process that died in the middle left unfinished.
pub(crate) fn sweep(folder: &Path) -> Result<(), Error> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("");
        if name.starts_with('.') && name.ends_with(UNFINISHED) {
            remove(&path)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use tempfile::TempDir;

    use super::*;

    #[test]
    fn a_file_is_private_and_replaced_as_a_whole() {
        let folder = TempDir::new().unwrap();
        for text in ["one", "two"] {
            write(folder.path(), "a", text.as_bytes()).unwrap();
            assert_eq!(std::fs::read_to_string(folder.path().join("a")).unwrap(), text);
        }
        let mode = std::fs::metadata(folder.path().join("a")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(folder.path().read_dir().unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn what_was_left_unfinished_is_swept_and_nothing_else() {
        let folder = TempDir::new().unwrap();
        std::fs::write(folder.path().join(".a.new"), "half").unwrap();
        write(folder.path(), "b", b"whole").unwrap();
        sweep(folder.path()).unwrap();
        let names: Vec<_> =
            folder.path().read_dir().unwrap().map(|f| f.unwrap().file_name()).collect();
        assert_eq!(names, ["b"]);
        assert!(!remove(&folder.path().join("c")).unwrap());
    }
}
