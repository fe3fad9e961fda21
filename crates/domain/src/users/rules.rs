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
    /// Whether somebody inactive who registers with a mobile number is sent a code to activate with.
    pub activation_code: bool,
}
