//! Mobile numbers: parsed and normalised once, here.

use crate::problem::Fault;

/// The longest number as written, in characters.
const MAX_WRITTEN: usize = 20;

/// How strictly a mobile number is read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MobileRules {
    /// Whether it must parse as a phone number; else any 1–20 characters of letters, digits, space
    /// and `+-().` will do (door 2's own example is `01XXXXXXXXX`).
    pub strict: bool,
    /// The country of numbers written without `+` (ISO 3166 alpha-2), if any.
    pub default_region: Option<String>,
}

impl MobileRules {
    /// Whether `code` is a country that numbers can be read for (ISO 3166 alpha-2, in capitals).
    pub fn knows_region(code: &str) -> bool {
        code.parse::<phonenumber::country::Id>().is_ok()
    }
}

/// A mobile number as written, and the key it is compared by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mobile {
    shown: String,
    key: String,
}

impl Mobile {
    /// Reads a number; its key is E.164 where it parses as a phone number, else the characters
    /// without separators, in lower case.
    pub fn parse(raw: &str, rules: &MobileRules) -> Result<Self, Fault> {
        if raw.is_empty() {
            return Err(Fault::Missing);
        }
        if raw.chars().count() > MAX_WRITTEN {
            return Err(Fault::TooLong(MAX_WRITTEN));
        }
        let plain: String = raw.chars().filter(|c| !is_separator(*c)).collect();
        let allowed = raw.chars().all(|c| c.is_ascii_alphanumeric() || c == '+' || is_separator(c));
        if !allowed || plain.is_empty() || plain == "+" {
            return Err(Fault::BadMobile);
        }
        match e164(&plain, rules.default_region.as_deref()) {
            Some(key) => Ok(Self { shown: raw.to_owned(), key }),
            None if rules.strict => Err(Fault::BadMobile),
            None => Ok(Self { shown: raw.to_owned(), key: plain.to_ascii_lowercase() }),
        }
    }

    /// A number that was parsed before, from a store.
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

    /// Whether a message can be sent to it: its key is E.164.
    pub fn is_international(&self) -> bool {
        self.key.starts_with('+')
    }

    /// What the directory compares the start of a number with: without separators, in lower case.
    pub fn search_key(start: &str) -> String {
        start.chars().filter(|c| !is_separator(*c)).flat_map(char::to_lowercase).collect()
    }

    /// Whether `text` reads as a mobile number: an optional `+`, then seven or more digits.
    pub fn reads_as(text: &str) -> bool {
        let digits = text.strip_prefix('+').unwrap_or(text);
        digits.len() >= 7 && digits.bytes().all(|b| b.is_ascii_digit())
    }

    /// Whether `typed` is a number in a notation that no user name is written in: plain digits, or
    /// with a leading `+`, spaces or parentheses.
    pub(crate) fn reads_as_written(typed: &str) -> bool {
        let plain: String = typed.chars().filter(|c| !is_separator(*c)).collect();
        let unlike_a_name = typed.starts_with('+') || typed.contains([' ', '(']) || plain == typed;
        unlike_a_name && Self::reads_as(&plain)
    }
}

fn is_separator(c: char) -> bool {
    matches!(c, ' ' | '-' | '(' | ')' | '.')
}

/// The E.164 form, if `plain` is digits (after an optional `+`) that make a valid number.
fn e164(plain: &str, region: Option<&str>) -> Option<String> {
    let digits = plain.strip_prefix('+').unwrap_or(plain);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let region = region.and_then(|code| code.parse().ok());
    if !plain.starts_with('+') && region.is_none() {
        return None;
    }
    let number = phonenumber::parse(region, plain).ok()?;
    number.is_valid().then(|| number.format().mode(phonenumber::Mode::E164).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn german() -> MobileRules {
        MobileRules { strict: true, default_region: Some("DE".into()) }
    }

    #[test]
    fn one_number_in_all_its_spellings_has_one_key() {
        for raw in ["+49 151 23456789", "0151 2345 6789", "(0151) 23456789", "+4915123456789"] {
            assert_eq!(Mobile::parse(raw, &german()).unwrap().key(), "+4915123456789", "{raw}");
        }
    }

    #[test]
    fn a_lenient_number_is_compared_without_separators() {
        let lenient = MobileRules::default();
        let written = Mobile::parse("01XXX-XXX (XXX)", &lenient).unwrap();
        assert_eq!((written.as_str(), written.key()), ("01XXX-XXX (XXX)", "01xxxxxxxxx"));
        assert!(Mobile::parse("01XXXXXXXXX", &MobileRules { strict: true, ..lenient }).is_err());
    }

    #[test]
    fn the_start_of_a_number_is_searched_for_without_its_separators() {
        assert_eq!(Mobile::search_key("+49 (151) 2"), "+491512");
        assert_eq!(Mobile::search_key("( )"), "");
    }

    #[test]
    fn what_is_no_number_is_refused_even_leniently() {
        for raw in ["", "+", "()-", "1\0", "１２３４５６７", "1,2", "123456789012345678901"]
        {
            assert!(Mobile::parse(raw, &MobileRules::default()).is_err(), "{raw:?}");
        }
    }

    #[test]
    fn a_region_is_a_country_in_capitals() {
        assert!(MobileRules::knows_region("DE") && MobileRules::knows_region("US"));
        for other in ["", "XX", "de", "Germany", "D"] {
            assert!(!MobileRules::knows_region(other), "{other}");
        }
    }

    #[test]
    fn seven_digits_read_as_a_number() {
        assert!(Mobile::reads_as("+1234567") && Mobile::reads_as("1234567"));
        assert!(!Mobile::reads_as("123456") && !Mobile::reads_as("1234567a"));
    }
}
