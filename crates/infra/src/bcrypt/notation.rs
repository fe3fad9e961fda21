//! How a hash is written down, and read again from what any software wrote.
//!
//! Plain: `$2b$12$` + 22 characters of salt + 31 of hash, as every bcrypt writes it.
//! Pre-hashed: `$bcrypt-sha256$v=2,t=2b,r=12$` + salt + `$` + hash, as Passlib has published it.

use base64::Engine;
use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD};

/// bcrypt's own alphabet. Some old software left the unused last bits of a salt set; they carry
/// nothing, so they are read over.
const BCRYPT_BASE64: GeneralPurpose =
    GeneralPurpose::new(&alphabet::BCRYPT, NO_PAD.with_decode_allow_trailing_bits(true));

const SALT_CHARS: usize = 22;
const HASH_CHARS: usize = 31;
const PREHASHED: &str = "$bcrypt-sha256$v=2,t=2b,r=";

/// A salt: 128 random bits.
pub(super) type Salt = [u8; 16];

/// A bcrypt hash; its twenty-fourth byte is never written down.
pub(super) type Digest = [u8; 23];

/// What bcrypt was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// The password itself, by today's version of bcrypt (`2b`).
    Plain,
    /// The password itself, by a version (`2a`, `2y`) that differs from `2b` in repaired faults only.
    PlainOfOld,
    /// A keyed SHA-256 of the password.
    Prehashed,
}

/// A hash that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stored {
    /// What bcrypt was given.
    pub(super) form: Form,
    /// The binary logarithm of the number of rounds.
    pub(super) cost: u32,
    /// The salt.
    pub(super) salt: Salt,
    /// The hash.
    pub(super) digest: Digest,
}

impl Stored {
    /// Reads either notation; `None` for everything else, `$2x$` (a faulty version) included.
    pub(super) fn parse(text: &str) -> Option<Self> {
        match text.strip_prefix(PREHASHED) {
            Some(rest) => {
                let (cost, rest) = rest.split_once('$')?;
                let (salt, digest) = rest.split_once('$')?;
                Self::read(Form::Prehashed, cost, salt, digest)
            }
            None => Self::parse_plain(text),
        }
    }

    fn parse_plain(text: &str) -> Option<Self> {
        let (version, rest) = text.strip_prefix('$')?.split_once('$')?;
        let form = match version {
            "2b" => Form::Plain,
            "2a" | "2y" => Form::PlainOfOld,
            _ => return None,
        };
        let (cost, rest) = rest.split_once('$')?;
        let (salt, digest) = rest.split_at_checked(SALT_CHARS)?;
        Self::read(form, cost, salt, digest)
    }

    fn read(form: Form, cost: &str, salt: &str, digest: &str) -> Option<Self> {
        Some(Self {
            form,
            cost: read_cost(form, cost)?,
            salt: decode(salt)?,
            digest: decode(digest)?,
        })
    }

    /// Writes the notation; the old versions are not written any more.
    pub(super) fn format(&self) -> String {
        let (cost, salt, digest) =
            (self.cost, encode_salt(&self.salt), BCRYPT_BASE64.encode(self.digest));
        match self.form {
            Form::Plain | Form::PlainOfOld => format!("$2b${cost:02}${salt}{digest}"),
            Form::Prehashed => format!("{PREHASHED}{cost}${salt}${digest}"),
        }
    }
}

/// A salt as it is written down.
pub(super) fn encode_salt(salt: &Salt) -> String {
    BCRYPT_BASE64.encode(salt)
}

/// Two digits in the plain notation, no leading zero in the other.
fn read_cost(form: Form, text: &str) -> Option<u32> {
    let digits = text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    let padded = match form {
        Form::Plain | Form::PlainOfOld => text.len() == 2,
        Form::Prehashed => !text.starts_with('0'),
    };
    (digits && padded).then(|| text.parse().ok()).flatten()
}

fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    let expected = if N == size_of::<Salt>() { SALT_CHARS } else { HASH_CHARS };
    let bytes = BCRYPT_BASE64.decode(text).ok()?;
    (text.len() == expected).then(|| bytes.try_into().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: &str = "$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e";
    const MARKED: &str =
        "$bcrypt-sha256$v=2,t=2b,r=4$abcdefghijklmnopqrstuu$Odmc8ItR9sSBk.F3SYhaTUIS9OW1qsK";

    #[test]
    fn what_is_written_reads_back() {
        for text in [PLAIN, MARKED] {
            assert_eq!(Stored::parse(text).unwrap().format(), text);
        }
        assert_eq!(Stored::parse(PLAIN).unwrap().form, Form::Plain);
        assert_eq!(Stored::parse(MARKED).unwrap().form, Form::Prehashed);
    }

    #[test]
    fn the_older_versions_are_told_apart() {
        for version in ["$2a$", "$2y$"] {
            let stored = Stored::parse(&PLAIN.replace("$2b$", version)).unwrap();
            assert_eq!(stored.form, Form::PlainOfOld);
        }
    }

    #[test]
    fn unused_bits_of_a_salt_make_no_difference() {
        let sloppy = PLAIN.replacen("stuuj", "stuvj", 1);
        assert_ne!(sloppy, PLAIN);
        assert_eq!(Stored::parse(&sloppy), Stored::parse(PLAIN));
    }

    #[test]
    fn everything_else_is_no_hash() {
        let mut bad = vec![String::new(), "$".into(), "$2b$".into(), "!".into(), "€".repeat(20)];
        bad.push(PLAIN.replace("$2b$", "$2x$"));
        bad.push(PLAIN.replace("$2b$", "$2$"));
        bad.push(PLAIN.replace("$04$", "$4$"));
        bad.push(PLAIN.replace("$04$", "$+4$"));
        bad.push(PLAIN.replace("$04$", "$004$"));
        bad.push(PLAIN.replace("abc", "a-c"));
        bad.push(format!("{PLAIN}e"));
        bad.push(format!("{PLAIN}\n"));
        bad.push(PLAIN[..59].to_owned());
        bad.push(MARKED.replace("r=4", "r=04"));
        bad.push(MARKED.replace("v=2", "v=1"));
        bad.push(MARKED.replace("t=2b", "t=2a"));
        bad.push(MARKED.replace("uu$O", "uuO"));
        bad.push(format!("{MARKED}="));
        for text in bad {
            assert_eq!(Stored::parse(&text), None, "{text}");
        }
    }
}
