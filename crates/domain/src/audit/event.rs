//! One thing that happened.

use std::net::IpAddr;

use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::sessions::{Door, SessionId};
use crate::time::Timestamp;
use crate::users::UserId;

/// An event's id: a UUID version 7.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EventId(pub Uuid);

/// What happened (ASVS 16.2.1: who, what, when, where).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The id.
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    /// What.
    pub action: Action,
    /// What came of it.
    pub outcome: Outcome,
    /// Who did it, where that is known.
    pub actor: Option<UserId>,
    /// To whom.
    pub subject: Option<UserId>,
    /// By or to which session.
    pub session: Option<SessionId>,
    /// At which surface; none at the command line.
    pub door: Option<Door>,
    /// The request that it was part of.
    pub request_id: Option<String>,
    /// Why, or what of it: a word or a few, never what somebody typed.
    pub detail: Option<String>,
    /// What points to a person by more than a number, until the person is erased.
    pub traits: Option<Traits>,
    /// The digest of the traits, which stays.
    pub traits_hash: [u8; 32],
}

/// Where the request came from. The salt keeps the digest from telling what was erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traits {
    /// The address.
    pub address: Option<IpAddr>,
    /// What the caller called itself, at most 255 characters.
    pub user_agent: Option<String>,
    /// 256 random bits.
    pub salt: [u8; 32],
}

impl Traits {
    /// What stays of them in the chain.
    pub fn digest(&self) -> [u8; 32] {
        let address = self.address.map(|address| address.to_string()).unwrap_or_default();
        let agent = self.user_agent.as_deref().unwrap_or_default();
        let mut digest = Sha256::new();
        digest.update(self.salt);
        digest.update(address);
        digest.update([0]);
        digest.update(agent);
        digest.finalize().into()
    }
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Success,
    /// It was tried, and was wrong.
    Failure,
    /// It was not allowed.
    Denied,
}

impl Outcome {
    const ALL: [Self; 3] = [Self::Success, Self::Failure, Self::Denied];
    /// All of their names.
    pub const NAMES: &'static str = "success, failure, denied";

    /// The name in JSON and in the stores.
    pub fn name(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Denied => "denied",
        }
    }

    /// The outcome of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name() == name)
    }
}

macro_rules! actions {
    ($(#[$first_doc:meta])* $first:ident = $first_name:literal,
     $($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// What is recorded.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Action {
            $(#[$first_doc])* $first,
            $($(#[$doc])* $variant,)*
        }

        impl Action {
            /// All of them, in the order of the documentation.
            pub const ALL: &'static [Self] = &[Self::$first, $(Self::$variant,)*];

            /// All of their names.
            pub const NAMES: &'static str = concat!($first_name, $(", ", $name),*);

            /// The name in JSON and in the stores.
            pub fn name(self) -> &'static str {
                match self {
                    Self::$first => $first_name,
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

actions! {
    /// Somebody registered or was added.
    Registration = "registration",
    /// A password was tried in order to sign in; or a session was opened.
    SignIn = "sign_in",
    /// Sign-ins are refused for a while, because too many failed: recorded once a minute.
    SignInThrottle = "sign_in_throttle",
    /// A refresh token was exchanged.
    Refresh = "refresh",
    /// A spent refresh token was used again: its session was closed.
    RefreshReuse = "refresh_reuse",
    /// A session was closed by its owner.
    SignOut = "sign_out",
    /// Several sessions of a person were closed.
    SessionsClose = "sessions_close",
    /// A password was changed by who knew the present one, or by an administrator.
    PasswordChange = "password_change",
    /// A present password was asked for, to confirm something, and was wrong.
    PasswordConfirmation = "password_confirmation",
    /// Somebody asked for a way to set a forgotten password anew.
    PasswordResetRequest = "password_reset_request",
    /// A password was set anew by a code or a link.
    PasswordReset = "password_reset",
    /// A letter to verify an address with was asked for.
    VerificationRequest = "verification_request",
    /// An address was verified.
    Verification = "verification",
    /// An account was activated.
    Activation = "activation",
    /// An account was changed; the detail names the members.
    AccountChange = "account_change",
    /// Somebody became, or ceased to be, an administrator.
    RolesChange = "roles_change",
    /// A person was locked.
    Lock = "lock",
    /// A person was unlocked.
    Unlock = "unlock",
    /// A person was removed.
    Removal = "removal",
    /// The passkey of a chatroom was tried, and was wrong.
    Passkey = "passkey",
    /// A one-time code or a link was tried, and opened nothing.
    Code = "code",
    /// Something was asked for that its caller may not do or see.
    Access = "access",
    /// A request of another site came with a session cookie.
    CrossSite = "cross_site",
}

impl Action {
    /// The action of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|known| known.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_read_back() {
        for action in Action::ALL {
            assert_eq!(Action::from_name(action.name()), Some(*action));
        }
        for outcome in Outcome::ALL {
            assert_eq!(Outcome::from_name(outcome.name()), Some(outcome));
        }
        assert_eq!(Action::from_name("sign-in"), None);
    }

    #[test]
    fn the_digest_of_traits_tells_them_apart() {
        let traits = |address: &str, agent: Option<&str>, salt| Traits {
            address: address.parse().ok(),
            user_agent: agent.map(str::to_owned),
            salt: [salt; 32],
        };
        let one = traits("192.0.2.1", Some("curl"), 1).digest();
        assert_eq!(traits("192.0.2.1", Some("curl"), 1).digest(), one);
        for other in [
            traits("192.0.2.2", Some("curl"), 1),
            traits("192.0.2.1", None, 1),
            traits("192.0.2.1", Some("curl"), 2),
        ] {
            assert_ne!(other.digest(), one);
        }
    }
}
