//! A name or address that was accepted is accepted again as it is shown and as it is compared, and
//! means the same person each time.
#![no_main]

use domain::users::{Email, MobileRules, UserKey, Username};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mobiles = MobileRules::default();
    if let Ok(name) = Username::parse(text) {
        for again in [name.as_str(), name.key()] {
            let again = Username::parse(again).map(|name| name.key().to_owned());
            assert_eq!(again.as_deref(), Ok(name.key()));
        }
        let shown = Username::parse(name.as_str()).map(|again| again.as_str().to_owned());
        assert_eq!(shown.as_deref(), Ok(name.as_str()));
        assert!(!name.key().chars().any(|c| c.is_whitespace() || c.is_control()));
    }
    if let Ok(email) = Email::parse(text) {
        for again in [email.as_str(), email.key()] {
            let again = Email::parse(again).map(|email| email.key().to_owned());
            assert_eq!(again.as_deref(), Ok(email.key()));
        }
        let shown = Email::parse(email.as_str()).map(|again| again.as_str().to_owned());
        assert_eq!(shown.as_deref(), Ok(email.as_str()));
        assert!(email.key().is_ascii() && email.key().len() <= 254);
        assert!(email.key().starts_with(email.local_part()));
        // What registers as an address signs in as that address, never as a name.
        let read = UserKey::read(text, &mobiles);
        assert!(matches!(read, Some(UserKey::Email(read)) if read == email));
    }
    match UserKey::read(text, &mobiles) {
        Some(UserKey::Username(name)) => assert_eq!(Username::parse(text), Ok(name)),
        Some(UserKey::Mobile(mobile)) => assert!(!mobile.key().is_empty()),
        Some(UserKey::Email(email)) => assert_eq!(Email::parse(text), Ok(email)),
        Some(UserKey::Id(_) | UserKey::Number(_)) => panic!("nobody types an id"),
        None => assert!(Email::parse(text).is_err()),
    }
});
