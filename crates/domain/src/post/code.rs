//! One-time codes: short enough to type, few tries, bound to a person, an address and a purpose.

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::entropy::{Entropy, NoEntropy, secret, uuid};
use crate::sessions::ChainKey;
use crate::time::Timestamp;
use crate::users::UserId;

/// What a code is good for, and for nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CodePurpose {
    /// Another password for somebody who forgot its own.
    PasswordReset,
    /// The first sign-in of somebody who registered (door 2, `hardened`).
    Activation,
    /// Another password, by a link that is enough by itself (`/v1`).
    ResetLink,
    /// Showing that an e-mail address is one's own, by a link.
    EmailLink,
    /// The same by six digits, for somebody who is signed in.
    EmailCode,
    /// Showing that a mobile number is one's own, by a link.
    MobileLink,
    /// The same by six digits, for somebody who is signed in.
    MobileCode,
}

impl CodePurpose {
    /// The name in the stores.
    pub fn name(self) -> &'static str {
        match self {
            Self::PasswordReset => "password_reset",
            Self::Activation => "activation",
            Self::ResetLink => "reset_link",
            Self::EmailLink => "email_link",
            Self::EmailCode => "email_code",
            Self::MobileLink => "mobile_link",
            Self::MobileCode => "mobile_code",
        }
    }

    /// The purpose of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        let all = [
            Self::PasswordReset,
            Self::Activation,
            Self::ResetLink,
            Self::EmailLink,
            Self::EmailCode,
            Self::MobileLink,
            Self::MobileCode,
        ];
        all.into_iter().find(|known| known.name() == name)
    }
}

/// The id of a kept code: a UUID version 7. Knowing it opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CodeId(pub Uuid);

/// What stores keep of a code: a digest keyed by the server and bound to the code's id, so that six
/// digits cannot be guessed from it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct CodeHash(pub [u8; 32]);

impl CodeHash {
    /// Compares in constant time.
    pub fn matches(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl std::fmt::Debug for CodeHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CodeHash(…)")
    }
}

/// A code as it is kept. It counts until it is used, replaced, out of tries or past its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// Names it; looked up by a [`Handle`].
    pub id: CodeId,
    /// Whose; `None` for a request in the name of nobody, which costs the same and opens nothing.
    pub user_id: Option<UserId>,
    /// What for.
    pub purpose: CodePurpose,
    /// The digest of the handle that its holder was given, or of whatever else finds it.
    pub handle_hash: CodeHash,
    /// The digest of what was sent; of a link, of the address that it was sent to.
    pub code_hash: CodeHash,
    /// How many more times it may be tried.
    pub tries_left: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

impl Code {
    /// An id for a code that is about to be made.
    ///
    /// # Errors
    /// Where there are no random bytes.
    pub fn new_id(entropy: &dyn Entropy, now: Timestamp) -> Result<CodeId, NoEntropy> {
        Ok(CodeId(uuid(entropy, now)?))
    }
}

/// Six digits, in the clear only on their way into a letter.
#[derive(Debug, Clone)]
pub struct CodeSecret(SecretString);

impl CodeSecret {
    /// Six random digits, each of the million as likely as any other.
    ///
    /// # Errors
    /// Where there are no random bytes.
    pub fn draw(entropy: &dyn Entropy) -> Result<Self, NoEntropy> {
        // 64 bits modulo a million: the surplus is one in eighteen trillion.
        let mut bytes = [0; 8];
        entropy.fill(&mut bytes)?;
        let digits = format!("{:06}", u64::from_be_bytes(bytes) % 1_000_000);
        Ok(Self(digits.into()))
    }

    /// What somebody typed, without the blanks around it.
    pub fn typed(text: &str) -> Self {
        Self(text.trim().to_owned().into())
    }

    /// What the store keeps of it, for this code.
    pub fn hash(&self, id: CodeId, key: &ChainKey) -> CodeHash {
        keyed(key, &[b"one-time code", id.0.as_bytes(), self.0.expose_secret().as_bytes()])
    }

    /// As [`hash`](Self::hash), bound to the address that it goes to besides.
    pub fn hash_for(&self, id: CodeId, address: &str, key: &ChainKey) -> CodeHash {
        let (id, digits) = (id.0.as_bytes(), self.0.expose_secret().as_bytes());
        keyed(key, &[b"one-time code of an address", id, address.as_bytes(), digits])
    }

    /// The digits, for a letter only.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

/// What finds a code again: 256 random bits that its holder was handed. It opens nothing by itself.
#[derive(Debug, Clone)]
pub struct Handle(SecretString);

impl Handle {
    /// A new one, with a prefix that tells it from every token.
    ///
    /// # Errors
    /// Where there are no random bytes.
    pub fn draw(entropy: &dyn Entropy) -> Result<Self, NoEntropy> {
        use base64::Engine;
        use base64::engine::general_purpose::URL_SAFE_NO_PAD;
        Ok(Self(format!("dwh_{}", URL_SAFE_NO_PAD.encode(secret(entropy)?)).into()))
    }

    /// What somebody sent as one.
    pub fn sent(text: &str) -> Self {
        Self(text.to_owned().into())
    }

    /// What the store finds it by: a fast digest will do for 256 random bits.
    pub fn hash(&self) -> CodeHash {
        CodeHash(Sha256::digest(self.0.expose_secret()).into())
    }

    /// What finds the one code of a person for a purpose that hands out no handle.
    pub fn of_person(user_id: UserId, purpose: CodePurpose, key: &ChainKey) -> CodeHash {
        keyed(key, &[b"code of a person", purpose.name().as_bytes(), user_id.0.as_bytes()])
    }

    /// The same for what was typed where that is nobody's.
    pub fn of_nobody(typed: &str, purpose: CodePurpose, key: &ChainKey) -> CodeHash {
        keyed(key, &[b"code of nobody", purpose.name().as_bytes(), typed.as_bytes()])
    }

    /// What a link keeps of the address that it went to: where that has changed since, the link opens
    /// nothing.
    pub fn address(id: CodeId, address: &str, key: &ChainKey) -> CodeHash {
        keyed(key, &[b"address of a link", id.0.as_bytes(), address.as_bytes()])
    }

    /// The text, for its holder only.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

/// HMAC-SHA-256 under the server's key, over parts that cannot run into each other.
fn keyed(key: &ChainKey, parts: &[&[u8]]) -> CodeHash {
    // HMAC takes a key of any length; the error cannot happen, and would match nothing.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.expose()) else {
        return CodeHash([0; 32]);
    };
    for part in parts {
        mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        mac.update(part);
    }
    CodeHash(mac.finalize().into_bytes().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::MockEntropy;

    fn key() -> ChainKey {
        ChainKey::new(vec![1; 32]).unwrap()
    }

    fn id(number: u128) -> CodeId {
        CodeId(Uuid::from_u128(number))
    }

    #[test]
    fn a_code_is_six_digits() {
        for fill in [0, 7, 255] {
            let mut entropy = MockEntropy::new();
            entropy.expect_fill().returning(move |bytes| {
                bytes.fill(fill);
                Ok(())
            });
            let code = CodeSecret::draw(&entropy).unwrap();
            assert!(code.expose().len() == 6 && code.expose().bytes().all(|b| b.is_ascii_digit()));
            assert!(!format!("{code:?}").contains(code.expose()));
        }
    }

    #[test]
    fn a_digest_is_bound_to_its_code_and_its_server() {
        let typed = CodeSecret::typed(" 123456 ");
        let hash = typed.hash(id(1), &key());
        assert!(hash.matches(&CodeSecret::typed("123456").hash(id(1), &key())));
        assert!(!hash.matches(&typed.hash(id(2), &key())));
        assert!(!hash.matches(&typed.hash(id(1), &ChainKey::new(vec![2; 32]).unwrap())));
        assert!(!hash.matches(&CodeSecret::typed("123457").hash(id(1), &key())));
    }

    #[test]
    fn a_handle_of_a_person_is_bound_to_its_purpose() {
        let user = UserId(Uuid::from_u128(5));
        let activation = Handle::of_person(user, CodePurpose::Activation, &key());
        assert_eq!(activation, Handle::of_person(user, CodePurpose::Activation, &key()));
        assert_ne!(activation, Handle::of_person(user, CodePurpose::PasswordReset, &key()));
    }
}
