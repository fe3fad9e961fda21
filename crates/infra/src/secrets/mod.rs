//! The folder of secrets that the server makes for itself at its first start.
//!
//! The folder is 0700 and each file in it 0600. A file is written beside its place, flushed and
//! renamed, so that it is there whole or not at all. Whoever writes holds a lock on the file
//! `.lock`: of two processes that start at once one makes a secret and the other reads it.

mod error;
mod file;
mod strength;

use std::fs::{DirBuilder, File, OpenOptions};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use domain::entropy::Entropy;
use domain::sessions::ChainKey;
use zeroize::Zeroizing;

pub use self::error::SecretsError;
use self::error::WithPath;
use self::strength::check_strength;
pub(crate) use self::strength::is_weak;
use crate::system::SystemEntropy;

const CHAIN_KEY: &str = "refresh-chain.key";

/// A version of a file: inode, time of change and length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp((u64, i64, i64, u64));

/// The folder of secrets. Clones are the same folder.
#[derive(Debug, Clone)]
pub struct SecretsFolder {
    path: PathBuf,
    created: Arc<AtomicBool>,
}

impl SecretsFolder {
    /// Opens this folder (`data_dir/secrets`), making it and what it lies in where they are missing.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, SecretsError> {
        let path = path.into();
        DirBuilder::new().recursive(true).mode(0o700).create(&path).doing("make", &path)?;
        let mode = std::fs::metadata(&path).doing("look at", &path)?.permissions().mode();
        if mode & 0o022 != 0 {
            return Err(SecretsError::Writable { mode: mode & 0o777, path });
        }
        Ok(Self { path, created: Arc::default() })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether any secret was made since this folder was opened: its owner should back it up.
    pub fn created(&self) -> bool {
        self.created.load(Ordering::Relaxed)
    }

    /// The key that makes successors of refresh tokens: all bytes of `refresh-chain.key`, which is
    /// made of 32 random ones in hexadecimal if it is missing.
    pub fn chain_key(&self) -> Result<ChainKey, SecretsError> {
        let bytes = self.update(CHAIN_KEY, |present| match present {
            Some(_) => Ok(None),
            None => random_hex().map(Some),
        })?;
        let path = self.path.join(CHAIN_KEY);
        check_strength(&bytes, &path)?;
        ChainKey::new(bytes.to_vec()).ok_or(SecretsError::TooShort { path, bytes: bytes.len() })
    }

    /// What is in a file, if there is one.
    pub(crate) fn read(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, SecretsError> {
        file::read(&self.path.join(name))
    }

    /// What changes whenever somebody writes this file: cheap to ask, and without reading it.
    pub(crate) fn stamp(&self, name: &str) -> Option<Stamp> {
        let met = std::fs::metadata(self.path.join(name)).ok()?;
        Some(Stamp((met.ino(), met.mtime(), met.mtime_nsec(), met.len())))
    }

    /// What is in a file after `change` saw it and, perhaps, said what to replace it by. Nobody
    /// else changes it meanwhile.
    pub(crate) fn update(
        &self,
        name: &str,
        change: impl FnOnce(Option<&[u8]>) -> Result<Option<Zeroizing<Vec<u8>>>, SecretsError>,
    ) -> Result<Zeroizing<Vec<u8>>, SecretsError> {
        let path = self.path.join(name);
        // Released when it is dropped, and by the system when the process ends.
        let _lock = self.lock()?;
        let present = file::read(&path)?;
        match (change(present.as_deref().map(Vec::as_slice))?, present) {
            (Some(next), present) => {
                file::replace(&self.path, name, &next)?;
                self.created.fetch_or(present.is_none(), Ordering::Relaxed);
                Ok(next)
            }
            (None, present) => Ok(present.unwrap_or_default()),
        }
    }

    fn lock(&self) -> Result<File, SecretsError> {
        let path = self.path.join(".lock");
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).write(true).mode(0o600);
        let file = options.open(&path).doing("open", &path)?;
        file.lock().doing("lock", &path)?;
        Ok(file)
    }
}

/// Hexadecimal, so that by no chance it holds a word that [`check_strength`] refuses.
fn random_hex() -> Result<Zeroizing<Vec<u8>>, SecretsError> {
    let mut bytes = Zeroizing::new([0; 32]);
    SystemEntropy.fill(bytes.as_mut_slice())?;
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    Ok(Zeroizing::new(digits.map(|digit| b"0123456789abcdef"[usize::from(digit)]).collect()))
}

#[cfg(test)]
mod tests;
