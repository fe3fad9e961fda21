//! What a letter says, and to whom.

use secrecy::{ExposeSecret, SecretString};

use crate::users::{Email, Mobile};

/// Where a letter goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recipient {
    /// A mail to this address.
    Mail(Email),
    /// A text message to this number.
    Sms(Mobile),
}

impl Recipient {
    /// The key by which people are found.
    pub fn key(&self) -> &str {
        match self {
            Self::Mail(email) => email.key(),
            Self::Sms(mobile) => mobile.key(),
        }
    }
}

/// A letter in the clear: it may hold a code, so it is kept sealed and cannot be printed.
#[derive(Debug, Clone)]
pub struct Letter {
    /// To whom.
    pub to: Recipient,
    /// The subject of a mail; text messages have none.
    pub subject: String,
    text: SecretString,
}

impl Letter {
    /// A letter in plain text.
    pub fn new(to: Recipient, subject: impl Into<String>, text: impl Into<String>) -> Self {
        Self { to, subject: subject.into(), text: SecretString::from(text.into()) }
    }

    /// What it says, for couriers and the sealer only.
    pub fn expose_text(&self) -> &str {
        self.text.expose_secret()
    }
}
