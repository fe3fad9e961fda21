//! Which passwords are good enough.

use zxcvbn::matching::Match;
use zxcvbn::matching::patterns::MatchPattern;
use zxcvbn::{Entropy, zxcvbn};

use crate::problem::{Fault, Field};
use crate::users::{Password, User};

/// The fewest characters (code points) of a good password (ASVS 6.2.1).
const MIN_CHARACTERS: usize = 8;
/// Repetitions, runs and keyboard walks count as common up to this length.
const PATTERN_CHARACTERS: usize = 14;
/// Only so many characters are estimated, since the work grows fast with the length and a caller may
/// ask for it at will. No common word is longer; own names are looked for in all of a password.
const ESTIMATED_CHARACTERS: usize = 24;
/// How many different signs may stand for letters. The estimate tries every way to read them, so a
/// password with more of them is read in one way.
const MANY_DISGUISES: usize = 3;
/// Signs that stand for letters, and the letters.
const DISGUISES: [(char, char); 10] = [
    ('@', 'a'),
    ('(', 'c'),
    ('{', 'c'),
    ('[', 'c'),
    ('<', 'c'),
    ('!', 'i'),
    ('|', 'i'),
    ('$', 's'),
    ('+', 't'),
    ('%', 'x'),
];
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
    /// Door 3: that, and not digits alone.
    Accounts,
}

impl PasswordPolicy {
    /// Every rule that `password` breaks for this person.
    pub fn faults(self, password: &Password, person: &User) -> Vec<Fault> {
        match self {
            Self::Any => Vec::new(),
            Self::Strict => strict(password.expose(), person),
            Self::Accounts => {
                let mut faults = strict(password.expose(), person);
                if password.expose().chars().all(char::is_numeric) {
                    faults.push(Fault::NumericPassword);
                }
                faults
            }
        }
    }
}

fn strict(password: &str, person: &User) -> Vec<Fault> {
    let mut faults = Vec::new();
    if password.chars().count() < MIN_CHARACTERS {
        faults.push(Fault::TooShort(MIN_CHARACTERS));
    }
    let lower = password.to_lowercase();
    if is_common(&lower) {
        faults.push(Fault::CommonPassword);
    }
    if let Some(field) = similar_to(&lower, person) {
        faults.push(Fault::SimilarPassword(field));
    }
    faults
}

/// Whether the *whole* password is on a list of common ones, in any letter case, or is one short
/// pattern. A common word inside a longer password is no fault.
fn is_common(lower: &str) -> bool {
    if leaves_little(lower, SERVICE) || main_word(lower, &[SERVICE]).is_some() {
        return true;
    }
    let Some(estimate) = estimate(lower, &[]) else { return false };
    let [whole] = estimate.sequence() else { return false };
    match &whole.pattern {
        MatchPattern::Dictionary(_) => true,
        MatchPattern::BruteForce => false,
        MatchPattern::Repeat(repeat) if is_word(&repeat.base_matches) => true,
        MatchPattern::Spatial(_)
        | MatchPattern::Repeat(_)
        | MatchPattern::Sequence(_)
        | MatchPattern::Regex(_)
        | MatchPattern::Date(_) => lower.chars().count() <= PATTERN_CHARACTERS,
    }
}

/// Whether what is repeated is one common word.
fn is_word(parts: &[Match]) -> bool {
    matches!(parts, [Match { pattern: MatchPattern::Dictionary(_), .. }])
}

/// The field of the person that makes up most of the password, if one does.
fn similar_to(lower: &str, person: &User) -> Option<Field> {
    let mut names = own_names(person);
    // A name of one or two letters is in every other password.
    names.retain(|(_, name)| name.chars().count() >= 3);
    let is_close = |name: &str| leaves_little(lower, name) || is_part_of(lower, name);
    if let Some((field, _)) = names.iter().find(|(_, name)| is_close(name)) {
        return Some(*field);
    }
    let words: Vec<&str> = names.iter().map(|(_, name)| name.as_str()).collect();
    let word = main_word(lower, &words)?;
    names.iter().find(|(_, name)| *name == word).map(|(field, _)| *field)
}

/// Whether hardly anything is left of the password without this name.
fn leaves_little(lower: &str, name: &str) -> bool {
    lower.contains(name) && lower.replace(name, "").chars().count() < 3
}

/// Whether the whole password stands in this name, whatever signs are put between.
fn is_part_of(lower: &str, name: &str) -> bool {
    let bare = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let (password, name) = (bare(lower), bare(name));
    password.chars().count() >= 5 && name.contains(&password)
}

/// The one of `words` that an easily guessed password is built around.
fn main_word(lower: &str, words: &[&str]) -> Option<String> {
    let estimate = estimate(lower, words)?;
    if estimate.guesses_log10() >= SIMILAR_GUESSES_LOG10 {
        return None;
    }
    estimate.sequence().iter().find_map(|part| match &part.pattern {
        MatchPattern::Dictionary(found) if words.contains(&found.matched_word.as_str()) => {
            Some(found.matched_word.clone())
        }
        MatchPattern::Dictionary(_)
        | MatchPattern::BruteForce
        | MatchPattern::Spatial(_)
        | MatchPattern::Repeat(_)
        | MatchPattern::Sequence(_)
        | MatchPattern::Regex(_)
        | MatchPattern::Date(_) => None,
    })
}

/// How guessable a password is; `None` for a long one. Bounded in time: see
/// `ESTIMATED_CHARACTERS` and `MANY_DISGUISES`.
fn estimate(lower: &str, words: &[&str]) -> Option<Entropy> {
    if lower.chars().count() > ESTIMATED_CHARACTERS {
        return None;
    }
    let worn = DISGUISES.iter().filter(|(sign, _)| lower.contains(*sign)).count();
    if worn <= MANY_DISGUISES {
        return Some(zxcvbn(lower, words));
    }
    let letter = |sign| DISGUISES.iter().find(|(worn, _)| *worn == sign).map(|(_, letter)| *letter);
    let bare: String = lower.chars().map(|c| letter(c).unwrap_or(c)).collect();
    Some(zxcvbn(&bare, words))
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
            "passwordpassword",
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
    fn a_disguise_hides_no_common_password_and_no_name() {
        for bad in ["p@ssw0rd", "P@$$w0rd", "1l0v3y0u"] {
            assert!(faults(bad).contains(&Fault::CommonPassword), "{bad}: {:?}", faults(bad));
        }
        assert!(!faults("l0v3l4c3").is_empty());
        assert_eq!(faults(&"lovelace".repeat(6)), vec![Fault::SimilarPassword(Field::Email)]);
    }

    #[test]
    fn a_part_of_a_name_is_refused_whatever_stands_between() {
        for bad in ["lovelace@exampl", "love-lace", "ovelace@ex"] {
            assert_eq!(faults(bad), vec![Fault::SimilarPassword(Field::Email)], "{bad}");
        }
    }

    #[test]
    fn digits_alone_are_judged_as_they_are() {
        assert_eq!(faults("8160259347"), vec![]);
        assert!(faults("1234567890").contains(&Fault::CommonPassword));
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
