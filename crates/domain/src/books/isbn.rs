//! International Standard Book Numbers (ISO 2108): parsed and normalised once, here.

use crate::problem::Fault;

/// The longest way to write one, in bytes: 13 digits, a sign after each, and some to spare.
const MAX_WRITTEN: usize = 32;

/// An ISBN without hyphens, in the length it came in, and the 13 digits it is compared by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Isbn {
    shown: String,
    key: String,
}

impl Isbn {
    /// Reads 10 or 13 digits, with hyphens or spaces between them, and verifies the check digit.
    ///
    /// # Errors
    /// `BadIsbn`.
    pub fn parse(raw: &str) -> Result<Self, Fault> {
        if raw.len() > MAX_WRITTEN {
            return Err(Fault::BadIsbn);
        }
        let shown = plain(raw);
        let digits: Option<Vec<u32>> = shown.chars().map(value).collect();
        let digits = digits.ok_or(Fault::BadIsbn)?;
        let tens = digits.iter().filter(|digit| **digit == 10).count();
        match digits.as_slice() {
            [body @ .., check] if body.len() == 9 && tens == usize::from(*check == 10) => {
                if !(weighted(body) + check).is_multiple_of(11) {
                    return Err(Fault::BadIsbn);
                }
                let key = format!("978{}", &shown[..9]);
                let check = check_digit_13(&key);
                Ok(Self { key: format!("{key}{check}"), shown })
            }
            [body @ .., check] if body.len() == 12 && tens == 0 => {
                if check_digit_13(&shown[..12]) != *check {
                    return Err(Fault::BadIsbn);
                }
                Ok(Self { key: shown.clone(), shown })
            }
            _ => Err(Fault::BadIsbn),
        }
    }

    /// An ISBN that was parsed before, from a store.
    pub fn from_stored(shown: String, key: String) -> Self {
        Self { shown, key }
    }

    /// Without hyphens, in the length it came in.
    pub fn as_str(&self) -> &str {
        &self.shown
    }

    /// The 13-digit form: what uniqueness and look-up compare.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// What may be a part of an ISBN, as it is compared; `None` where it can be none.
    pub fn search_key(part: &str) -> Option<String> {
        let plain = plain(part);
        let is_part = |c: char| c.is_ascii_digit() || c == 'X';
        (!plain.is_empty() && plain.chars().all(is_part)).then_some(plain)
    }
}

/// Without hyphens and spaces, in capitals.
fn plain(raw: &str) -> String {
    raw.chars().filter(|c| !matches!(c, '-' | ' ')).map(|c| c.to_ascii_uppercase()).collect()
}

fn value(c: char) -> Option<u32> {
    if c == 'X' { Some(10) } else { c.to_digit(10) }
}

/// The first nine digits of an ISBN-10, weighted from ten downward.
fn weighted(body: &[u32]) -> u32 {
    body.iter().zip((2..=10).rev()).map(|(digit, weight)| digit * weight).sum()
}

/// The check digit of the first twelve digits of an ISBN-13.
fn check_digit_13(body: &str) -> u32 {
    let weights = [1, 3].into_iter().cycle();
    let sum: u32 = body.chars().filter_map(value).zip(weights).map(|(d, w)| d * w).sum();
    (10 - sum % 10) % 10
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_lengths_of_one_book_share_a_key() {
        let short = Isbn::parse("0-306-40615-2").unwrap();
        let long = Isbn::parse("978 0 306 40615 7").unwrap();
        assert_eq!((short.as_str(), long.as_str()), ("0306406152", "9780306406157"));
        assert_eq!(short.key(), long.key());
        assert_eq!(Isbn::parse("080442957x").unwrap().as_str(), "080442957X");
    }

    #[test]
    fn anything_else_is_refused() {
        let long = "-".repeat(23) + "0306406152";
        for raw in [
            "",
            "0306406153",
            "9780306406158",
            "030640615",
            "X306406152",
            "0X06406152",
            "978030640615X",
            "٠306406152",
            "0306406152\0",
            "97803064061577",
            "abc",
            &long,
        ] {
            assert_eq!(Isbn::parse(raw), Err(Fault::BadIsbn), "{raw:?}");
        }
    }
}
