//! Signed tokens (RFC 7519), signed and verified as RFC 8725 asks.
//!
//! A token is believed in this order: its outer form; that its `kid` is one of ours and its `alg`
//! that very key's; its signature; issuer, audience and type; its times. Nothing in a header chooses
//! an algorithm or brings a key.

mod algorithm;
mod key;
mod keyring;
mod listing;
mod remembered;
mod wire;

use std::sync::{Mutex, PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;

use domain::sessions::{Claims, PublicKey, SignError, TokenFault, TokenKind, TokenSigner};
use domain::time::Timestamp;
use jsonwebtoken::Header;

pub use self::algorithm::Algorithm;
use self::key::Key;
use self::keyring::Keyring;
pub use self::listing::{SigningKey, list};
use self::remembered::{Digest, Remembered};
use self::wire::{Proven, WireClaims, WireHeader};
use crate::secrets::{SecretsError, SecretsFolder};

pub(crate) const SIGNING_KEYS: &str = "signing-keys.json";

/// How tokens are signed, and what they say of us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JwtOptions {
    /// How new tokens are signed.
    pub algorithm: Algorithm,
    /// `iss`, exactly.
    pub issuer: String,
    /// `aud`, exactly.
    pub audience: String,
    /// How long any token may live: so long a retired key still verifies.
    pub longest_lifetime: Duration,
}

/// Signs with the current key; verifies with it and with those that are retiring.
pub struct JwtSigner {
    folder: SecretsFolder,
    options: JwtOptions,
    keys: RwLock<Keys>,
    /// Held while the keys are changed, so that the last change made is the last one seen.
    changing: Mutex<()>,
}

/// The keys in use.
struct Keys {
    /// The newest, which signs unless its time is still to come.
    current: Key,
    /// The others, the oldest first.
    retiring: Vec<Key>,
    /// What these keys verified before. It goes with them.
    remembered: Remembered,
}

impl JwtSigner {
    /// Reads `signing-keys.json`. Makes a key where none of the chosen algorithm signs; one of
    /// another algorithm retires then.
    pub fn open(
        folder: &SecretsFolder,
        options: JwtOptions,
        now: Timestamp,
    ) -> Result<Self, SecretsError> {
        let keys = change(folder, &options, |keyring| keyring.prepare(&options, now))?;
        let (folder, keys) = (folder.clone(), RwLock::new(keys));
        Ok(Self { folder, options, keys, changing: Mutex::new(()) })
    }

    /// Makes a new key that signs when `notice` is over, and retires the present one then. Until
    /// then others have time to [`reload`](Self::reload): a token signed by a key that they do not
    /// know would be refused. Says its `kid`.
    pub fn rotate(&self, now: Timestamp, notice: Duration) -> Result<String, SecretsError> {
        self.change(|keyring| keyring.rotate(&self.options, now, notice).map(|()| true))
    }

    /// Makes a new key that signs at once, and forgets all others, which somebody else may have. What
    /// they signed is refused from now on. Says its `kid`.
    pub fn replace(&self, now: Timestamp) -> Result<String, SecretsError> {
        self.change(|keyring| keyring.replace(&self.options, now).map(|()| true))
    }

    /// Reads the keys again, after another process rotated them. Says the `kid` that signs now.
    pub fn reload(&self, now: Timestamp) -> Result<String, SecretsError> {
        self.change(|keyring| keyring.prepare(&self.options, now))
    }

    fn change(
        &self,
        step: impl FnOnce(&mut Keyring) -> Result<bool, SecretsError>,
    ) -> Result<String, SecretsError> {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let keys = change(&self.folder, &self.options, step)?;
        let kid = keys.current.kid.clone();
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
        Ok(kid)
    }

    /// The keys in use, which nobody changes meanwhile.
    fn keys(&self) -> RwLockReadGuard<'_, Keys> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl TokenSigner for JwtSigner {
    fn sign(&self, claims: &Claims) -> Result<String, SignError> {
        let keys = self.keys();
        let key = keys.signing(claims.issued_at);
        let mut header = Header::new(key.algorithm.library());
        header.typ = Some(wire::typ(claims.kind).to_owned());
        header.kid = Some(key.kid.clone());
        let claims = WireClaims::write(claims, &self.options)
            .ok_or_else(|| SignError("a time before 1970 cannot be written".into()))?;
        jsonwebtoken::encode(&header, &claims, &key.encoding)
            .map_err(|error| SignError(error.into()))
    }

    fn verify(&self, token: &str, kind: TokenKind, now: Timestamp) -> Result<Claims, TokenFault> {
        let keys = self.keys();
        let digest = Digest::of(token);
        if let Some(proven) = keys.remembered.get(&digest, kind, now) {
            return proven.claims_at(kind, now);
        }
        let header = WireHeader::read(token)?;
        let key = keys.find(&header, now).ok_or(TokenFault::BadSignature)?;
        let decoded = jsonwebtoken::decode::<WireClaims>(token, &key.decoding, &key.validation)
            .map_err(|error| wire::fault(&error))?;
        if header.typ.as_deref() != Some(wire::typ(kind)) {
            return Err(TokenFault::WrongKind);
        }
        let proven = Proven::from(decoded.claims);
        let claims = proven.claims_at(kind, now)?;
        keys.remembered.keep(digest, kind, proven, key.verifies_until);
        Ok(claims)
    }

    fn public_keys(&self) -> Vec<PublicKey> {
        self.keys().all().filter_map(|key| key.public.clone()).collect()
    }
}

impl Keys {
    /// The key that this header names, if it may still verify and the algorithm is its own.
    fn find(&self, header: &WireHeader, now: Timestamp) -> Option<&Key> {
        self.all()
            .filter(|key| key.verifies_until.is_none_or(|end| now < end))
            .find(|key| key.kid == header.kid && key.algorithm.name() == header.alg)
    }

    /// The newest key whose time has come.
    fn signing(&self, now: Timestamp) -> &Key {
        let newest_first = std::iter::once(&self.current).chain(self.retiring.iter().rev());
        let has_begun = |key: &&Key| key.signs_from.is_none_or(|begin| begin <= now);
        newest_first.into_iter().find(has_begun).unwrap_or(&self.current)
    }

    fn all(&self) -> impl Iterator<Item = &Key> {
        std::iter::once(&self.current).chain(&self.retiring)
    }
}

/// Does a step on the file, which is written if the step says that anything changed.
fn change(
    folder: &SecretsFolder,
    options: &JwtOptions,
    step: impl FnOnce(&mut Keyring) -> Result<bool, SecretsError>,
) -> Result<Keys, SecretsError> {
    let path = folder.path().join(SIGNING_KEYS);
    let malformed = |reason| SecretsError::Malformed { path: path.clone(), reason };
    let mut keys = None;
    folder.update(SIGNING_KEYS, |present| {
        let mut keyring = Keyring::parse(present, &path)?;
        let changed = step(&mut keyring)?;
        // Nothing is written that could not be read again.
        keys = Some(read(&keyring, options).map_err(malformed)?);
        changed.then(|| keyring.to_bytes()).transpose()
    })?;
    keys.ok_or_else(|| malformed("it holds no key".to_owned()))
}

/// Makes all keys ready; `Err` says in words what is wrong.
fn read(keyring: &Keyring, options: &JwtOptions) -> Result<Keys, String> {
    let mut current = None;
    let mut retiring: Vec<Key> = Vec::new();
    let signs = keyring.current().map(|key| &key.kid);
    for stored in &keyring.keys {
        let key = Key::read(stored, options)?;
        if signs == Some(&key.kid) && current.is_none() {
            current = Some(key);
        } else {
            retiring.push(key);
        }
    }
    let current = current.ok_or("it holds no key that signs")?;
    if retiring.iter().any(|key| key.kid == current.kid) {
        return Err(format!("key {:?} is there twice", current.kid));
    }
    Ok(Keys { current, retiring, remembered: Remembered::default() })
}

#[cfg(test)]
mod tests;
