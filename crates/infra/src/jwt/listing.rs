//! The signing keys as an operator sees them: everything but the keys.

use std::time::Duration;

use domain::time::Timestamp;

use super::SIGNING_KEYS;
use super::keyring::{Keyring, StoredKey};
use crate::secrets::{SecretsError, SecretsFolder};

/// What may be shown of a signing key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningKey {
    /// Its id, as in the header of tokens.
    pub kid: String,
    /// Its algorithm's name.
    pub algorithm: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it signs.
    pub signs_from: Timestamp,
    /// Since when it signs no more.
    pub retired_at: Option<Timestamp>,
    /// When it is refused.
    pub verifies_until: Option<Timestamp>,
}

/// The keys in the folder, the oldest first. Nothing is made or changed.
pub fn list(
    folder: &SecretsFolder,
    longest_lifetime: Duration,
) -> Result<Vec<SigningKey>, SecretsError> {
    let bytes = folder.read(SIGNING_KEYS)?;
    let bytes = bytes.as_deref().map(Vec::as_slice);
    let keyring = Keyring::parse(bytes, &folder.path().join(SIGNING_KEYS))?;
    Ok(keyring.keys.iter().map(|key| shown(key, longest_lifetime)).collect())
}

fn shown(key: &StoredKey, longest_lifetime: Duration) -> SigningKey {
    SigningKey {
        kid: key.kid.clone(),
        algorithm: key.algorithm.clone(),
        created_at: Timestamp::from_datetime(key.created_at),
        signs_from: Timestamp::from_datetime(key.signs_from.unwrap_or(key.created_at)),
        retired_at: key.retired_at.map(Timestamp::from_datetime),
        verifies_until: key.verifies_until(longest_lifetime),
    }
}
