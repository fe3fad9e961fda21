//! People: what they are, how they are named, where they are kept, what may be done to them.

mod activation;
mod admission;
mod changes;
mod correspondence;
mod credentials;
mod directory;
mod email;
mod flights;
mod hasher;
mod home;
mod identifier;
mod letters;
mod links;
mod mobile;
mod password;
mod password_changes;
mod policy;
mod prefix;
mod profile;
mod recovery;
mod registration;
mod reset_links;
mod room;
mod rules;
mod service;
mod slowing;
mod store;
mod streaks;
mod subject;
pub(crate) mod text;
mod turns;
mod user;
mod username;
mod verification;

pub(crate) use changes::ATTEMPTS;
pub(crate) use correspondence::Correspondence;
pub(crate) use credentials::Credentials;
pub use directory::{DirectoryFilter, DirectoryQuery, SortOrder, UserCursor};
pub use email::Email;
#[cfg(any(test, feature = "mocks"))]
pub use hasher::MockPasswordHasher;
pub use hasher::{HashError, PasswordHasher, Place, Verdict};
pub use identifier::UserKey;
pub use mobile::{Mobile, MobileRules};
pub use password::{MAX_PASSWORD_BYTES, Password, PasswordHash};
pub use policy::PasswordPolicy;
pub use prefix::{KeyRange, MatchCursor, Prefix};
pub use profile::{Change, ProfileChange};
pub use registration::Registration;
#[cfg(test)]
pub(crate) use registration::tests::ada;
pub(crate) use room::Room;
pub use rules::{Greeting, Rules};
pub use service::UserService;
#[cfg(any(test, feature = "mocks"))]
pub use store::MockUserStore;
pub use store::{PasswordChange, UserStore};
pub(crate) use subject::network;
pub use subject::network_address;
pub use text::{long_search_key, search_key};
pub(crate) use turns::Turns;
pub use user::{Gender, Role, Roles, Status, User, UserId};
pub use username::Username;
pub use verification::Channel;
