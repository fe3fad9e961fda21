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
    is_decoy: bool,
}

impl Letter {
    /// A letter in plain text.
    pub fn new(to: Recipient, subject: impl Into<String>, text: impl Into<String>) -> Self {
        Self { to, subject: subject.into(), text: SecretString::from(text.into()), is_decoy: false }
    }

    /// The same as a letter to nobody, where `is_decoy`: kept and taken up like any other, so that the
    /// work is the same, and never sent.
    #[must_use]
    pub fn as_decoy(self, is_decoy: bool) -> Self {
        Self { is_decoy, ..self }
    }

    /// Whether it is to nobody.
    pub fn is_decoy(&self) -> bool {
        self.is_decoy
    }

    /// What it says, for couriers and the sealer only.
    pub fn expose_text(&self) -> &str {
        self.text.expose_secret()
    }
}
