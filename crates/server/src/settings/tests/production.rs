//! What production refuses.

use super::super::load::Environment;
use super::Case;

#[test]
fn production_refuses_what_is_unsafe_and_names_the_line() {
    let case = || Case::new().with("DOORWARD_ENV", "production");
    assert_eq!(case().loaded().environment, Environment::Production, "loopback is safe");
    for (variable, value, line) in [
        ("DOORWARD__SERVER__PUBLIC_URL", "http://auth.example.org", "public_url = \"https://"),
        ("DOORWARD__SERVER__BIND", "0.0.0.0:8080", "public_url = \"https://"),
        ("DOORWARD__PASSWORD__BCRYPT_COST", "9", "bcrypt_cost = 12"),
        ("DOORWARD__LOG__LEVEL", "debug", "level = \"info\""),
    ] {
        Case::new().with(variable, value).loaded();
        let told = case().with(variable, value).problems();
        assert!(told.starts_with("config: 1 problem\n"), "{told}");
        assert!(told.contains("unsafe in production") && told.contains(line), "{told}");
    }
    for url in ["https://auth.example.org", "http://localhost:8080", "http://127.0.0.1"] {
        case().with("DOORWARD__SERVER__PUBLIC_URL", url).loaded();
    }
    let told =
        case().with("DOORWARD__PASSWORD__BCRYPT_COST", "9").with("DOORWARD__X", "").problems();
    assert!(told.starts_with("config: 2 problems"), "refusals come beside mistakes: {told}");
}
