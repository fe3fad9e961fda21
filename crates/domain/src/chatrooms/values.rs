//! Names, passkeys and texts: parsed once, here.

use secrecy::SecretString;

use crate::problem::Fault;

/// The longest name and the longest passkey, in characters.
const MAX_SHORT: usize = 20;
/// The longest message, in characters.
const MAX_TEXT: usize = 5_000;

/// A room's name: 1–20 letters, digits, spaces and a few signs.
pub(super) fn name(raw: &str) -> Result<String, Fault> {
    if raw.trim().is_empty() {
        return Err(Fault::TooShort(1));
    }
    if raw.chars().count() > MAX_SHORT {
        return Err(Fault::TooLong(MAX_SHORT));
    }
    let fits = |c: char| c.is_alphanumeric() || c == ' ' || ".,;:()'\"&-_".contains(c);
    if raw.chars().all(fits) { Ok(raw.to_owned()) } else { Err(Fault::BadChatroomName) }
}

/// A passkey of at most 20 characters; none makes a room public.
pub(super) fn passkey(raw: &str) -> Result<Option<SecretString>, Fault> {
    if raw.chars().count() > MAX_SHORT {
        return Err(Fault::TooLong(MAX_SHORT));
    }
    if raw.chars().any(char::is_control) {
        return Err(Fault::ControlCharacter);
    }
    Ok((!raw.is_empty()).then(|| raw.to_owned().into()))
}

/// What a message says: 1–5,000 characters, with line ends and tabs but no other controls.
pub(super) fn text(raw: &str) -> Result<String, Fault> {
    if raw.trim().is_empty() {
        return Err(Fault::TooShort(1));
    }
    if raw.chars().count() > MAX_TEXT {
        return Err(Fault::TooLong(MAX_TEXT));
    }
    let is_bad = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    if raw.chars().any(is_bad) { Err(Fault::ControlCharacter) } else { Ok(raw.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_short_and_plain() {
        for good in ["a", "Beth & Rohan's (1)", "Größe: \"x\"", "a_b-c.d,e;f"] {
            assert_eq!(name(good).unwrap(), good);
        }
        assert_eq!(name(" "), Err(Fault::TooShort(1)));
        assert_eq!(name(&"a".repeat(21)), Err(Fault::TooLong(20)));
        for bad in ["a<b", "a\n", "a/b", "😀", "a\0"] {
            assert_eq!(name(bad), Err(Fault::BadChatroomName), "{bad:?}");
        }
    }

    #[test]
    fn no_passkey_and_an_empty_one_are_the_same() {
        assert!(passkey("").unwrap().is_none() && passkey("k").unwrap().is_some());
        assert!(passkey(&"k".repeat(21)).is_err() && passkey("a\0").is_err());
    }

    #[test]
    fn a_text_may_have_lines() {
        assert!(text("a\n\tb\r\n").is_ok() && text(&"é".repeat(5_000)).is_ok());
        for bad in ["", " \n", "a\0", "a\u{1b}[0m", &"a".repeat(5_001)] {
            assert!(text(bad).is_err(), "{bad:?}");
        }
    }
}
