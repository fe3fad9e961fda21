//! Settings of features that are to come: checked already, so that a file stays valid, but not used.

use std::time::Duration;

use serde::Deserialize;
use url::Url;

use super::span::milliseconds;
use super::values::Written;

/// How mails are to leave.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub(crate) struct MailTransport(String);

impl TryFrom<Written> for MailTransport {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let known = |text: &String| {
            text == "preview" || is_folder(text) || is_url(text, &["smtp", "smtps"])
        };
        let text = written.text().filter(known);
        text.map(Self).ok_or("expected preview, file:DIR, smtp://HOST or smtps://HOST")
    }
}

/// How text messages are to leave.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub(crate) struct SmsTransport(String);

impl TryFrom<Written> for SmsTransport {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let is_webhook =
            |text: &str| text.strip_prefix("webhook:").is_some_and(|url| is_url(url, &["https"]));
        let known = |text: &String| text == "preview" || is_folder(text) || is_webhook(text);
        let text = written.text().filter(known);
        text.map(Self).ok_or("expected preview, file:DIR or webhook:https://HOST/PATH")
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

fn is_folder(text: &str) -> bool {
    text.strip_prefix("file:").is_some_and(|path| !path.is_empty())
}

fn is_url(text: &str, schemes: &[&str]) -> bool {
    Url::parse(text).is_ok_and(|url| schemes.contains(&url.scheme()) && url.has_host())
}
