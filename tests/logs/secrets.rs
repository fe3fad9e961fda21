//! What must not be found, and the search for it.

/// Everything that was sent or handed out and is nobody else's business.
#[derive(Default)]
pub(crate) struct Secrets(Vec<String>);

impl Secrets {
    /// One more.
    pub(crate) fn know(&mut self, secret: &str) {
        assert!(secret.len() >= 6, "too short to be looked for: {secret}");
        self.0.push(secret.to_owned());
    }

    /// All of them.
    pub(crate) fn all(&self) -> &[String] {
        &self.0
    }

    /// Fails where a secret is in the text, or the first or last half of a long one, or a hash.
    #[track_caller]
    pub(crate) fn assert_absent(&self, text: &str) {
        for secret in &self.0 {
            for part in parts(secret) {
                let found = text.lines().find(|line| holds(line, part));
                assert!(found.is_none(), "{part:?} of {secret:?} is logged: {found:?}");
            }
        }
        for mark in ["$2a$", "$2b$", "$2y$", "$bcrypt-sha256$"] {
            let hash = text.split(mark).nth(1).and_then(|rest| rest.as_bytes().first());
            assert!(!hash.is_some_and(u8::is_ascii_digit), "a hash is logged");
        }
    }
}

/// Codes of six digits are looked for as words: time stamps have six digits as well.
fn holds(line: &str, part: &str) -> bool {
    if part.len() > 6 {
        return line.contains(part);
    }
    let mut words = line.split(|sign: char| !sign.is_ascii_alphanumeric());
    words.any(|word| word == part)
}

fn parts(secret: &str) -> Vec<&str> {
    let middle = secret.len() / 2;
    // The first part of a signed token is the same for all.
    let is_signed = secret.starts_with("ey");
    match secret.len() {
        ..16 => vec![secret],
        _ if is_signed => vec![secret, &secret[middle..]],
        _ => vec![secret, &secret[..middle], &secret[middle..]],
    }
}
