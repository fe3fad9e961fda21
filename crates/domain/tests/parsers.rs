//! Properties of the parsers of outside input: whatever comes in, they end, and a key is a key.

use domain::books::Isbn;
use domain::problem::Fault;
use domain::sessions::{SessionId, SessionToken, Transport};
use domain::users::{Email, Mobile, MobileRules, Password, UserKey, Username, search_key};
use proptest::prelude::*;
use uuid::Uuid;

fn key_of(name: &str) -> Option<String> {
    Username::parse(name).ok().map(|name| name.key().to_owned())
}

proptest! {
    #[test]
    fn no_text_makes_a_parser_fail_to_answer(text in any::<String>()) {
        let lenient = MobileRules::default();
        let strict = MobileRules { strict: true, default_region: Some("DE".into()) };
        let _ = (Email::parse(&text), Username::parse(&text), Password::parse(text.clone()));
        let _ = (Mobile::parse(&text, &lenient), Mobile::parse(&text, &strict));
        let _ = (UserKey::read(&text, &strict), search_key(&text));
        let _ = SessionToken::decode(&text, Transport::Refresh);
        let _ = Isbn::parse(&text);
    }

    #[test]
    fn the_key_of_an_isbn_is_an_isbn_of_its_own_key(nine in "[0-9]{9}") {
        let written = "0123456789X".chars().map(|last| format!("{nine}{last}"));
        let isbns: Vec<Isbn> = written.filter_map(|isbn| Isbn::parse(&isbn).ok()).collect();
        prop_assert_eq!(isbns.len(), 1);
        let key = isbns[0].key().to_owned();
        prop_assert_eq!(Isbn::parse(&key).map(|isbn| isbn.key().to_owned()), Ok(key));
    }

    #[test]
    fn the_key_of_a_key_is_the_key(name in "\\PC{1,40}") {
        if let Some(key) = key_of(&name) {
            prop_assert_eq!(key_of(&key), Some(key.clone()));
        }
    }

    #[test]
    fn a_name_in_capitals_is_the_same_person(name in "[a-z0-9._-]{1,40}") {
        prop_assert_eq!(key_of(&name), key_of(&name.to_ascii_uppercase()));
    }

    #[test]
    fn the_key_of_an_addresses_key_is_the_key(address in "[A-Za-z0-9.+_-]{1,20}@[A-Za-zäöüß0-9-]{1,20}\\.[a-z]{2,5}") {
        if let Ok(email) = Email::parse(&address) {
            let again = Email::parse(email.key()).unwrap();
            prop_assert_eq!(again.key(), email.key());
            prop_assert!(email.key().is_ascii());
        }
    }

    #[test]
    fn an_accepted_address_has_one_at_sign_and_nothing_invisible(address in "\\PC{0,10}[@＠]\\PC{0,10}(@\\PC{0,10})?") {
        if let Ok(email) = Email::parse(&address) {
            prop_assert_eq!(email.as_str().matches('@').count(), 1);
            prop_assert!(!email.as_str().chars().any(|c| c.is_control() || c.is_whitespace()));
        }
    }

    #[test]
    fn separators_do_not_make_another_number(digits in "[0-9]{3,12}", at in 1usize..3) {
        let rules = MobileRules::default();
        let spaced = format!("{} {}", &digits[..at], &digits[at..]);
        prop_assert_eq!(
            Mobile::parse(&digits, &rules).unwrap().key().to_owned(),
            Mobile::parse(&spaced, &rules).unwrap().key().to_owned()
        );
    }

    #[test]
    fn a_password_is_taken_whole_or_refused(text in "\\PC{1,300}", tail in "\\PC{1,3}") {
        let longer = format!("{text}{tail}");
        if let (Ok(short), Ok(long)) = (Password::parse(text), Password::parse(longer)) {
            prop_assert_ne!(short.expose(), long.expose());
        }
    }

    #[test]
    fn a_nul_is_refused_wherever_it_stands(before in "[a-z]{0,8}", after in "[a-z]{0,8}") {
        let text = format!("{before}\0{after}");
        prop_assert!(Username::parse(&text).is_err());
        prop_assert!(Email::parse(&text).is_err());
        prop_assert!(Mobile::parse(&text, &MobileRules::default()).is_err());
        prop_assert_eq!(Password::parse(text).err(), Some(Fault::ControlCharacter));
    }

    #[test]
    fn a_session_token_reads_back(id in any::<u128>(), secret in any::<[u8; 32]>()) {
        let token = SessionToken::first(SessionId(Uuid::from_u128(id)), Transport::Cookie, secret);
        let read = SessionToken::decode(&token.encode(), Transport::Cookie).unwrap();
        prop_assert_eq!(read.session_id(), token.session_id());
        prop_assert!(read.hash().matches(&token.hash()));
    }
}
