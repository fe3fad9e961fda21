//! What one surface asks of the people it registers and changes.

use crate::users::{MobileRules, PasswordPolicy, Status};

/// The rules of one surface in one mode; the services apply them, surfaces only choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// Which passwords are good enough.
    pub passwords: PasswordPolicy,
    /// How mobile numbers are read.
    pub mobiles: MobileRules,
    /// The status of a person who registers here.
    pub initial_status: Status,
    /// Whether a person's own change of e-mail or mobile needs the current password and waits for
    /// verification; else it takes effect at once.
    pub verify_changes: bool,
    /// Whether half as many registrations as otherwise are taken from one network.
    pub few_registrations: bool,
    /// What somebody who registers and is inactive is sent.
    pub greeting: Greeting,
    /// What the links in letters begin with: where people reach the server, never what a request says.
    pub link_base: String,
}

/// What somebody who registers and is inactive is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Greeting {
    /// Nothing.
    Nothing,
    /// A code to activate with, to its mobile number.
    ActivationCode,
    /// A link to verify its address with, which activates it.
    Link,
}
