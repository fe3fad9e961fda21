//! Which password becomes which hash, and what a verdict may cost.
//!
//! bcrypt reads at most 72 bytes and, in most software, silently drops the rest. So a password of
//! up to 71 bytes (what the `bcrypt` crate's `non_truncating_hash` takes) becomes a plain `$2b$`
//! hash that any other software can verify, and a longer one is first put through
//! base64(HMAC-SHA-256(key = the salt as written, password)): 44 characters, none of them NUL. This
//! is Passlib's `bcrypt_sha256`, version 2, in Passlib's notation. The salt as the key keeps
//! unsalted SHA-256 hashes leaked elsewhere from being tried here.
//!
//! A candidate longer than 72 bytes never matches a plain hash: to cut it would let in everybody who
//! knows the beginning. All 72 bytes of one that is exactly so long count, so it may match.
//!
//! Every verdict costs the same number of rounds, be it for nobody, for a hash that cannot be read, or
//! for one that was made at another cost: time must not tell which it was (CVE-2016-2513). A cheaper
//! hash is topped up; the first dearer one that is met makes all verdicts as dear from then on, within
//! bounds (`docs/decisions/0012`).

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use blowfish::Blowfish;
use domain::users::{PasswordHash, Verdict};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::notation::{Digest, Form, Salt, Stored, encode_salt};

/// The longest password that becomes a plain hash, in bytes: a NUL follows it.
const PLAIN_BYTES: usize = 71;

/// The most bytes that bcrypt reads.
const BCRYPT_BYTES: usize = 72;

/// A stored hash may cost at most this, or the current cost if that is more. One of cost 31 would
/// keep a thread busy for days, so whoever can write one could stop all sign-ins.
const HIGHEST_STORED_COST: u32 = 16;

/// By how much one stored hash may raise the cost of all verdicts: four times the work. Beyond that its
/// own time tells that it is dear, rather than that everybody pays for it.
const MOST_RAISED: u32 = 2;

/// bcrypt's smallest cost.
const LOWEST_COST: u32 = 4;

/// bcrypt itself: cost, salt, at most 72 bytes.
type Bcrypt = fn(u32, Salt, &[u8]) -> [u8; 24];
/// So many rounds of bcrypt, for nothing.
type TopUp = fn(u64);

/// Hashes at one cost, and verifies what was hashed at any. Clones share what they have met.
#[derive(Clone)]
pub(super) struct Scheme {
    cost: u32,
    /// What every verdict costs.
    level: Arc<AtomicU32>,
    bcrypt: Bcrypt,
    top_up: TopUp,
}

impl Scheme {
    /// A scheme at this cost, which must be from 4 to 31.
    pub(super) fn new(cost: u32) -> Self {
        Self { cost, level: Arc::new(AtomicU32::new(cost)), bcrypt: bcrypt::bcrypt, top_up }
    }

    /// Hashes all of the password with a fresh salt.
    pub(super) fn hash(&self, password: &str) -> Result<PasswordHash, getrandom::Error> {
        let mut salt = Salt::default();
        getrandom::fill(&mut salt)?;
        let form = form_of(password);
        let digest = self.digest(self.cost, salt, &material(form, &salt, password));
        Ok(PasswordHash::new(Stored { form, cost: self.cost, salt, digest }.format()))
    }

    /// Whether the stored hash is of this password; `None` is nobody's.
    pub(super) fn verify(&self, password: &str, stored: Option<&str>) -> Verdict {
        let readable = stored.and_then(Stored::parse).filter(|stored| self.may_verify(stored));
        let level = self.level(readable.as_ref());
        match readable.filter(|stored| fits(password, stored.form)) {
            Some(stored) => self.compare(password, &stored, level),
            None => {
                black_box(self.digest(level, Salt::default(), b"nobody"));
                Verdict::Mismatch
            }
        }
    }

    /// What this verdict and the following ones cost.
    fn level(&self, stored: Option<&Stored>) -> u32 {
        let wanted = stored.map_or(self.cost, |stored| stored.cost);
        let wanted = wanted.min(self.cost + MOST_RAISED);
        self.level.fetch_max(wanted, Ordering::Relaxed).max(wanted)
    }

    fn may_verify(&self, stored: &Stored) -> bool {
        (LOWEST_COST..=HIGHEST_STORED_COST.max(self.cost)).contains(&stored.cost)
    }

    fn compare(&self, password: &str, stored: &Stored, level: u32) -> Verdict {
        let material = material(stored.form, &stored.salt, password);
        let digest = self.digest(stored.cost, stored.salt, &material);
        let missing = (1_u64 << level).saturating_sub(1 << stored.cost);
        if missing > 0 {
            (self.top_up)(missing);
        }
        if !bool::from(digest.ct_eq(&stored.digest)) {
            return Verdict::Mismatch;
        }
        Verdict::Match { outdated: stored.cost != self.cost || stored.form != form_of(password) }
    }

    /// bcrypt of these bytes and the NUL that ends them, unless they fill all 72.
    fn digest(&self, cost: u32, salt: Salt, bytes: &[u8]) -> Digest {
        let mut key = Zeroizing::new([0; BCRYPT_BYTES]);
        let used = bytes.len().min(BCRYPT_BYTES);
        key[..used].copy_from_slice(&bytes[..used]);
        let [digest @ .., _] = (self.bcrypt)(cost, salt, &key[..(used + 1).min(BCRYPT_BYTES)]);
        digest
    }
}

/// What bcrypt does in so many rounds, without what it does once: several hashes of lower cost would
/// take a hundredth longer than the one that they stand for.
fn top_up(rounds: u64) {
    let mut state = Blowfish::bc_init_state();
    for _ in 0..rounds {
        state.bc_expand_key(b"nobody\0");
        state.bc_expand_key(&Salt::default());
    }
    black_box(state.bc_encrypt([0, 0]));
}

/// How a password of this length is hashed today.
fn form_of(password: &str) -> Form {
    if password.len() <= PLAIN_BYTES { Form::Plain } else { Form::Prehashed }
}

/// Whether bcrypt reads all of this candidate. It would end at a NUL, or begin anew after it.
fn fits(candidate: &str, form: Form) -> bool {
    let whole = match form {
        Form::Plain | Form::PlainOfOld => candidate.len() <= BCRYPT_BYTES,
        Form::Prehashed => true,
    };
    whole && !candidate.contains('\0')
}

/// What bcrypt is given for this password.
fn material(form: Form, salt: &Salt, password: &str) -> Zeroizing<Vec<u8>> {
    match form {
        Form::Plain | Form::PlainOfOld => Zeroizing::new(password.as_bytes().to_vec()),
        Form::Prehashed => {
            let key = hmac::Key::new(hmac::HMAC_SHA256, encode_salt(salt).as_bytes());
            let tag = hmac::sign(&key, password.as_bytes());
            Zeroizing::new(STANDARD.encode(tag).into_bytes())
        }
    }
}

#[cfg(test)]
mod tests;
