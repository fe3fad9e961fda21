//! E-mail addresses: parsed and normalised once, here.

use unicode_normalization::UnicodeNormalization;

use crate::problem::Fault;

/// The longest address that SMTP can carry (RFC 5321 §4.5.3.1.3, less the angle brackets).
const MAX_ADDRESS: usize = 254;
/// The longest part before the `@` (RFC 5321 §4.5.3.1.1).
const MAX_LOCAL: usize = 64;

/// One plain `local@domain` address. Quoted local parts, comments, lists and address literals are
/// refused: each has let a mail go to somebody else (GHSA-5jpx-9hw9-2fx4, CVE-2022-35924).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email {
    shown: String,
    key: String,
}

impl Email {
    /// Normalises (NFKC), then validates; the domain may be internationalised (IDNA 2008).
    pub fn parse(raw: &str) -> Result<Self, Fault> {
        if raw.is_empty() {
            return Err(Fault::Missing);
        }
        // Bounds the work of the normaliser before anything else looks at the text.
        if raw.len() > MAX_ADDRESS * 4 {
            return Err(Fault::TooLong(MAX_ADDRESS));
        }
        if raw.chars().any(char::is_control) {
            return Err(Fault::ControlCharacter);
        }
        let shown: String = raw.nfkc().collect();
        // A character that only becomes an `@` when normalised would hide a second one.
        if raw.matches('@').count() != 1 || shown.matches('@').count() != 1 {
            return Err(Fault::BadEmail);
        }
        let (local, domain) = shown.split_once('@').ok_or(Fault::BadEmail)?;
        if !is_dot_atom(local) || local.len() > MAX_LOCAL {
            return Err(Fault::BadEmail);
        }
        let written = domain;
        let domain = ascii_domain(written)?;
        let key = format!("{}@{domain}", local.to_ascii_lowercase());
        let shown = format!("{local}@{}", shown_domain(written, &domain));
        if key.len() > MAX_ADDRESS || shown.chars().count() > MAX_ADDRESS {
            return Err(Fault::TooLong(MAX_ADDRESS));
        }
        Ok(Self { shown, key })
    }

    /// An address that was parsed before, from a store.
    pub fn from_stored(shown: String, key: String) -> Self {
        Self { shown, key }
    }

    /// As the person wrote it: for replies, and the recipient of mails.
    pub fn as_str(&self) -> &str {
        &self.shown
    }

    /// What uniqueness and look-up compare: lower case, the domain in its ASCII form.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The part before the `@`, in lower case.
    pub fn local_part(&self) -> &str {
        self.key.split_once('@').map_or("", |(local, _)| local)
    }
}

/// RFC 5322 §3.2.3 dot-atom, ASCII only: our mails go out without SMTPUTF8.
fn is_dot_atom(local: &str) -> bool {
    local.split('.').all(|atom| !atom.is_empty() && atom.chars().all(is_atext))
}

fn is_atext(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c)
}

fn ascii_domain(domain: &str) -> Result<String, Fault> {
    let ascii = idna::domain_to_ascii_strict(domain).map_err(|_| Fault::BadEmail)?;
    let labels: Vec<&str> = ascii.split('.').collect();
    let named = labels.len() >= 2 && labels.iter().all(|label| is_label(label));
    // An all-digit top-level label is an IPv4 address, not a name (RFC 3696 §2).
    let top_is_name = labels.last().is_some_and(|top| !top.bytes().all(|b| b.is_ascii_digit()));
    if named && top_is_name { Ok(ascii) } else { Err(Fault::BadEmail) }
}

/// The domain as written, unless something in it does not count (a soft hyphen, say): then as it is
/// read, so that the address that is shown is the one that mail goes to.
fn shown_domain(written: &str, ascii: &str) -> String {
    let (read, _) = idna::domain_to_unicode(ascii);
    let lower = written.to_lowercase();
    if lower == read || lower == ascii { written.to_owned() } else { read }
}

fn is_label(label: &str) -> bool {
    let inner = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    !label.is_empty()
        && label.len() <= 63
        && label.bytes().all(inner)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(raw: &str) -> String {
        Email::parse(raw).unwrap().key().to_owned()
    }

    #[test]
    fn letter_case_and_idna_forms_share_one_key() {
        assert_eq!(key("Ada@Example.ORG"), "ada@example.org");
        assert_eq!(key("ada@BÜCHER.example"), key("ada@xn--bcher-kva.example"));
        assert_eq!(Email::parse("Ada@Example.org").unwrap().as_str(), "Ada@Example.org");
    }

    #[test]
    fn what_does_not_count_is_not_shown() {
        for raw in ["ada@ex\u{200b}ample.org", "ada@exam\u{ad}ple.org", "ada@example。org"] {
            assert_eq!(
                Email::parse(raw).map(|email| email.as_str().to_owned()),
                Ok("ada@example.org".into())
            );
        }
        assert_eq!(Email::parse("a@BÜCHER.example").unwrap().as_str(), "a@BÜCHER.example");
    }

    #[test]
    fn lookalike_letters_do_not_reach_anothers_key() {
        assert!(Email::parse("mıke@example.org").is_err(), "dotless i");
        assert_ne!(key("ada@cüre53.example"), key("ada@cure53.example"));
    }

    #[test]
    fn everything_that_is_not_one_plain_address_is_refused() {
        for raw in [
            "",
            "ada",
            "@example.org",
            "ada@",
            "ada@localhost",
            "a@b@example.org",
            "a@x.org,b@y.org",
            "a@x.org;b@y.org",
            "\"ada\"@example.org",
            "ada(c)@example.org",
            "<ada@example.org>",
            "ada@[127.0.0.1]",
            "ada@127.0.0.1",
            "ada @example.org",
            "ada@example.org\n",
            ".a@b.org",
            "a..b@c.org",
            "a.@b.org",
            "ada＠evil.org@example.org",
            "ada＠example.org",
            "a\0b@c.org",
            "ada@-x.org",
            "ada@x-.org",
            "ada@x..org",
            "ada@.org",
            "ada@example.org.",
        ] {
            assert!(Email::parse(raw).is_err(), "{raw:?} was accepted");
        }
    }

    #[test]
    fn too_long_is_refused_without_being_read() {
        assert!(Email::parse(&format!("a@{}.org", "b".repeat(1_000_000))).is_err());
        assert!(Email::parse(&format!("{}@example.org", "a".repeat(65))).is_err());
    }
}
