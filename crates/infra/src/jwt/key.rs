//! One signing key, ready for use: how it signs, how it verifies, and what the public may see of it.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair,
};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use domain::entropy::Entropy;
use domain::sessions::PublicKey;
use domain::time::Timestamp;
use jsonwebtoken::{DecodingKey, EncodingKey, Validation};
use zeroize::Zeroizing;

use super::keyring::StoredKey;
use super::{Algorithm, JwtOptions};
use crate::secrets::{SecretsError, is_weak};
use crate::system::SystemEntropy;

/// A key that signs or still verifies.
pub(super) struct Key {
    pub(super) kid: String,
    pub(super) algorithm: Algorithm,
    /// Before this it signs nothing; `None` where it signed from the start.
    pub(super) signs_from: Option<Timestamp>,
    /// After this it verifies nothing; `None` for the key that signs.
    pub(super) verifies_until: Option<Timestamp>,
    pub(super) encoding: EncodingKey,
    pub(super) decoding: DecodingKey,
    pub(super) validation: Validation,
    pub(super) public: Option<PublicKey>,
}

impl Key {
    /// Reads a stored key; `Err` says in words what is wrong with it.
    pub(super) fn read(stored: &StoredKey, options: &JwtOptions) -> Result<Self, String> {
        let wrong = |what: &str| format!("key {:?} {what}", stored.kid);
        let algorithm = Algorithm::from_name(&stored.algorithm)
            .ok_or_else(|| wrong("is of an algorithm that is not known"))?;
        let private = STANDARD.decode(&stored.private_key).map(Zeroizing::new);
        let private = private.map_err(|_| wrong("is not base64"))?;
        let pair = Pair::read(algorithm, &private).ok_or_else(|| wrong("is damaged or weak"))?;
        Ok(Self {
            kid: stored.kid.clone(),
            algorithm,
            signs_from: stored.signs_from.map(Timestamp::from_datetime),
            verifies_until: stored.verifies_until(options.longest_lifetime),
            public: pair.public(&stored.kid),
            validation: validation(algorithm, options),
            encoding: pair.encoding,
            decoding: pair.decoding,
        })
    }
}

/// A new private key: a PKCS #8 document, or 32 random bytes for HS256.
pub(super) fn generate(algorithm: Algorithm) -> Result<Zeroizing<Vec<u8>>, SecretsError> {
    let random = SystemRandom::new();
    let document = match algorithm {
        Algorithm::EdDsa => Ed25519KeyPair::generate_pkcs8v1(&random),
        Algorithm::Es256 => EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random),
        Algorithm::Hs256 => {
            let mut secret = Zeroizing::new(vec![0; 32]);
            SystemEntropy.fill(&mut secret)?;
            return Ok(secret);
        }
    };
    let document = document.map_err(|_| SecretsError::KeyGeneration)?;
    Ok(Zeroizing::new(document.as_ref().to_vec()))
}

/// Both halves of a key for the library, and the public half in the clear.
struct Pair {
    algorithm: Algorithm,
    encoding: EncodingKey,
    decoding: DecodingKey,
    public: Vec<u8>,
}

impl Pair {
    fn read(algorithm: Algorithm, private: &[u8]) -> Option<Self> {
        let (encoding, decoding, public) = match algorithm {
            Algorithm::EdDsa => {
                let pair = Ed25519KeyPair::from_pkcs8(private).ok()?;
                let public = pair.public_key().as_ref().to_vec();
                (EncodingKey::from_ed_der(private), DecodingKey::from_ed_der(&public), public)
            }
            Algorithm::Es256 => {
                let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, private);
                let public = pair.ok()?.public_key().as_ref().to_vec();
                (EncodingKey::from_ec_der(private), DecodingKey::from_ec_der(&public), public)
            }
            Algorithm::Hs256 => {
                let secret = (!is_weak(private)).then_some(private)?;
                (EncodingKey::from_secret(secret), DecodingKey::from_secret(secret), Vec::new())
            }
        };
        Some(Self { algorithm, encoding, decoding, public })
    }

    fn public(&self, kid: &str) -> Option<PublicKey> {
        let alg = self.algorithm.name();
        let (kty, crv, x, y) = match self.algorithm {
            Algorithm::EdDsa => ("OKP", "Ed25519", self.public.as_slice(), None),
            Algorithm::Es256 => {
                // 4, for "not compressed", then both coordinates of 32 bytes (SEC 1 §2.3.3).
                let (x, y) = self.public.get(1..)?.split_at_checked(32)?;
                ("EC", "P-256", x, Some(y))
            }
            Algorithm::Hs256 => return None,
        };
        let (x, y) = (URL_SAFE_NO_PAD.encode(x), y.map(|y| URL_SAFE_NO_PAD.encode(y)));
        Some(PublicKey { kty, crv, alg, usage: "sig", kid: kid.to_owned(), x, y })
    }
}

/// Every field of the library's validation, so that no default of it ever counts.
fn validation(algorithm: Algorithm, options: &JwtOptions) -> Validation {
    let mut validation = Validation::new(algorithm.library());
    validation.algorithms = vec![algorithm.library()];
    validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
    validation.set_issuer(&[&options.issuer]);
    validation.set_audience(&[&options.audience]);
    validation.validate_aud = true;
    validation.sub = None;
    // The library reads the machine's clock and rounds fractions. Times are checked by
    // `wire::claims_at`, against the time that the caller gives and as whole numbers only.
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.leeway = 0;
    validation.reject_tokens_expiring_in_less_than = 0;
    validation
}
