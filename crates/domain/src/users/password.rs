//! Passwords and their hashes, neither of which can be printed.

use secrecy::{ExposeSecret, SecretString};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::problem::Fault;

/// The most bytes a password may have (UTF-8, after NFC). Longer input is refused before any work.
pub const MAX_PASSWORD_BYTES: usize = 1024;

/// A password that somebody typed: NFC (NIST SP 800-63B-4 §3.1.1.2), 1–1,024 bytes, no NUL.
/// Whether it is a good one is up to [`PasswordPolicy`](crate::users::PasswordPolicy).
#[derive(Debug, Clone)]
pub struct Password(SecretString);

impl Password {
    /// Takes what was typed; nothing is trimmed or cut.
    pub fn parse(raw: impl Into<String>) -> Result<Self, Fault> {
        let raw = Zeroizing::new(raw.into());
        if raw.is_empty() {
            return Err(Fault::Missing);
        }
        if raw.len() > MAX_PASSWORD_BYTES {
            return Err(Fault::TooManyBytes(MAX_PASSWORD_BYTES));
        }
        if raw.contains('\0') {
            return Err(Fault::ControlCharacter);
        }
        let normal: String = raw.nfc().collect();
        if normal.len() > MAX_PASSWORD_BYTES {
            return Err(Fault::TooManyBytes(MAX_PASSWORD_BYTES));
        }
        Ok(Self(normal.into()))
    }

    /// The characters, for hashing and judging only.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

/// A password hash in its native notation (`$2b$12$…`), made and read by a
/// [`PasswordHasher`](crate::users::PasswordHasher) alone.
#[derive(Debug, Clone)]
pub struct PasswordHash(SecretString);

impl PasswordHash {
    /// Takes a hash in its native notation.
    pub fn new(notation: impl Into<String>) -> Self {
        Self(notation.into().into())
    }

    /// The notation, for stores and hashers only.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

// Two hashes are compared to see whether a row changed, never to verify a password.
impl PartialEq for PasswordHash {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for PasswordHash {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn composed_and_decomposed_forms_are_one_password() {
        let composed = Password::parse("caf\u{e9} au lait").unwrap();
        let decomposed = Password::parse("cafe\u{301} au lait").unwrap();
        assert_eq!(composed.expose(), decomposed.expose());
    }

    #[test]
    fn nothing_is_trimmed() {
        assert_eq!(Password::parse(" a b ").unwrap().expose(), " a b ");
    }

    #[test]
    fn nul_and_more_than_1024_bytes_are_refused() {
        assert!(Password::parse("password\0password").is_err());
        assert!(Password::parse("a".repeat(1024)).is_ok());
        assert!(Password::parse("a".repeat(1025)).is_err());
        assert!(Password::parse("").is_err());
    }

    #[test]
    fn neither_can_be_printed() {
        let password = Password::parse("hunter22").unwrap();
        let hash = PasswordHash::new("$2b$12$abc");
        let printed = format!("{password:?} {hash:?}");
        assert!(!printed.contains("hunter22") && !printed.contains("$2b$"));
    }
}
