//! A mobile number that was accepted is accepted again with the same key, and a key in E.164 is read
//! alike everywhere. The first byte chooses the rules.
#![no_main]

use domain::users::{Mobile, MobileRules};
use libfuzzer_sys::fuzz_target;

const REGIONS: [Option<&str>; 6] =
    [None, Some("DE"), Some("US"), Some("BD"), Some("IT"), Some("AR")];

fuzz_target!(|input: &[u8]| {
    let Some((choice, text)) = input.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let choice = usize::from(choice.wrapping_sub(b'a'));
    let default_region = REGIONS[choice / 2 % REGIONS.len()].map(str::to_owned);
    let rules = MobileRules { strict: choice % 2 == 0, default_region };
    let Ok(mobile) = Mobile::parse(text, &rules) else { return };
    let key =
        |text: &str, rules: &MobileRules| Mobile::parse(text, rules).map(|it| it.key().to_owned());
    assert_eq!(mobile.as_str(), text);
    assert_eq!(key(mobile.as_str(), &rules).as_deref(), Ok(mobile.key()));
    // Looser rules find whom stricter ones let in.
    let lenient = MobileRules { strict: false, ..rules.clone() };
    assert_eq!(key(text, &lenient).as_deref(), Ok(mobile.key()));
    if rules.strict {
        assert!(mobile.is_international());
    }
    if mobile.is_international() && Mobile::parse(mobile.key(), &strict()).is_ok() {
        assert_eq!(key(mobile.key(), &strict()).as_deref(), Ok(mobile.key()));
        assert_eq!(key(mobile.key(), &rules).as_deref(), Ok(mobile.key()));
    }
    assert!(rules.strict <= Mobile::parse(mobile.key(), &strict()).is_ok(), "{}", mobile.key());
});

fn strict() -> MobileRules {
    MobileRules { strict: true, default_region: None }
}
