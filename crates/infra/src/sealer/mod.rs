//! Seals with AES-256-GCM under keys from the folder of secrets.

mod line;
mod renewal;

use std::sync::{Arc, PoisonError, RwLock};

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::entropy::Entropy;
use domain::sealing::{SealError, Sealed, Sealer};
use domain::time::{Clock, Timestamp};
use zeroize::Zeroizing;

use self::line::Line;
pub use self::renewal::{SealingKey, Settled, list};
use crate::secrets::{SecretsError, SecretsFolder};
use crate::system::{SystemClock, SystemEntropy};

/// One key a line; the last one whose time has come seals, all of them open.
pub(crate) const SEALING_KEYS: &str = "sealing.keys";
/// What every sealed text of this make begins with.
const VERSION: &str = "v1";

/// The server's sealing keys. A random nonce of 96 bits is good for four billion texts under one key
/// (NIST SP 800-38D §8.3).
pub struct AesSealer {
    folder: SecretsFolder,
    keys: RwLock<Arc<Vec<Key>>>,
}

/// A key, ready for use.
struct Key {
    id: String,
    from: Option<Timestamp>,
    key: LessSafeKey,
}

impl AesSealer {
    /// Reads the keys, having made the first one if there is none.
    pub fn open(secrets: &SecretsFolder) -> Result<Self, SecretsError> {
        let sealer = Self { folder: secrets.clone(), keys: RwLock::default() };
        sealer.reload()?;
        Ok(sealer)
    }

    /// Reads the keys again, after another process changed them.
    pub fn reload(&self) -> Result<(), SecretsError> {
        self.change(|lines| {
            let missing = lines.is_empty();
            if missing {
                lines.push(Line::made(None)?);
            }
            Ok(missing)
        })
    }

    /// Does a step on the file, which is written if the step says that anything changed.
    fn change(
        &self,
        step: impl FnOnce(&mut Vec<Line>) -> Result<bool, SecretsError>,
    ) -> Result<(), SecretsError> {
        let mut keys = None;
        self.folder.update(SEALING_KEYS, |present| {
            let mut lines = renewal::parse(&self.folder, present)?;
            let changed = step(&mut lines)?;
            keys = lines.iter().map(ready).collect::<Option<Vec<_>>>();
            Ok(changed.then(|| Line::file(&lines)))
        })?;
        let keys = keys.filter(|keys| !keys.is_empty());
        let keys = keys.ok_or_else(|| renewal::malformed(&self.folder))?;
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keys);
        Ok(())
    }

    fn keys(&self) -> Arc<Vec<Key>> {
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }
}

fn ready(line: &Line) -> Option<Key> {
    let key = UnboundKey::new(&AES_256_GCM, &line.key()?).ok()?;
    Some(Key { id: line.id.clone(), from: line.from, key: LessSafeKey::new(key) })
}

impl Sealer for AesSealer {
    fn seal(&self, purpose: &str, plain: &[u8]) -> Result<Sealed, SealError> {
        let (keys, now) = (self.keys(), SystemClock.now());
        let has_begun = |key: &&Key| key.from.is_none_or(|from| from <= now);
        let newest = keys.iter().rfind(has_begun).or(keys.last());
        let Key { id, key, .. } = newest.ok_or(SealError::Unopened)?;
        let mut nonce = [0; NONCE_LEN];
        SystemEntropy.fill(&mut nonce).map_err(|_| SealError::NoEntropy)?;
        let mut sealed = plain.to_vec();
        let unique = Nonce::assume_unique_for_key(nonce);
        let done = key.seal_in_place_append_tag(unique, Aad::from(purpose), &mut sealed);
        done.map_err(|_| SealError::Unopened)?;
        let body = URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat());
        Ok(Sealed(format!("{VERSION}.{id}.{body}")))
    }

    fn open(&self, purpose: &str, sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let keys = self.keys();
        let opened = || {
            let (id, body) = sealed.0.strip_prefix(VERSION)?.strip_prefix('.')?.split_once('.')?;
            let Key { key, .. } = keys.iter().find(|key| key.id == id)?;
            let mut bytes = URL_SAFE_NO_PAD.decode(body).ok()?;
            let (nonce, text) = bytes.split_at_mut_checked(NONCE_LEN)?;
            let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
            let plain = key.open_in_place(nonce, Aad::from(purpose), text).ok()?;
            Some(Zeroizing::new(plain.to_vec()))
        };
        opened().ok_or(SealError::Unopened)
    }
}

#[cfg(test)]
mod tests;
