//! Free text of a profile: kept exactly as sent, refused where it could harm.

use unicode_normalization::UnicodeNormalization;

use crate::problem::Fault;

/// The longest search key, in characters: what the stores' index keeps.
pub(crate) const MAX_KEY: usize = 150;

/// Accepts 1..=`max` characters without controls and without marks that reorder text (UAX #9).
pub(crate) fn parse(raw: &str, max: usize) -> Result<String, Fault> {
    if raw.trim().is_empty() {
        return Err(Fault::TooShort(1));
    }
    if raw.chars().count() > max {
        return Err(Fault::TooLong(max));
    }
    if raw.chars().any(|c| c.is_control() || is_reordering(c)) {
        return Err(Fault::ControlCharacter);
    }
    Ok(raw.to_owned())
}

fn is_reordering(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{061c}')
}

/// What the directory compares names by: compatibility-normalised, lower case, at most 150
/// characters.
pub fn search_key(text: &str) -> String {
    long_search_key(text).chars().take(MAX_KEY).collect()
}

/// What searches compare longer texts by: as [`search_key`], but of the whole text.
pub fn long_search_key(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_comes_back_as_it_was_sent() {
        for raw in ["Ada", "<b>\"%s\" & 'x'", "Zoe\u{308}", "👩‍🔬 Ada"] {
            assert_eq!(parse(raw, 50).unwrap(), raw);
        }
    }

    #[test]
    fn blanks_controls_and_reordering_marks_are_refused() {
        for raw in ["", "  ", "a\0", "a\r\nX: y", "a\u{202e}b", "a\u{2066}b"] {
            assert!(parse(raw, 50).is_err(), "{raw:?}");
        }
        assert_eq!(parse(&"é".repeat(51), 50), Err(Fault::TooLong(50)));
    }

    #[test]
    fn search_ignores_case_and_width() {
        assert_eq!(search_key("ＡDA Lovelace"), "ada lovelace");
    }

    /// What the columns for keys of whole titles are sized by.
    #[test]
    fn no_character_becomes_more_than_18_characters_or_33_bytes_of_a_key() {
        for c in '\0'..=char::MAX {
            let key = long_search_key(c.encode_utf8(&mut [0; 4]));
            assert!(key.len() <= 33 && key.chars().count() <= 18, "{c:?}");
        }
    }
}
