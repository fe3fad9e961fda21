//! A password is read alike in every notation of its letters, and judged alike each time.
#![no_main]

use domain::problem::Fault;
use domain::users::{MAX_PASSWORD_BYTES, Password, PasswordPolicy, User};
use libfuzzer_sys::fuzz_target;
use testkit::a_user;

fn ada() -> User {
    a_user().named("ada").with_email("lovelace@example.org").shown_as("Countess").build()
}

fuzz_target!(|text: &str| {
    let Ok(password) = Password::parse(text) else {
        assert!(text.is_empty() || text.contains('\0') || text.len() > MAX_PASSWORD_BYTES / 3);
        return;
    };
    assert!((1..=MAX_PASSWORD_BYTES).contains(&password.expose().len()));
    let again = Password::parse(password.expose()).unwrap();
    assert_eq!(again.expose(), password.expose());

    let person = ada();
    let strict = PasswordPolicy::Strict.faults(&password, &person);
    assert_eq!(PasswordPolicy::Strict.faults(&again, &person), strict);
    assert!(PasswordPolicy::Any.faults(&password, &person).is_empty());
    let accounts = PasswordPolicy::Accounts.faults(&password, &person);
    assert!(strict.iter().all(|fault| accounts.contains(fault)));
    let is_short = strict.contains(&Fault::TooShort(8));
    assert_eq!(is_short, password.expose().chars().count() < 8);
    if text.is_ascii() {
        let upper = Password::parse(text.to_ascii_uppercase()).unwrap();
        assert_eq!(PasswordPolicy::Strict.faults(&upper, &person), strict, "letter case counts");
    }
});
