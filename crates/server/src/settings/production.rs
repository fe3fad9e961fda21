//! What production refuses because it is unsafe, and the line that mends it.

use std::path::Path;

use domain::sessions::Door;
use tracing::Level;

use super::{MailTransport, Mode, Settings, SmsTransport, credentials};

/// The lowest bcrypt cost for real people (OWASP Password Storage Cheat Sheet).
const MIN_COST: u32 = 10;

/// The keys whose values production refuses, and what to do about each.
pub(super) fn refused(settings: &Settings) -> Vec<(&'static str, String)> {
    let mut refused = Vec::new();
    let server = &settings.server;
    if server.public_url.is_exposed(server.bind.0, server.speaks_tls()) {
        refused.push((
            "server.public_url",
            "unsafe in production: passwords would travel in clear text; \
             under [server] write: public_url = \"https://auth.example.org\", or tls_cert and tls_key"
                .to_owned(),
        ));
    }
    if settings.password.bcrypt_cost.get() < MIN_COST {
        refused.push((
            "password.bcrypt_cost",
            format!("unsafe in production: less than {MIN_COST}; under [password] write: bcrypt_cost = 12"),
        ));
    }
    if matches!(settings.mail.transport, MailTransport::Preview) {
        refused.push((
            "mail.transport",
            "unsafe in production: nobody gets a mail; \
             under [mail] write: transport = \"smtps://mail.example.org\""
                .to_owned(),
        ));
    }
    if credentials::opens_a_database(&settings.database.url.in_folder(Path::new(""))) {
        refused.push((
            "database.url",
            "unsafe in production: the password is empty, the user's name or well known; \
             give the database user a random one"
                .to_owned(),
        ));
    }
    if let MailTransport::Smtp(url) = &settings.mail.transport {
        if url.credentials().is_some_and(|(user, word)| credentials::is_guessable(user, word)) {
            refused.push((
                "mail.transport",
                "unsafe in production: the password is empty, the user's name or well known; \
                 give the mail user a random one"
                    .to_owned(),
            ));
        }
        if url.may_be_read_on_the_way() {
            refused.push((
                "mail.transport",
                "unsafe in production: links and codes would travel in clear text; \
                 under [mail] write: transport = \"smtp://mail.example.org?tls=required\""
                    .to_owned(),
            ));
        }
    }
    if matches!(settings.mail.transport, MailTransport::Smtp(_)) && settings.mail.from.is_local() {
        refused.push((
            "mail.from",
            "unsafe in production: other servers refuse mails from localhost; \
             under [mail] write: from = \"Example <no-reply@example.org>\""
                .to_owned(),
        ));
    }
    if sends_activation_codes(settings) && matches!(settings.sms.transport, SmsTransport::Preview) {
        refused.push((
            "sms.transport",
            "unsafe in production: nobody gets an activation code; \
             under [sms] write: transport = \"webhook:https://sms.example.org/send\""
                .to_owned(),
        ));
    }
    if settings.log.level.0 > Level::INFO {
        refused.push((
            "log.level",
            "unsafe in production: it tells too much; under [log] write: level = \"info\""
                .to_owned(),
        ));
    }
    refused
}

/// Door 2 activates by a code, where it is open and hardened.
fn sends_activation_codes(settings: &Settings) -> bool {
    let compat = &settings.compat;
    matches!(compat.mode, Mode::Hardened) && compat.doors.0.contains(&Door::FlaskUserAuth)
}
