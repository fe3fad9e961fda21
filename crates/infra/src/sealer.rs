//! Seals with AES-256-GCM under keys from the folder of secrets.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::entropy::Entropy;
use domain::sealing::{SealError, Sealed, Sealer};
use zeroize::Zeroizing;

use crate::secrets::{SecretsError, SecretsFolder};
use crate::system::SystemEntropy;

/// One key a line, `<id> <64 hexadecimal digits>`; the last one seals, all of them open.
const KEYS: &str = "sealing.keys";
/// What every sealed text of this make begins with.
const VERSION: &str = "v1";
/// The length of a key, in bytes.
const KEY: usize = 32;
/// The length of a key's id, in bytes.
const ID: usize = 4;

/// The server's sealing keys. A random nonce of 96 bits is good for four billion texts under one key
/// (NIST SP 800-38D §8.3).
pub struct AesSealer(Vec<(String, LessSafeKey)>);

impl AesSealer {
    /// Reads the keys, having made the first one if there is none.
    pub fn open(secrets: &SecretsFolder) -> Result<Self, SecretsError> {
        let text = secrets.update(KEYS, |present| match present {
            Some(_) => Ok(None),
            None => made().map(Some),
        })?;
        let path = secrets.path().join(KEYS);
        let malformed = || SecretsError::Malformed {
            path: path.clone(),
            reason: "it has a line that is no sealing key".to_owned(),
        };
        let text = std::str::from_utf8(&text).map_err(|_| malformed())?;
        let keys: Option<Vec<_>> = text.lines().map(read).collect();
        let keys = keys.filter(|keys| !keys.is_empty()).ok_or_else(malformed)?;
        Ok(Self(keys))
    }
}

/// A line with a new key.
fn made() -> Result<Zeroizing<Vec<u8>>, SecretsError> {
    let mut bytes = Zeroizing::new([0; ID + KEY]);
    SystemEntropy.fill(bytes.as_mut_slice())?;
    let (id, key) = bytes.split_at(ID);
    let line = Zeroizing::new(format!("{} {}\n", hex(id).as_str(), hex(key).as_str()));
    Ok(Zeroizing::new(line.as_bytes().to_vec()))
}

fn read(line: &str) -> Option<(String, LessSafeKey)> {
    let (id, digits) = line.split_once(' ')?;
    let bytes = Zeroizing::new(unhex(digits)?);
    let is_id = id.len() == ID * 2 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    let key = UnboundKey::new(&AES_256_GCM, &bytes).ok().filter(|_| is_id)?;
    Some((id.to_owned(), LessSafeKey::new(key)))
}

fn hex(bytes: &[u8]) -> Zeroizing<String> {
    Zeroizing::new(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn unhex(digits: &str) -> Option<Vec<u8>> {
    let pair = |at| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
    (0..digits.len()).step_by(2).map(pair).collect()
}

impl Sealer for AesSealer {
    fn seal(&self, purpose: &str, plain: &[u8]) -> Result<Sealed, SealError> {
        let (id, key) = self.0.last().ok_or(SealError::Unopened)?;
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
        let opened = || {
            let (id, body) = sealed.0.strip_prefix(VERSION)?.strip_prefix('.')?.split_once('.')?;
            let (_, key) = self.0.iter().find(|(known, _)| known == id)?;
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
mod tests {
    use tempfile::TempDir;

    use super::*;

    fn sealer(folder: &TempDir) -> AesSealer {
        AesSealer::open(&SecretsFolder::open(folder.path().join("secrets")).unwrap()).unwrap()
    }

    #[test]
    fn what_was_sealed_opens_after_a_restart_and_for_its_purpose_only() {
        let folder = TempDir::new().unwrap();
        let sealed = sealer(&folder).seal("letter", b"six digits").unwrap();
        assert!(sealed.0.starts_with("v1.") && !sealed.0.contains("six"));
        assert_eq!(sealer(&folder).open("letter", &sealed).unwrap().as_slice(), b"six digits");
        assert_eq!(sealer(&folder).open("passkey", &sealed), Err(SealError::Unopened));
    }

    #[test]
    fn no_two_seals_of_one_text_are_alike() {
        let folder = TempDir::new().unwrap();
        let sealer = sealer(&folder);
        assert_ne!(sealer.seal("a", b"x").unwrap(), sealer.seal("a", b"x").unwrap());
    }

    #[test]
    fn no_nonce_comes_twice_in_a_hundred_thousand() {
        let folder = TempDir::new().unwrap();
        let sealer = sealer(&folder);
        // The same text under the same key and nonce would come out alike.
        let seals = (0..100_000).map(|_| sealer.seal("a", b"x").unwrap().0);
        assert_eq!(seals.collect::<std::collections::HashSet<_>>().len(), 100_000);
    }

    #[test]
    fn what_was_changed_or_sealed_elsewhere_does_not_open() {
        let (here, there) = (TempDir::new().unwrap(), TempDir::new().unwrap());
        let sealed = sealer(&here).seal("a", b"x").unwrap();
        assert!(sealer(&there).open("a", &sealed).is_err());
        let last = if sealed.0.ends_with('A') { "B" } else { "A" };
        let changed = format!("{}{last}", &sealed.0[..sealed.0.len() - 1]);
        for text in [changed.as_str(), "", "v1", "v1.", "v1.00000000.", &sealed.0[..20]] {
            assert!(sealer(&here).open("a", &Sealed(text.to_owned())).is_err(), "{text}");
        }
    }

    #[test]
    fn an_older_key_goes_on_opening() {
        let folder = TempDir::new().unwrap();
        let sealed = sealer(&folder).seal("a", b"x").unwrap();
        let path = folder.path().join("secrets").join(KEYS);
        let mut keys = std::fs::read(&path).unwrap();
        keys.extend_from_slice(&made().unwrap());
        std::fs::write(path, keys).unwrap();
        let renewed = sealer(&folder);
        assert_eq!(renewed.open("a", &sealed).unwrap().as_slice(), b"x");
        assert_ne!(renewed.seal("a", b"x").unwrap().0[..11], sealed.0[..11]);
    }
}
