//! Keys are compared byte by byte, as the domain normalised them.
#![expect(missing_docs, reason = "the name of a contract is its sentence")]

use domain::users::{Email, Mobile, User, UserKey, Username};

use super::StoreSet;
use super::steps::{added, find};
use crate::builders::a_user;

/// Keys that collations and column types are known to confuse.
const ALIKE: &[&str] = &[
    "cure",
    "cüre",
    "cu\u{308}re",
    "CURE",
    "Cure",
    "cure ",
    " cure",
    "cure\u{200b}",
    "strasse",
    "straße",
    "ae",
    "æ",
    "file",
    "ﬁle",
    "i",
    "ı",
    "İ",
    "k",
    "\u{212a}",
    "a_b",
    "a%b",
    "axb",
    "a\\b",
    "1",
    "1.0",
    "01",
    "😀",
    "😁",
    "か",
    "カ",
    "가",
    "null",
];

/// Adds a person for each of `ALIKE`, and finds each by its own.
async fn each_is_found_by_its_own_key(
    stores: &StoreSet,
    give: fn(&mut User, &str),
    key_of: fn(&str) -> UserKey,
) {
    let mut people = Vec::new();
    for key in ALIKE {
        people.push(added(stores, a_user().bare().with(|user| give(user, key))).await);
    }
    for (key, person) in ALIKE.iter().zip(people) {
        assert_eq!(find(stores, &key_of(key)).await, Some(person), "{key:?}");
    }
}

pub async fn usernames_are_told_apart_byte_by_byte(stores: StoreSet) {
    let name = |key: &str| Username::from_stored("shown".into(), key.into());
    each_is_found_by_its_own_key(
        &stores,
        |user, key| user.username = Some(Username::from_stored("shown".into(), key.into())),
        |key| UserKey::Username(Username::from_stored("shown".into(), key.into())),
    )
    .await;
    assert_eq!(find(&stores, &UserKey::Username(name("shown"))).await, None, "only keys count");
}

pub async fn email_addresses_are_told_apart_byte_by_byte(stores: StoreSet) {
    each_is_found_by_its_own_key(
        &stores,
        |user, key| user.email = Some(Email::from_stored("shown".into(), key.into())),
        |key| UserKey::Email(Email::from_stored("shown".into(), key.into())),
    )
    .await;
}

pub async fn mobile_numbers_are_told_apart_byte_by_byte(stores: StoreSet) {
    each_is_found_by_its_own_key(
        &stores,
        |user, key| user.mobile = Some(Mobile::from_stored("shown".into(), key.into())),
        |key| UserKey::Mobile(Mobile::from_stored("shown".into(), key.into())),
    )
    .await;
}

pub async fn the_spelling_is_kept_and_only_the_key_is_compared(stores: StoreSet) {
    let ada = a_user().named("AdaLovelace").with_email("Ada@BÜCHER.example");
    let ada = added(&stores, ada.with_mobile("+49 (151) 234-56789")).await;
    let other = a_user().named("adalovelace").with_email("ada@bücher.example");
    let other = other.with_mobile("+4915123456789").build();
    for key in [
        UserKey::Username(other.username.unwrap()),
        UserKey::Email(other.email.unwrap()),
        UserKey::Mobile(other.mobile.unwrap()),
    ] {
        assert_eq!(find(&stores, &key).await, Some(ada.clone()), "{key:?}");
    }
    assert_eq!(ada.username.as_ref().map(Username::as_str), Some("AdaLovelace"));
    assert_eq!(ada.email.as_ref().map(Email::as_str), Some("Ada@BÜCHER.example"));
    assert_eq!(ada.mobile.as_ref().map(Mobile::as_str), Some("+49 (151) 234-56789"));
}

pub async fn keys_of_full_length_are_compared_to_their_last_letter(stores: StoreSet) {
    let username = |last: &str| "\u{20000}".repeat(149) + last;
    let email = |last: &str| "a".repeat(253) + last;
    let mobile = |last: &str| "1".repeat(19) + last;
    let mut people = Vec::new();
    for (ideograph, letter, digit) in [("\u{20001}", "c", "2"), ("\u{20002}", "d", "3")] {
        let (name, address, number) = (username(ideograph), email(letter), mobile(digit));
        let person = a_user().with(|user| {
            user.username = Some(Username::from_stored(name.clone(), name));
            user.email = Some(Email::from_stored(address.clone(), address));
            user.mobile = Some(Mobile::from_stored(number.clone(), number));
        });
        people.push(added(&stores, person).await);
    }
    for person in people {
        let keys = [
            UserKey::Username(person.username.clone().unwrap()),
            UserKey::Email(person.email.clone().unwrap()),
            UserKey::Mobile(person.mobile.clone().unwrap()),
        ];
        for key in keys {
            assert_eq!(find(&stores, &key).await, Some(person.clone()), "{key:?}");
        }
    }
}

pub async fn an_email_address_of_254_characters_comes_back(stores: StoreSet) {
    let label = "b".repeat(61);
    let longest = format!("{}@{label}.{label}.{label}.org", "a".repeat(64));
    assert_eq!(longest.len(), 254);
    let ada = added(&stores, a_user().with_email(&longest)).await;
    assert_eq!(find(&stores, &UserKey::Email(ada.email.clone().unwrap())).await, Some(ada));
}
