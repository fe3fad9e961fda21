//! An ISBN that was accepted is accepted again, however it is written.
#![no_main]

use domain::books::Isbn;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(isbn) = Isbn::parse(text) else { return };
    assert_eq!(isbn.key().len(), 13);
    assert!(isbn.key().bytes().all(|byte| byte.is_ascii_digit()));
    assert!([10, 13].contains(&isbn.as_str().len()));
    for again in [isbn.as_str(), isbn.key()] {
        assert_eq!(Isbn::parse(again).map(|isbn| isbn.key().to_owned()), Ok(isbn.key().to_owned()));
    }
    assert_eq!(Isbn::search_key(text).as_deref(), Some(isbn.as_str()));
});
