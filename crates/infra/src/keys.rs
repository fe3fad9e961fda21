//! The keys of a running server, read again when another process changed them.

use std::io::{Error, ErrorKind};
use std::sync::Arc;
use std::time::Duration;

use domain::time::Timestamp;

use crate::jwt::{JwtOptions, JwtSigner, SIGNING_KEYS};
use crate::sealer::{AesSealer, SEALING_KEYS};
use crate::secrets::{SecretsError, SecretsFolder, Stamp};

/// So often they are read even where nobody changed them: retired keys go when their time is over.
const REFRESH: Duration = Duration::from_secs(10 * 60);

/// Signer and sealer of one folder of secrets, and which version of their files they hold. Clones
/// hold the same keys.
#[derive(Clone)]
pub struct KeyWatch {
    folder: SecretsFolder,
    signer: Arc<JwtSigner>,
    sealer: Arc<AesSealer>,
    seen: Option<[Stamp; 2]>,
    read_at: Timestamp,
}

impl KeyWatch {
    /// Reads the keys, having made those that are missing.
    pub fn open(
        folder: &SecretsFolder,
        options: JwtOptions,
        now: Timestamp,
    ) -> Result<Self, SecretsError> {
        let signer = Arc::new(JwtSigner::open(folder, options, now)?);
        let sealer = Arc::new(AesSealer::open(folder)?);
        // Nothing is seen yet: what changed since they were read is found at the first look.
        Ok(Self { folder: folder.clone(), signer, sealer, seen: None, read_at: now })
    }

    /// Signs with the keys that were read last.
    pub fn signer(&self) -> Arc<JwtSigner> {
        Arc::clone(&self.signer)
    }

    /// Seals with the keys that were read last.
    pub fn sealer(&self) -> Arc<AesSealer> {
        Arc::clone(&self.sealer)
    }

    /// Reads the keys again if their files changed, or it is time to; says whether they had changed.
    /// Two looks at file attributes, mostly. After an error the old keys stay in use.
    pub fn look(&mut self, now: Timestamp) -> Result<bool, SecretsError> {
        let stamps = [self.stamp(SIGNING_KEYS)?, self.stamp(SEALING_KEYS)?];
        let (is_first, changed) = (self.seen.is_none(), self.seen != Some(stamps));
        if changed || now.since(self.read_at) >= REFRESH {
            self.signer.reload(now)?;
            self.sealer.reload()?;
            (self.seen, self.read_at) = (Some(stamps), now);
        }
        Ok(changed && !is_first)
    }

    /// A file that is gone for a moment, as while a backup is put back, must not be made anew.
    fn stamp(&self, name: &str) -> Result<Stamp, SecretsError> {
        self.folder.stamp(name).ok_or_else(|| SecretsError::File {
            action: "look at",
            path: self.folder.path().join(name),
            source: Error::from(ErrorKind::NotFound),
        })
    }
}

#[cfg(test)]
mod tests {
    use domain::sealing::Sealer;
    use domain::sessions::TokenSigner;
    use tempfile::TempDir;

    use super::*;
    use crate::jwt::Algorithm;
    use crate::system::SystemClock;
    use domain::time::Clock;

    fn watch(folder: &TempDir) -> KeyWatch {
        let options = JwtOptions {
            algorithm: Algorithm::EdDsa,
            issuer: "https://door.example".to_owned(),
            audience: "doorward".to_owned(),
            longest_lifetime: Duration::from_secs(900),
        };
        let secrets = SecretsFolder::open(folder.path().join("secrets")).unwrap();
        KeyWatch::open(&secrets, options, SystemClock.now()).unwrap()
    }

    #[test]
    fn what_another_process_changed_is_seen_at_the_next_look_and_once() {
        let folder = TempDir::new().unwrap();
        let (mut server, command) = (watch(&folder), watch(&folder));
        let now = SystemClock.now();
        assert!(!server.look(now).unwrap());
        command.signer().rotate(now, Duration::from_secs(3)).unwrap();
        assert_eq!(server.signer().public_keys().len(), 1);
        assert!(server.look(now).unwrap() && !server.look(now).unwrap());
        assert_eq!(server.signer().public_keys().len(), 2);
        let id = command.sealer().rotate(now, Duration::ZERO).unwrap();
        assert!(server.look(now).unwrap());
        assert_eq!(server.sealer().seal("a", b"x").unwrap().key_id(), Some(id.as_str()));
    }

    #[test]
    fn retired_keys_go_without_anybody_touching_the_files() {
        let folder = TempDir::new().unwrap();
        let mut server = watch(&folder);
        let now = SystemClock.now();
        server.signer().rotate(now, Duration::ZERO).unwrap();
        server.look(now).unwrap();
        let later = |seconds| now.plus(Duration::from_secs(seconds));
        server.look(later(601)).unwrap();
        assert_eq!(server.signer().public_keys().len(), 2);
        server.look(later(1_202)).unwrap();
        assert_eq!(server.signer().public_keys().len(), 1);
    }

    #[test]
    fn a_file_that_is_gone_or_damaged_is_told_and_the_keys_stay() {
        let folder = TempDir::new().unwrap();
        let mut server = watch(&folder);
        let now = SystemClock.now();
        server.look(now).unwrap();
        let sealed = server.sealer().seal("a", b"x").unwrap();
        let path = folder.path().join("secrets").join(SEALING_KEYS);
        let content = std::fs::read(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        assert!(server.look(now).unwrap_err().to_string().contains(SEALING_KEYS));
        assert!(!path.exists(), "it is not made anew");
        std::fs::write(&path, "half").unwrap();
        assert!(server.look(now).is_err() && server.look(now).is_err());
        assert_eq!(server.sealer().open("a", &sealed).unwrap().as_slice(), b"x");
        std::fs::remove_file(&path).unwrap();
        SecretsFolder::open(folder.path().join("secrets"))
            .unwrap()
            .update(SEALING_KEYS, |_| Ok(Some(content.into())))
            .unwrap();
        assert!(server.look(now).unwrap() && !server.look(now).unwrap());
    }
}
