//! How mails and text messages leave, and how sessions are to be cached.

use std::path::{Path, PathBuf};
use std::time::Duration;

use infra::courier::{self, Sender, SmtpUrl, WebhookUrl};
use secrecy::SecretString;
use serde::Deserialize;

use super::span::milliseconds;
use super::values::Written;

/// How mails leave.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "Written")]
pub(crate) enum MailTransport {
    /// Into a folder of the data folder.
    Preview,
    /// Into this folder.
    Folder(PathBuf),
    /// Over SMTP.
    Smtp(SmtpUrl),
}

impl MailTransport {
    /// The transport, and what to call it.
    pub(crate) fn resolved(&self, data_dir: &Path) -> courier::MailTransport {
        match self {
            Self::Preview => courier::MailTransport::Folder(data_dir.join("mail")),
            Self::Folder(path) => courier::MailTransport::Folder(path.clone()),
            Self::Smtp(url) => courier::MailTransport::Smtp(url.clone()),
        }
    }

    /// What the banner says of it.
    pub(crate) fn described(&self, data_dir: &Path) -> String {
        match self {
            Self::Preview => {
                let folder = data_dir.join("mail");
                let folder = folder.display();
                format!("preview: messages are kept in {folder} (set mail.transport to send)")
            }
            Self::Folder(path) => format!("file: {}", path.display()),
            Self::Smtp(url) => url.to_string(),
        }
    }
}

impl TryFrom<Written> for MailTransport {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        const EXPECTED: &str = "expected preview, file:DIR, smtp://HOST or smtps://HOST";
        let text = written.text().ok_or(EXPECTED)?;
        match (text.as_str(), folder(&text)) {
            ("preview", _) => Ok(Self::Preview),
            (_, Some(path)) => Ok(Self::Folder(path)),
            (url, None) => url.parse().map(Self::Smtp).map_err(|_| EXPECTED),
        }
    }
}

/// Who mails are from.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "Written")]
pub(crate) struct MailFrom(pub(crate) Sender);

impl MailFrom {
    /// Whether its address means this machine wherever it is read.
    pub(crate) fn is_local(&self) -> bool {
        let domain = self.0.domain().to_ascii_lowercase();
        domain == "localhost" || domain.ends_with(".localhost")
    }
}

impl TryFrom<Written> for MailFrom {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        written.text().unwrap_or_default().parse().map(Self)
    }
}

/// How text messages leave.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "Written")]
pub(crate) enum SmsTransport {
    /// Into a folder of the data folder.
    Preview,
    /// Into this folder.
    Folder(PathBuf),
    /// To a gateway.
    Webhook(WebhookUrl),
}

impl SmsTransport {
    /// The transport; a gateway is spoken to with this secret.
    pub(crate) fn resolved(&self, data_dir: &Path, secret: &Secret) -> courier::SmsTransport {
        match self {
            Self::Preview => courier::SmsTransport::Folder(data_dir.join("sms")),
            Self::Folder(path) => courier::SmsTransport::Folder(path.clone()),
            Self::Webhook(url) => courier::SmsTransport::Webhook(url.clone(), secret.0.clone()),
        }
    }

    /// What the banner says of it; nothing of a preview.
    pub(crate) fn described(&self) -> Option<String> {
        match self {
            Self::Preview => None,
            Self::Folder(path) => Some(format!("file: {}", path.display())),
            Self::Webhook(url) => Some(format!("webhook {url}")),
        }
    }
}

impl TryFrom<Written> for SmsTransport {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        const EXPECTED: &str = "expected preview, file:DIR or webhook:https://HOST/PATH";
        let text = written.text().ok_or(EXPECTED)?;
        match (text.as_str(), folder(&text), text.strip_prefix("webhook:")) {
            ("preview", _, _) => Ok(Self::Preview),
            (_, Some(path), _) => Ok(Self::Folder(path)),
            (_, None, Some(url)) => url.parse().map(Self::Webhook).map_err(|_| EXPECTED),
            (_, None, None) => Err(EXPECTED),
        }
    }
}

/// A secret text; empty where there is none.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "Written")]
pub(crate) struct Secret(SecretString);

impl Secret {
    /// Whether there is one.
    pub(crate) fn is_given(&self) -> bool {
        use secrecy::ExposeSecret;
        !self.0.expose_secret().is_empty()
    }
}

impl TryFrom<Written> for Secret {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        written.text().map(|text| Self(text.into())).ok_or("expected a text")
    }
}

/// How sessions are to be cached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub(crate) enum CacheRule {
    /// Only while this process is the only writer.
    Exact,
    /// Never.
    Off,
    /// Others may see what was true so long ago.
    Stale(Duration),
}

impl TryFrom<Written> for CacheRule {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        const EXPECTED: &str = "expected exact, off or a duration, as in 5s";
        let text = written.text().ok_or(EXPECTED)?;
        match text.as_str() {
            "exact" => Ok(Self::Exact),
            "off" => Ok(Self::Off),
            span => {
                let millis = milliseconds(span).and_then(|millis| u64::try_from(millis).ok());
                millis.map(Duration::from_millis).map(Self::Stale).ok_or(EXPECTED)
            }
        }
    }
}

fn folder(text: &str) -> Option<PathBuf> {
    text.strip_prefix("file:").filter(|path| !path.is_empty()).map(PathBuf::from)
}
