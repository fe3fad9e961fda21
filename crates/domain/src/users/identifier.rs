//! The ways to name one person.

use crate::users::{Email, Mobile, MobileRules, UserId, Username};

/// A unique key that finds at most one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UserKey {
    /// By id.
    Id(UserId),
    /// By number.
    Number(i64),
    /// By user name.
    Username(Username),
    /// By e-mail address.
    Email(Email),
    /// By mobile number.
    Mobile(Mobile),
}

impl UserKey {
    /// Reads what a person typed to name itself: an e-mail address where there is an `@`, a mobile
    /// number where it reads as one, else a user name. `None` where it can be nobody's. One text
    /// means one kind only, because a user name may read as another's e-mail address or mobile
    /// number at no door (GHSA-j9xq-j329-2xvg).
    pub fn read(typed: &str, mobiles: &MobileRules) -> Option<Self> {
        if typed.contains('@') {
            return Email::parse(typed).ok().map(Self::Email).or_else(|| Self::username(typed));
        }
        if Mobile::reads_as_written(typed) {
            let lenient = MobileRules { strict: false, ..mobiles.clone() };
            return Mobile::parse(typed, &lenient).ok().map(Self::Mobile);
        }
        Self::username(typed)
    }

    /// Reads a user name.
    pub fn username(typed: &str) -> Option<Self> {
        Username::parse(typed).ok().map(Self::Username)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(typed: &str) -> Option<UserKey> {
        UserKey::read(typed, &MobileRules::default())
    }

    #[test]
    fn each_text_means_one_kind() {
        assert!(
            matches!(read("Ada@Example.org"), Some(UserKey::Email(email)) if email.key() == "ada@example.org")
        );
        assert!(matches!(read("ada"), Some(UserKey::Username(name)) if name.key() == "ada"));
        assert!(matches!(read("2020.11.22"), Some(UserKey::Username(_))));
        for written in ["4915123456789", "+49 151 23456789", "(0151) 2345678"] {
            assert!(matches!(read(written), Some(UserKey::Mobile(_))), "{written}");
        }
    }

    #[test]
    fn what_can_be_nobody_is_nothing() {
        for typed in ["", "a b", "a\0", "\n"] {
            assert_eq!(read(typed), None, "{typed:?}");
        }
    }
}
