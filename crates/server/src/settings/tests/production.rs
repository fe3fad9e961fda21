//! What production refuses.

use super::super::load::Environment;
use super::Case;

#[test]
fn production_refuses_what_is_unsafe_and_names_the_line() {
    let case = || {
        let case = Case::new().with("DOORWARD_ENV", "production");
        case.with("DOORWARD__MAIL__TRANSPORT", "file:mail")
    };
    assert_eq!(case().loaded().environment, Environment::Production, "loopback is safe");
    for (variable, value, line) in [
        ("DOORWARD__SERVER__PUBLIC_URL", "http://auth.example.org", "public_url = \"https://"),
        ("DOORWARD__SERVER__BIND", "0.0.0.0:8080", "public_url = \"https://"),
        ("DOORWARD__PASSWORD__BCRYPT_COST", "9", "bcrypt_cost = 12"),
        ("DOORWARD__LOG__LEVEL", "debug", "level = \"info\""),
        ("DOORWARD__MAIL__TRANSPORT", "preview", "transport = \"smtp://mail.example.org\""),
        ("DOORWARD__MAIL__TRANSPORT", "smtp://mail.example.org", "from = \"Example <no-reply@"),
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

#[test]
fn production_sends_mails_from_a_name_that_others_know() {
    let case = |from: &str| {
        let case = Case::new().with("DOORWARD_ENV", "production");
        let case = case.with("DOORWARD__MAIL__TRANSPORT", "smtps://ada:hunter2@mail.example.org");
        case.with("DOORWARD__MAIL__FROM", from)
    };
    case("Example <no-reply@example.org>").loaded();
    for from in ["door@LOCALHOST", "Door <door@mail.localhost>"] {
        let told = case(from).problems();
        assert!(told.contains("DOORWARD__MAIL__FROM") && told.contains(from), "{told}");
    }
}

#[test]
fn production_sends_the_codes_that_a_hardened_door_asks_for() {
    let case = || {
        let case = Case::new().with("DOORWARD_ENV", "production");
        let case = case.with("DOORWARD__MAIL__TRANSPORT", "file:mail");
        case.with("DOORWARD__COMPAT__MODE", "hardened")
    };
    let told = case().problems();
    assert!(told.contains("sms.transport") && told.contains("webhook:https://"), "{told}");
    case().with("DOORWARD__COMPAT__DOORS", "py-api").loaded();
    case().with("DOORWARD__SMS__TRANSPORT", "file:sms").loaded();
}
