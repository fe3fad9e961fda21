//! Mails over SMTP (RFC 5321), with TLS where it is asked for (RFC 8314) or to be had.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;
use std::time::Duration;

use domain::post::Undelivered;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::CourierError;

/// How long one command may take. RFC 5321, section 4.5.3.2, has minutes; those who wait at a screen
/// for their digits have not.
const COMMAND: Duration = Duration::from_secs(60);
/// How much of what a server says is kept, in characters.
const MAX_SAID: usize = 200;

/// `smtp://` or `smtps://`, perhaps with credentials, perhaps with a port.
#[derive(Clone)]
pub struct SmtpUrl {
    host: String,
    port: u16,
    security: Security,
    credentials: Option<(String, SecretString)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Security {
    /// TLS from the first byte: `smtps://`.
    Wrapped,
    /// STARTTLS or nothing: with credentials, or `?tls=required`.
    Required,
    /// STARTTLS where the server offers it.
    Opportunistic,
}

impl FromStr for SmtpUrl {
    type Err = &'static str;

    /// The text is in no error: it may hold a password.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const EXPECTED: &str = "expected smtp://[USER:PASSWORD@]HOST[:PORT] or smtps://…";
        let url = Url::parse(text).map_err(|_| EXPECTED)?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(EXPECTED)?;
        let decoded = |text| percent_decode_str(text).decode_utf8().map_err(|_| EXPECTED);
        let (user, password) = (decoded(url.username())?, decoded(url.password().unwrap_or(""))?);
        // Dropping a password in silence would send mails without signing in, perhaps without TLS.
        if (user.is_empty() && !password.is_empty()) || !matches!(url.path(), "" | "/") {
            return Err(EXPECTED);
        }
        let credentials = (!user.is_empty())
            .then(|| (user.into_owned(), SecretString::from(password.into_owned())));
        let required = match url.query() {
            None => credentials.is_some(),
            Some("tls=required") => true,
            Some(_) => return Err("expected no parameter but tls=required"),
        };
        let (security, port) = match (url.scheme(), required) {
            ("smtps", _) => (Security::Wrapped, 465),
            ("smtp", true) => (Security::Required, 587),
            ("smtp", false) => (Security::Opportunistic, 25),
            _ => return Err(EXPECTED),
        };
        let host = host.trim_matches(['[', ']']).to_owned();
        Ok(Self { host, port: url.port().unwrap_or(port), security, credentials })
    }
}

impl SmtpUrl {
    /// User and password, where somebody signs in.
    pub fn credentials(&self) -> Option<(&str, &SecretString)> {
        self.credentials.as_ref().map(|(user, password)| (user.as_str(), password))
    }

    /// Whether mails may cross a network in clear text, if the server offers no TLS.
    pub fn may_be_read_on_the_way(&self) -> bool {
        let address = self.host.parse::<IpAddr>().ok();
        let is_here = self.host == "localhost" || address.is_some_and(|host| host.is_loopback());
        self.security == Security::Opportunistic && !is_here
    }
}

/// Without credentials.
impl fmt::Display for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.security == Security::Wrapped { "smtps" } else { "smtp" };
        write!(f, "{scheme}://{}:{}", self.host, self.port)
    }
}

impl fmt::Debug for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A mail server.
pub(super) struct Smtp(AsyncSmtpTransport<Tokio1Executor>);

impl Smtp {
    pub(super) fn new(url: &SmtpUrl) -> Result<Self, CourierError> {
        let parameters = TlsParameters::new_rustls(url.host.clone());
        let parameters = parameters
            .map_err(|error| CourierError(format!("mail.transport: no TLS is to be had: {error}")));
        let tls = match url.security {
            Security::Wrapped => Tls::Wrapper(parameters?),
            Security::Required => Tls::Required(parameters?),
            Security::Opportunistic => parameters.map_or(Tls::None, Tls::Opportunistic),
        };
        let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&url.host)
            .port(url.port)
            .tls(tls)
            .timeout(Some(COMMAND));
        if let Some((user, password)) = &url.credentials {
            let password = password.expose_secret().to_owned();
            transport = transport.credentials(Credentials::new(user.clone(), password));
        }
        Ok(Self(transport.build()))
    }

    /// Hands the mail over; the server has it when it says so.
    pub(super) async fn send(&self, message: Message, text: &str) -> Result<(), Undelivered> {
        let sent = self.0.send(message).await.map(drop);
        sent.map_err(|error| Undelivered::because(told(&error, text)))
    }
}

/// What went wrong in one short line. What a server says may quote the letter: then only its code.
fn told(error: &Error, text: &str) -> String {
    let said = error.to_string();
    if quotes(&said, text) {
        let code = error.status().map_or_else(|| "no code".to_owned(), |code| code.to_string());
        return format!("the server's answer quotes the letter ({code})");
    }
    short(&said)
}

/// One line, not too long.
pub(super) fn short(said: &str) -> String {
    let line = said.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(MAX_SAID).collect()
}

/// Whether any word of the letter that may be a code or lead somewhere is in what was said.
fn quotes(said: &str, text: &str) -> bool {
    let telling = |word: &&str| word.len() >= 4 && word.bytes().any(|byte| byte.is_ascii_digit());
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '-' && c != '_');
    words.filter(telling).any(|word| said.contains(word))
}
