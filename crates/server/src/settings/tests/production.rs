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
        ("DOORWARD__MAIL__TRANSPORT", "preview", "transport = \"smtps://mail.example.org\""),
        ("DOORWARD__MAIL__TRANSPORT", "smtps://mail.example.org", "from = \"Example <no-reply@"),
        ("DOORWARD__DATABASE__URL", "mysql://root:root@127.0.0.1/doorward", "a random one"),
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

#[test]
fn production_signs_in_to_no_mail_server_with_a_password_that_everybody_would_try() {
    let case = |transport: &str| {
        let case = Case::new().with("DOORWARD_ENV", "production");
        let case = case.with("DOORWARD__MAIL__FROM", "Example <no-reply@example.org>");
        case.with("DOORWARD__MAIL__TRANSPORT", transport)
    };
    for transport in ["smtps://ada@mail.example.org", "smtp://ada:ADA@h", "smtps://ada:secret@h"] {
        let told = case(transport).problems();
        assert!(told.starts_with("config: 1 problem\n") && told.contains("well known"), "{told}");
    }
}

#[test]
fn production_sends_no_mail_in_clear_text_over_a_network() {
    let case = |transport: &str| {
        let case = Case::new().with("DOORWARD_ENV", "production");
        let case = case.with("DOORWARD__MAIL__FROM", "Example <no-reply@example.org>");
        case.with("DOORWARD__MAIL__TRANSPORT", transport)
    };
    for transport in ["smtp://mail.example.org", "smtp://192.0.2.1:25"] {
        let told = case(transport).problems();
        assert!(
            told.starts_with("config: 1 problem\n") && told.contains("?tls=required"),
            "{told}"
        );
    }
    for transport in [
        "smtp://mail.example.org?tls=required",
        "smtp://ada:hunter2@mail.example.org",
        "smtps://mail.example.org",
        "smtp://localhost:2525",
        "smtp://127.0.0.1",
        "smtp://[::1]:2525",
    ] {
        case(transport).loaded();
    }
}
