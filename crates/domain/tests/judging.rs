//! Judging a password is bounded work: whoever registers may ask for it, without a token.
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a bound in time is what is tested"
)]

use std::time::Instant;

use domain::users::{Password, PasswordPolicy};
use testkit::a_user;

// Not a measurement: without the bounds each of the first takes many seconds.
#[test]
fn no_password_takes_long_to_judge() {
    let person = a_user().named("abc").with_email("xyzabc@example.org").build();
    let signs = "4@8({[<3691!|0$5+7%2";
    let began = Instant::now();
    for text in
        [signs.repeat(5), signs.repeat(2), signs.to_owned(), "a4@".repeat(8), "a".repeat(1024)]
    {
        let password = Password::parse(text).unwrap();
        PasswordPolicy::Strict.faults(&password, &person);
    }
    assert!(began.elapsed().as_secs() < 2, "{:?}", began.elapsed());
}
