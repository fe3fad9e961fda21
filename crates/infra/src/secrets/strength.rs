//! Whether a secret could be guessed.

use std::path::Path;

use super::SecretsError;

/// The shortest secret, in bytes: 256 bits, as HS256 asks (RFC 7518 §3.2).
const MIN_BYTES: usize = 32;

/// Fewer different bytes are a pattern: 32 random ones have 30 or so, 64 hexadecimal digits 16.
const MIN_DIFFERENT: usize = 8;

/// What sample secrets in manuals and examples are made of, in lower case.
const SAMPLES: [&str; 11] = [
    "changeme",
    "change-me",
    "change_me",
    "change this",
    "secret",
    "password",
    "example",
    "sample",
    "your-",
    "your_",
    "0123456789abcdef",
];

/// Refuses what is too short, well known or hardly random.
pub(super) fn check_strength(bytes: &[u8], path: &Path) -> Result<(), SecretsError> {
    if bytes.len() < MIN_BYTES {
        return Err(SecretsError::TooShort { path: path.to_owned(), bytes: bytes.len() });
    }
    if is_sample(bytes) {
        return Err(SecretsError::Sample { path: path.to_owned() });
    }
    Ok(())
}

/// Whether it would be refused.
pub(crate) fn is_weak(bytes: &[u8]) -> bool {
    bytes.len() < MIN_BYTES || is_sample(bytes)
}

fn is_sample(bytes: &[u8]) -> bool {
    let mut seen = [false; 256];
    bytes.iter().for_each(|byte| seen[usize::from(*byte)] = true);
    let different = seen.into_iter().filter(|seen| *seen).count();
    different < MIN_DIFFERENT || SAMPLES.iter().any(|sample| holds(bytes, sample.as_bytes()))
}

fn holds(bytes: &[u8], sample: &[u8]) -> bool {
    bytes.windows(sample.len()).any(|window| window.eq_ignore_ascii_case(sample))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8]) -> Result<(), SecretsError> {
        check_strength(bytes, Path::new("x.key"))
    }

    #[test]
    fn random_bytes_and_digits_are_secrets() {
        assert!(check(&(0..32).map(|byte| byte * 7).collect::<Vec<u8>>()).is_ok());
        assert!(check(b"1f8e03c7a95b6d24f0e1d2c3b4a59687").is_ok());
    }

    #[test]
    fn short_ones_are_refused() {
        let error = check(&(0..31).collect::<Vec<u8>>()).unwrap_err();
        assert!(matches!(error, SecretsError::TooShort { bytes: 31, .. }));
    }

    #[test]
    fn well_known_ones_are_refused() {
        for sample in [
            "a-string-secret-at-least-256-bits-long",
            "ChangeMe-ChangeMe-ChangeMe-ChangeMe",
            "0123456789abcdef0123456789abcdef",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "abcabcabcabcabcabcabcabcabcabcabcabc",
            "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
        ] {
            assert!(
                matches!(check(sample.as_bytes()), Err(SecretsError::Sample { .. })),
                "{sample}"
            );
        }
    }
}
