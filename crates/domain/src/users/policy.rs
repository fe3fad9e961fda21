//! Which passwords are good enough.

use zxcvbn::matching::patterns::MatchPattern;

use crate::problem::{Fault, Field};
use crate::users::{Password, User};

/// The fewest characters (code points) of a good password (ASVS 6.2.1).
const MIN_CHARACTERS: usize = 8;
/// Repetitions, runs and keyboard walks count as common up to this length.
const PATTERN_CHARACTERS: usize = 14;
/// A password made mostly of the person's own names is refused below this many guesses.
const SIMILAR_GUESSES_LOG10: f64 = 8.0;
/// The service's own name, which people add a year to (ASVS 6.1.2).
const SERVICE: &str = "doorward";

/// The rule that a new password must meet. All violations are reported at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordPolicy {
    /// Any password: what the documents of doors 1, 2 and 4 accept.
    Any,
    /// `/v1` and the hardened doors: at least 8 characters, not common, not close to the person's
    /// own names; no composition rules (NIST SP 800-63B-4 §3.1.1.2).
    Strict,
}

impl PasswordPolicy {
    /// Every rule that `password` breaks for this person.
    pub fn faults(self, password: &Password, person: &User) -> Vec<Fault> {
        match self {
            Self::Any => Vec::new(),
            Self::Strict => strict(password.expose(), person),
        }
    }
}

fn strict(password: &str, person: &User) -> Vec<Fault> {
    let mut faults = Vec::new();
    if password.chars().count() < MIN_CHARACTERS {
        faults.push(Fault::TooShort(MIN_CHARACTERS));
    }
    if is_common(password) {
        faults.push(Fault::CommonPassword);
    }
    if let Some(field) = similar_to(password, person) {
        faults.push(Fault::SimilarPassword(field));
    }
    faults
}

/// Whether the *whole* password is on a list of common ones, in any letter case, or is one short
/// pattern. A common word inside a longer password is no fault.
fn is_common(password: &str) -> bool {
    let lower = password.to_lowercase();
    if is_mostly(&lower, SERVICE) {
        return true;
    }
    let estimate = zxcvbn::zxcvbn(&lower, &[]);
    let [whole] = estimate.sequence() else { return false };
    match &whole.pattern {
        MatchPattern::Dictionary(_) => true,
        MatchPattern::BruteForce => false,
        MatchPattern::Spatial(_)
        | MatchPattern::Repeat(_)
        | MatchPattern::Sequence(_)
        | MatchPattern::Regex(_)
        | MatchPattern::Date(_) => password.chars().count() <= PATTERN_CHARACTERS,
    }
}

/// The field of the person that makes up most of the password, if one does.
fn similar_to(password: &str, person: &User) -> Option<Field> {
    own_names(person)
        .into_iter()
        .find(|(_, name)| is_mostly(password, name))
        .map(|(field, _)| field)
}

fn is_mostly(password: &str, name: &str) -> bool {
    // A name of one or two letters is in every other password.
    if name.chars().count() < 3 {
        return false;
    }
    let estimate = zxcvbn::zxcvbn(password, &[name]);
    let uses_name = estimate.sequence().iter().any(
        |part| matches!(&part.pattern, MatchPattern::Dictionary(found) if found.matched_word == name),
    );
    uses_name && estimate.guesses_log10() < SIMILAR_GUESSES_LOG10
}

fn own_names(person: &User) -> Vec<(Field, String)> {
    let email = person.email.as_ref();
    let names = [
        (Field::Username, person.username.as_ref().map(|name| name.key().to_owned())),
        (Field::Email, email.map(|email| email.key().to_owned())),
        (Field::Email, email.map(|email| email.local_part().to_owned())),
        (Field::Mobile, person.mobile.as_ref().map(|mobile| mobile.key().to_owned())),
        (Field::FirstName, person.first_name.clone()),
        (Field::LastName, person.last_name.clone()),
        (Field::DisplayName, person.display_name.clone()),
    ];
    names
        .into_iter()
        .filter_map(|(field, name)| name.map(|name| (field, name.to_lowercase())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::users::ada;

    fn faults(password: &str) -> Vec<Fault> {
        PasswordPolicy::Strict.faults(&Password::parse(password).unwrap(), &ada())
    }

    #[test]
    fn eight_characters_are_enough_whatever_they_are() {
        for good in [
            "9fk2 lqx",
            "739105628401937",
            "ünïcödé zwölf",
            "🐘🌵🎻🚲🧊🪁🌋🦔",
            "lowercaseonlyphrase",
            " x9 q7 ",
        ] {
            let expected = if good.chars().count() < 8 { vec![Fault::TooShort(8)] } else { vec![] };
            assert_eq!(faults(good), expected, "{good}");
        }
    }

    #[test]
    fn common_passwords_are_refused_in_any_case() {
        for bad in [
            "password",
            "PASSWORD",
            "password1",
            "qwertyuiop",
            "iloveyou",
            "12345678",
            "11111111",
            "abcdefgh",
            "Doorward2026!",
        ] {
            assert!(faults(bad).contains(&Fault::CommonPassword), "{bad}: {:?}", faults(bad));
        }
    }

    #[test]
    fn a_common_word_in_a_long_password_is_no_fault() {
        assert_eq!(faults("password of the northern heron"), vec![]);
    }

    #[test]
    fn own_names_with_little_added_are_refused() {
        assert_eq!(faults("lovelace1"), vec![Fault::SimilarPassword(Field::Email)]);
        assert_eq!(faults("AugustaAda99"), vec![Fault::SimilarPassword(Field::FirstName)]);
    }

    #[test]
    fn all_reasons_come_at_once() {
        let all = faults("1234");
        assert!(
            all.contains(&Fault::TooShort(8)) && all.contains(&Fault::CommonPassword),
            "{all:?}"
        );
        assert_eq!(PasswordPolicy::Any.faults(&Password::parse("1").unwrap(), &ada()), vec![]);
    }
}
