//! What a search of the directory looks for: the start of a key.

use crate::users::text::MAX_KEY;
use crate::users::{Mobile, User, search_key};

/// The start of a username, e-mail address (its domain in ASCII form), mobile number (whatever the
/// separators) or display name, normalised as their keys are and compared with them literally.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prefix {
    texts: KeyRange,
    numbers: KeyRange,
}

impl Prefix {
    /// Normalises what somebody typed; `None` where nothing was: everything begins with nothing.
    pub fn new(typed: &str) -> Option<Self> {
        let text = Some(search_key(typed)).filter(|text| !text.is_empty())?;
        let number = match Mobile::search_key(typed) {
            // Nothing but separators: no number begins with them.
            number if number.is_empty() => text.clone(),
            number => number,
        };
        Some(Self {
            texts: KeyRange::starting_with(text),
            numbers: KeyRange::starting_with(number),
        })
    }

    /// Where the matching keys of usernames, e-mail addresses and display names are.
    pub fn texts(&self) -> &KeyRange {
        &self.texts
    }

    /// Where the matching keys of mobile numbers are.
    pub fn numbers(&self) -> &KeyRange {
        &self.numbers
    }

    /// The place of `user` in the order of a search: at the smallest of its keys that match. `None`
    /// where none does.
    pub fn place_of(&self, user: &User) -> Option<MatchCursor> {
        let name = user.username.as_ref().map(|name| name.key().to_owned());
        let email = user.email.as_ref().map(|email| email.key().to_owned());
        let shown = user.display_name.as_deref().map(search_key);
        let texts = [name, email, shown].into_iter().flatten();
        let texts = texts.filter(|key| self.texts.contains(key));
        let mobile = user.mobile.as_ref().map(|mobile| mobile.key().to_owned());
        let mobile = mobile.filter(|key| self.numbers.contains(key));
        let key = texts.chain(mobile).min()?;
        Some(MatchCursor { key, number: user.number })
    }
}

/// The keys that begin with a text, as a range in the order of code points. It is the order of bytes
/// in UTF-8 as well, and so the order of every byte-exact column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRange {
    start: String,
    end: String,
}

impl KeyRange {
    fn starting_with(start: String) -> Self {
        let end = after_all_of(&start);
        Self { start, end }
    }

    /// The smallest key that may be in it.
    pub fn start(&self) -> &str {
        &self.start
    }

    /// A text behind all keys in it, and not behind any other key.
    pub fn end(&self) -> &str {
        &self.end
    }

    /// Whether `key` is in it.
    pub fn contains(&self, key: &str) -> bool {
        key.starts_with(&self.start)
    }
}

/// The smallest text behind all that begin with `start`: its last character that has a successor is
/// replaced by it, and what follows is left out. To append the greatest character instead would leave
/// out keys that hold it. Where no character has a successor, no key is as long as the end.
fn after_all_of(start: &str) -> String {
    let mut rest = start.chars();
    while let Some(last) = rest.next_back() {
        if let Some(next) = successor(last) {
            return format!("{}{next}", rest.as_str());
        }
    }
    char::MAX.to_string().repeat(MAX_KEY + 1)
}

/// The next character, which is not the next number where that is a surrogate.
fn successor(c: char) -> Option<char> {
    (c..=char::MAX).nth(1)
}

/// Where a page of a search ended, in the order of a phone book.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct MatchCursor {
    /// The smallest matching key of the person, in the order of bytes.
    pub key: String,
    /// Its number: what tells people of one name apart.
    pub number: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_no_prefix() {
        assert_eq!(Prefix::new(""), None);
    }

    #[test]
    fn a_number_is_looked_for_without_its_separators_and_separators_as_text() {
        let prefix = Prefix::new("+49 (151) A").unwrap();
        assert_eq!((prefix.texts().start(), prefix.numbers().start()), ("+49 (151) a", "+49151a"));
        let prefix = Prefix::new("( )").unwrap();
        assert_eq!((prefix.texts().start(), prefix.numbers().start()), ("( )", "( )"));
    }

    #[test]
    fn a_range_ends_behind_every_key_that_begins_with_its_start() {
        let last = char::MAX;
        let cases = [
            ("ada", "adb".to_owned()),
            ("z", "{".to_owned()),
            ("\u{7f}", "\u{80}".to_owned()),
            ("\u{d7ff}", "\u{e000}".to_owned()),
            (&format!("ada{last}"), "adb".to_owned()),
            (&format!("ad{last}{last}"), "ae".to_owned()),
            (&format!("{last}{last}"), last.to_string().repeat(151)),
        ];
        for (start, end) in cases {
            let range = KeyRange::starting_with(start.to_owned());
            assert_eq!(range.end(), end, "{start:?}");
            for rest in ["", "a", "\u{308}", &format!("{last}"), &format!("{last}{last}z")] {
                let key = format!("{start}{rest}");
                assert!(range.contains(&key), "{key:?}");
                assert!((start.as_bytes()..end.as_bytes()).contains(&key.as_bytes()), "{key:?}");
            }
        }
    }

    #[test]
    fn nothing_else_is_in_the_range() {
        let range = KeyRange::starting_with("zoe".to_owned());
        for key in ["zo", "zod", "zof", "zo\u{eb}", "Zoe", "", "zo\u{10ffff}"] {
            let within = (range.start()..range.end()).contains(&key);
            assert!(!within && !range.contains(key), "{key:?}");
        }
    }
}
