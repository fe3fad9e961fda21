//! Secrets in files of their own, and in none of what is printed.

use super::super::show;
use super::Case;

#[test]
fn a_secret_may_stand_in_a_file_of_its_own() {
    use secrecy::ExposeSecret;

    let url = |case: &Case| {
        let settings = case.loaded().settings;
        settings.database.url.in_folder("./data".as_ref()).expose_secret().to_owned()
    };
    let case = Case::new().file("secret", "mysql://ada:hunter2@db/doorward\n");
    assert_eq!(url(&case), "sqlite://./data/doorward.db");
    let case = case.with("DOORWARD__DATABASE__URL_FILE", "secret");
    assert_eq!(url(&case), "mysql://ada:hunter2@db/doorward");
    let case = case.file("config/development.toml", "[database]\nurl = 'sqlite:below'");
    assert_eq!(url(&case), "mysql://ada:hunter2@db/doorward", "the upper layer holds");
    let shown = show::toml(&case.loaded(), true);
    assert!(!shown.contains("hunter2") && shown.contains("url_file = \"secret\""), "{shown}");
}

#[test]
fn a_secret_given_twice_in_one_layer_is_told() {
    let told = Case::new()
        .file("secret", "sqlite:one")
        .file("config/development.toml", "[database]\nurl = 'sqlite:two'\nurl_file = 'secret'")
        .problems();
    let expected = "given beside config/development.toml: database.url_file; give one of the two";
    assert!(told.contains(expected), "{told}");
}

#[test]
fn a_secret_file_that_is_of_no_use_is_told_without_what_it_holds() {
    let told = Case::new()
        .file("secret", "hunter2")
        .with("DOORWARD__DATABASE__URL_FILE", "secret")
        .problems();
    assert!(told.contains("expected a URL that begins with"), "{told}");
    assert!(!told.contains("hunter2"), "{told}");
}

#[test]
fn no_report_and_no_listing_shows_a_password() {
    for wrong in ["mongo://ada:hunter2@db/x", "hunter2", "ada:hunter2@db"] {
        let told = Case::new().with("DOORWARD__DATABASE__URL", wrong).problems();
        assert!(told.contains("***") && !told.contains("hunter2"), "{told}");
    }
    let case = Case::new()
        .with("DOORWARD__DATABASE__URL", "postgres://ada:hunter2@db/doorward?sslpassword=hunter2")
        .with("DOORWARD__MAIL__TRANSPORT", "smtps://ada:hunter2@mail.example.org")
        .with("DOORWARD__SMS__TRANSPORT", "webhook:https://sms.example.org/hunter2")
        .with("DOORWARD__SMS__WEBHOOK_SECRET", "hunter2");
    let loaded = case.loaded();
    let shown = show::toml(&loaded, true) + &show::json(&loaded).to_string();
    assert!(
        shown.contains("postgres://ada:***@db/doorward") && !shown.contains("hunter2"),
        "{shown}"
    );
    let told =
        case.with("DOORWARD__SERVER__PUBLIC_URL", "https://ada:hunter2@example.org").problems();
    assert!(!told.contains("hunter2"), "{told}");
}

#[test]
fn the_secrets_of_mail_and_sms_may_stand_in_files_too() {
    let case = Case::new()
        .file("mail", "smtp://ada:hunter2@mail.example.org\n")
        .file("sms", "hunter2\n")
        .with("DOORWARD__MAIL__TRANSPORT_FILE", "mail")
        .with("DOORWARD__SMS__TRANSPORT", "webhook:https://sms.example.org/x")
        .with("DOORWARD__SMS__WEBHOOK_SECRET_FILE", "sms");
    let loaded = case.loaded();
    let mail = loaded.settings.mail.transport.described("./data".as_ref());
    assert_eq!(mail, "smtp://mail.example.org:587");
    assert!(loaded.settings.sms.webhook_secret.is_given());
    let shown = show::toml(&loaded, true) + &format!("{:?}", loaded.settings);
    assert!(!shown.contains("hunter2"), "{shown}");
}

#[test]
fn what_is_no_secret_is_shown_as_it_is() {
    let case = Case::new()
        .with("DOORWARD__MAIL__TRANSPORT", "file:./out")
        .with("DOORWARD__MAIL__FROM", "Ada <ada@example.org>");
    let shown = show::toml(&case.loaded(), false);
    for line in ["\"file:./out\"", "\"Ada <ada@example.org>\"", "webhook_secret = \"\""] {
        assert!(shown.contains(line), "{line} is missing from {shown}");
    }
}

#[test]
fn a_secret_written_without_quotes_is_told_without_its_digits() {
    let told =
        Case::new().file("config/development.toml", "sms.webhook_secret = 271828").problems();
    assert!(told.contains("expected a text") && !told.contains("271828"), "{told}");
}
