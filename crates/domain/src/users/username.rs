//! User names: parsed and normalised once, here.

use precis_profiles::precis_core::profile::PrecisFastInvocation;
use precis_profiles::{UsernameCaseMapped, UsernameCasePreserved};
use unicode_normalization::UnicodeNormalization;
use unicode_security::RestrictionLevelDetection;
use unicode_security::restriction_level::RestrictionLevel;

use crate::problem::Fault;

/// The longest user name, in characters.
const MAX_CHARACTERS: usize = 150;

/// Names that would pass for the service itself. Operators may still give them.
const RESERVED: &[&str] = &[
    "admin",
    "administrator",
    "anonymous",
    "doorward",
    "me",
    "moderator",
    "null",
    "root",
    "security",
    "superuser",
    "support",
    "sysadmin",
    "system",
    "undefined",
];

/// A user name: letters, digits and ASCII signs without spaces (PRECIS UsernameCaseMapped, RFC 8265
/// §3.3), in letters of scripts that are not mistaken for each other (UTS #39 §5.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Username {
    shown: String,
    key: String,
}

impl Username {
    /// Reads a name; its letter case is kept for showing and folded for comparing.
    pub fn parse(raw: &str) -> Result<Self, Fault> {
        if raw.is_empty() {
            return Err(Fault::Missing);
        }
        if raw.chars().count() > MAX_CHARACTERS {
            return Err(Fault::TooLong(MAX_CHARACTERS));
        }
        if raw.chars().any(char::is_control) {
            return Err(Fault::ControlCharacter);
        }
        let shown = UsernameCasePreserved::enforce(raw).map_err(|_| Fault::BadUsername)?;
        let key = UsernameCaseMapped::enforce(raw).map_err(|_| Fault::BadUsername)?;
        let key: String = key.nfkc().collect();
        let letters: String = key.chars().filter(|c| c.is_alphabetic()).collect();
        if !letters.is_empty()
            && !letters.as_str().check_restriction_level(RestrictionLevel::HighlyRestrictive)
        {
            return Err(Fault::MixedScripts);
        }
        if key.chars().count() > MAX_CHARACTERS {
            return Err(Fault::TooLong(MAX_CHARACTERS));
        }
        Ok(Self { shown: shown.into_owned(), key })
    }

    /// A name that was parsed before, from a store.
    pub fn from_stored(shown: String, key: String) -> Self {
        Self { shown, key }
    }

    /// As the person wrote it.
    pub fn as_str(&self) -> &str {
        &self.shown
    }

    /// What uniqueness and look-up compare.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Whether only an operator may give this name.
    pub fn is_reserved(&self) -> bool {
        RESERVED.contains(&self.key.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letter_case_and_width_share_one_key() {
        let key = |raw| Username::parse(raw).unwrap().key().to_owned();
        assert_eq!(key("JohnSmith"), "johnsmith");
        assert_eq!(key("ＪｏｈｎSmith"), "johnsmith");
        assert_eq!(key("Zoe\u{308}"), key("ZOË"));
        assert_ne!(key("cure"), key("cüre"));
        assert_eq!(Username::parse("JohnSmith").unwrap().as_str(), "JohnSmith");
    }

    #[test]
    fn ascii_signs_are_allowed() {
        for raw in ["a", "tesu2", "a.b", "a@b", "a+b-c_d", "0"] {
            assert!(Username::parse(raw).is_ok(), "{raw}");
        }
    }

    #[test]
    fn spaces_controls_emoji_and_mixed_scripts_are_refused() {
        for raw in [
            "",
            "a b",
            " a",
            "a ",
            "a\0",
            "a\n",
            "a\u{200d}b",
            "a\u{202e}b",
            "😀",
            "аdmin",
            "\u{3000}",
        ] {
            assert!(Username::parse(raw).is_err(), "{raw:?} was accepted");
        }
        assert_eq!(Username::parse("аdmin"), Err(Fault::MixedScripts), "a Cyrillic a");
    }

    #[test]
    fn the_length_counts_characters() {
        assert!(Username::parse(&"ü".repeat(150)).is_ok());
        assert_eq!(Username::parse(&"a".repeat(151)), Err(Fault::TooLong(150)));
    }

    #[test]
    fn reserved_names_are_known_in_any_case() {
        assert!(Username::parse("Admin").unwrap().is_reserved());
        assert!(!Username::parse("ada").unwrap().is_reserved());
    }
}
