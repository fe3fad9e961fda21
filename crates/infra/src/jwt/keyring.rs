//! The signing keys as they are kept: one JSON file, oldest key first.
//!
//! The last key that is not retired signs, from the moment that was announced when it was made. A
//! retired one verifies until no token can be left that it signed, and is then removed.

use std::path::Path;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use domain::entropy::Entropy;
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use super::key;
use super::{Algorithm, JwtOptions};
use crate::secrets::SecretsError;
use crate::system::SystemEntropy;

/// All signing keys.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Keyring {
    pub(super) keys: Vec<StoredKey>,
}

/// One signing key.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredKey {
    /// 128 random bits, in hexadecimal.
    pub(super) kid: String,
    /// Its algorithm's name.
    pub(super) algorithm: String,
    /// When it was made.
    pub(super) created_at: DateTime<Utc>,
    /// From when on it signs, where that was later than its making.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) signs_from: Option<DateTime<Utc>>,
    /// Since when it does not sign any more.
    pub(super) retired_at: Option<DateTime<Utc>>,
    /// When the last token that it may have signed has ended; noted as it retires, so that other
    /// lifetimes in the settings change nothing for tokens that are out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) verifies_until: Option<DateTime<Utc>>,
    /// Base64 of a PKCS #8 document, or of the secret itself for HS256.
    pub(super) private_key: String,
}

impl Keyring {
    /// Reads the file; no file is no keys.
    pub(super) fn parse(bytes: Option<&[u8]>, path: &Path) -> Result<Self, SecretsError> {
        bytes.map_or(Ok(Self::default()), |bytes| {
            serde_json::from_slice(bytes).map_err(|error| {
                // The error's own text may quote a value, and the value be a key.
                let (line, column) = (error.line(), error.column());
                let reason = format!("it is no keyring (line {line}, column {column})");
                SecretsError::Malformed { path: path.to_owned(), reason }
            })
        })
    }

    /// The file's new content.
    pub(super) fn to_bytes(&self) -> Result<Zeroizing<Vec<u8>>, SecretsError> {
        let bytes = serde_json::to_vec_pretty(self);
        bytes.map(Zeroizing::new).map_err(|_| SecretsError::KeyGeneration)
    }

    /// Sees to it that the current key is of the chosen algorithm. Says whether anything changed.
    pub(super) fn prepare(
        &mut self,
        options: &JwtOptions,
        now: Timestamp,
    ) -> Result<bool, SecretsError> {
        let current = self.current().map(|key| key.algorithm == options.algorithm.name());
        if current == Some(true) {
            return Ok(self.prune(options.longest_lifetime, now));
        }
        self.rotate(options, now, Duration::ZERO)?;
        Ok(true)
    }

    /// Makes a new key, which takes the place of the one that signs when `notice` is over.
    pub(super) fn rotate(
        &mut self,
        options: &JwtOptions,
        now: Timestamp,
        notice: Duration,
    ) -> Result<(), SecretsError> {
        let begins = now.plus(notice);
        let mut next = StoredKey::generate(options.algorithm, now)?;
        next.signs_from = (begins > now).then(|| begins.datetime());
        for key in self.keys.iter_mut().filter(|key| key.retired_at.is_none()) {
            key.retired_at = Some(begins.datetime());
            key.verifies_until = Some(begins.plus(options.longest_lifetime).datetime());
        }
        self.keys.push(next);
        self.prune(options.longest_lifetime, now);
        Ok(())
    }

    /// Makes a new key that signs at once, and forgets all others: what they signed is refused.
    pub(super) fn replace(
        &mut self,
        options: &JwtOptions,
        now: Timestamp,
    ) -> Result<(), SecretsError> {
        self.keys = vec![StoredKey::generate(options.algorithm, now)?];
        Ok(())
    }

    /// The key that signs.
    pub(super) fn current(&self) -> Option<&StoredKey> {
        self.keys.iter().rfind(|key| key.retired_at.is_none())
    }

    /// Removes keys whose last token has ended.
    fn prune(&mut self, longest_lifetime: Duration, now: Timestamp) -> bool {
        let before = self.keys.len();
        self.keys.retain(|key| key.verifies_until(longest_lifetime).is_none_or(|end| now < end));
        self.keys.len() < before
    }
}

impl StoredKey {
    fn generate(algorithm: Algorithm, now: Timestamp) -> Result<Self, SecretsError> {
        let mut kid = [0; 16];
        SystemEntropy.fill(&mut kid)?;
        Ok(Self {
            kid: format!("{:032x}", u128::from_be_bytes(kid)),
            algorithm: algorithm.name().to_owned(),
            created_at: now.datetime(),
            signs_from: None,
            retired_at: None,
            verifies_until: None,
            private_key: STANDARD.encode(key::generate(algorithm)?),
        })
    }

    /// When the last token that it may have signed has ended; `None` while it signs.
    pub(super) fn verifies_until(&self, longest_lifetime: Duration) -> Option<Timestamp> {
        let retired = self.retired_at.map(Timestamp::from_datetime);
        let noted = self.verifies_until.map(Timestamp::from_datetime);
        retired.map(|at| noted.unwrap_or_else(|| at.plus(longest_lifetime)))
    }
}

impl Drop for StoredKey {
    fn drop(&mut self) {
        self.private_key.zeroize();
    }
}
