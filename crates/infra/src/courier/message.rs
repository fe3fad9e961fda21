//! Letters in the form in which they leave.

use std::str::FromStr;
use std::time::{Duration, SystemTime};

use domain::post::{DispatchId, Letter, Undelivered};
use domain::time::Timestamp;
use domain::users::{Email, Mobile};
use lettre::Message;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox, SinglePart};
use serde::Serialize;

/// The longest line of a mail, in bytes (RFC 5322 §2.1.1). A link stays whole below it, also for those
/// who read a mail as it came.
const MAX_LINE: usize = 998;

/// Who mails are from: `Name <local@domain>` or the address alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Sender(Mailbox);

impl FromStr for Sender {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self).map_err(|_| "expected a mail address, as in Name <name@example.org>")
    }
}

impl Sender {
    /// The part behind the `@`.
    pub fn domain(&self) -> &str {
        self.0.email.domain()
    }
}

/// A mail (RFC 5322) that says that a program wrote it (RFC 3834), so that no other answers.
pub(super) fn mail(
    id: DispatchId,
    from: &Sender,
    to: &Email,
    letter: &Letter,
    now: Timestamp,
) -> Result<Message, Undelivered> {
    // The key has the domain in its ASCII form, as the envelope needs it.
    let to = to.key().parse().map_err(|_| Undelivered::because("the address is none"))?;
    let text = with_crlf(letter.expose_text());
    let body = body(text)?;
    let part = SinglePart::builder().header(ContentType::TEXT_PLAIN).body(body);
    let automatic = |name, value: &str| {
        HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
    };
    let message = Message::builder()
        .message_id(Some(format!("<{id}@{}>", from.domain())))
        .date(date(now))
        .from(from.0.clone())
        .to(Mailbox::new(None, to))
        .subject(letter.subject.as_str());
    let mut message = message.singlepart(part).map_err(Undelivered::because)?;
    message.headers_mut().insert_raw(automatic("Auto-Submitted", "auto-generated"));
    message.headers_mut().insert_raw(automatic("X-Auto-Response-Suppress", "All"));
    Ok(message)
}

/// As it stands, where a mail may hold it so; the library would fold lines over 76 bytes.
fn body(text: String) -> Result<Body, Undelivered> {
    if text.is_ascii() && text.lines().all(|line| line.len() <= MAX_LINE) {
        let seven_bits = ContentTransferEncoding::SevenBit;
        return Ok(Body::dangerous_pre_encoded(text.into_bytes(), seven_bits));
    }
    Body::new_with_encoding(text, ContentTransferEncoding::QuotedPrintable)
        .map_err(|_| Undelivered::because("the text cannot be encoded"))
}

/// Every line end as CRLF: where a bare one stayed, a server that takes it for a line end could read
/// a dot after it as the end of the mail, and the rest as commands (RFC 5321 §2.3.8, §4.5.2).
fn with_crlf(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").replace('\n', "\r\n")
}

fn date(now: Timestamp) -> SystemTime {
    let seconds = u64::try_from(now.seconds()).unwrap_or_default();
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

#[derive(Serialize)]
struct Sms<'a> {
    id: String,
    to: &'a str,
    text: &'a str,
}

/// A text message as JSON; the number as it is compared, in E.164 where it is a phone number.
pub(super) fn sms(id: DispatchId, to: &Mobile, letter: &Letter) -> Result<Vec<u8>, Undelivered> {
    let sms = Sms { id: id.to_string(), to: to.key(), text: letter.expose_text() };
    serde_json::to_vec(&sms).map_err(Undelivered::because)
}
