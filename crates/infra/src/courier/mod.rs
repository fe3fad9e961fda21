//! Couriers: mails and text messages leave by SMTP, by a webhook, or into a folder.

mod folder;
mod message;
mod smtp;
mod webhook;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use domain::post::{Courier, DispatchId, Letter, Recipient, Undelivered};
use domain::time::Clock;
use domain::users::{Email, Mobile};
use secrecy::SecretString;

use folder::Folder;
pub use message::Sender;
use smtp::Smtp;
pub use smtp::SmtpUrl;
use webhook::Webhook;
pub use webhook::WebhookUrl;

/// How long handing over one letter may take, whatever the other side does. Mail servers may be slow
/// on purpose (RFC 5321, section 4.5.3.2).
const PATIENCE: Duration = Duration::from_secs(300);

/// How mails leave.
#[derive(Debug, Clone)]
pub enum MailTransport {
    /// One `.eml` file each, in this folder.
    Folder(PathBuf),
    /// Over SMTP.
    Smtp(SmtpUrl),
}

/// How text messages leave.
#[derive(Debug, Clone)]
pub enum SmsTransport {
    /// One JSON file each, in this folder.
    Folder(PathBuf),
    /// Posted to a gateway, signed with this secret.
    Webhook(WebhookUrl, SecretString),
}

/// What a courier is made with.
#[derive(Debug, Clone)]
pub struct CourierOptions {
    /// How mails leave.
    pub mail: MailTransport,
    /// Who they are from.
    pub from: Sender,
    /// How text messages leave.
    pub sms: SmsTransport,
}

/// A courier could not be made: one line for the operator.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct CourierError(String);

/// Carries every letter by the transport of its kind.
pub struct PostCourier {
    mail: Mail,
    sms: Sms,
    from: Sender,
    clock: Arc<dyn Clock>,
    patience: Duration,
}

enum Mail {
    Folder(Folder),
    Smtp(Smtp),
}

enum Sms {
    Folder(Folder),
    Webhook(Box<Webhook>),
}

impl PostCourier {
    /// Makes folders where they are missing, and reads the system's certificates where TLS needs them.
    pub fn new(options: CourierOptions, clock: Arc<dyn Clock>) -> Result<Self, CourierError> {
        let mail = match options.mail {
            MailTransport::Folder(path) => Mail::Folder(Folder::open(path)?),
            MailTransport::Smtp(url) => Mail::Smtp(Smtp::new(&url)?),
        };
        let sms = match options.sms {
            SmsTransport::Folder(path) => Sms::Folder(Folder::open(path)?),
            SmsTransport::Webhook(url, secret) => {
                Sms::Webhook(Box::new(Webhook::new(url, secret)?))
            }
        };
        Ok(Self { mail, sms, from: options.from, clock, patience: PATIENCE })
    }

    async fn mail(&self, id: DispatchId, to: &Email, letter: &Letter) -> Result<(), Undelivered> {
        let message = message::mail(id, &self.from, to, letter, self.clock.now())?;
        match &self.mail {
            Mail::Folder(folder) => folder.keep(format!("{id}.eml"), message.formatted()).await,
            Mail::Smtp(smtp) => smtp.send(message, letter.expose_text()).await,
        }
    }

    async fn sms(&self, id: DispatchId, to: &Mobile, letter: &Letter) -> Result<(), Undelivered> {
        let body = message::sms(id, to, letter)?;
        match &self.sms {
            Sms::Folder(folder) => folder.keep(format!("{id}.json"), body).await,
            Sms::Webhook(webhook) => webhook.post(body, self.clock.now()).await,
        }
    }
}

#[async_trait]
impl Courier for PostCourier {
    async fn deliver(&self, id: DispatchId, letter: &Letter) -> Result<(), Undelivered> {
        let carried = async {
            match &letter.to {
                Recipient::Mail(email) => self.mail(id, email, letter).await,
                Recipient::Sms(mobile) => self.sms(id, mobile, letter).await,
            }
        };
        let late = || Undelivered::because("the other side did not answer in time");
        tokio::time::timeout(self.patience, carried).await.unwrap_or_else(|_| Err(late()))
    }
}

#[cfg(test)]
mod tests;
