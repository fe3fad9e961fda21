//! The person, as every surface and store knows it.

use uuid::Uuid;

use crate::time::Timestamp;
use crate::users::{Email, Mobile, PasswordHash, Username};

/// A person's id: a UUID version 7, never used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UserId(pub Uuid);

impl std::fmt::Display for UserId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// Everything held about one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The public id.
    pub id: UserId,
    /// A unique integer in order of arrival, never used again: the one value that a store assigns.
    pub number: i64,
    /// Unique by its key.
    pub username: Option<Username>,
    /// Unique by its key.
    pub email: Option<Email>,
    /// When the address was shown to be the person's, if it was.
    pub email_verified_at: Option<Timestamp>,
    /// The address that takes `email`'s place once it is verified.
    pub pending_email: Option<Email>,
    /// Unique by its key.
    pub mobile: Option<Mobile>,
    /// When the number was shown to be the person's, if it was.
    pub mobile_verified_at: Option<Timestamp>,
    /// The number that takes `mobile`'s place once it is verified.
    pub pending_mobile: Option<Mobile>,
    /// Given name, 1–50 characters.
    pub first_name: Option<String>,
    /// Family name, 1–50 characters.
    pub last_name: Option<String>,
    /// The name shown to others, 1–50 characters.
    pub display_name: Option<String>,
    /// Gender, where told.
    pub gender: Option<Gender>,
    /// The facility the person belongs to, 1–50 characters.
    pub facility_id: Option<String>,
    /// A picture's http(s) URL or plain name, 1–255 characters.
    pub profile_picture: Option<String>,
    /// The name of the picture that the person uploaded, in the store of blobs.
    pub avatar: Option<String>,
    /// Whether the person consented to what the application asked.
    pub consent: bool,
    /// Whether the person may sign in.
    pub status: Status,
    /// What the person may do beyond its own account.
    pub roles: Roles,
    /// Never leaves the domain and the stores.
    pub password_hash: PasswordHash,
    /// Sessions opened under another epoch are dead. Moves with lock, deactivation, password change
    /// and everything else that ends sessions, so that a sign-in in flight cannot outlive it.
    pub epoch: i64,
    /// When the account was made.
    pub created_at: Timestamp,
    /// When anything of the above last changed.
    pub updated_at: Timestamp,
    /// Counts the changes, from 1: what compare-and-swap and `ETag` are made of.
    pub version: i64,
}

impl User {
    /// Whether the person may do everything.
    pub fn is_admin(&self) -> bool {
        self.roles.contains(Role::Admin)
    }

    /// Whether the person may see and change all of `other`'s account.
    pub fn may_manage(&self, other: UserId) -> bool {
        self.id == other || self.is_admin()
    }

    /// What to call the person in a sentence: username, e-mail address, mobile or id.
    pub fn label(&self) -> String {
        let username = self.username.as_ref().map(Username::as_str);
        let email = self.email.as_ref().map(Email::as_str);
        let mobile = self.mobile.as_ref().map(Mobile::as_str);
        username.or(email).or(mobile).map_or_else(|| self.id.to_string(), str::to_owned)
    }
}

/// Whether a person may sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Yes.
    Active,
    /// Not yet, or no longer: waits for activation.
    Inactive,
    /// No: an administrator said so.
    Locked,
}

impl Status {
    /// All of them, in words.
    pub const NAMES: &'static str = "active, inactive, locked";

    /// The name in JSON and in the stores.
    pub fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
            Self::Locked => "locked",
        }
    }

    /// The status of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Active, Self::Inactive, Self::Locked]
            .into_iter()
            .find(|status| status.name() == name)
    }
}

/// A person's gender, where told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gender {
    /// Female.
    Female,
    /// Male.
    Male,
    /// Neither of the two.
    Other,
}

impl Gender {
    /// All of them, in words.
    pub const NAMES: &'static str = "female, male, other";

    /// The name in JSON and in the stores.
    pub fn name(self) -> &'static str {
        match self {
            Self::Female => "female",
            Self::Male => "male",
            Self::Other => "other",
        }
    }

    /// The gender of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        let all = [Self::Female, Self::Male, Self::Other];
        all.into_iter().find(|gender| gender.name() == name)
    }
}

/// Something a person may do beyond its own account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Everything.
    Admin,
}

impl Role {
    /// All of them, in words.
    pub const NAMES: &'static str = "admin";

    /// The name in JSON and in the stores.
    pub fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
        }
    }

    /// The role of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        (name == Self::Admin.name()).then_some(Self::Admin)
    }
}

/// A set of roles.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roles(Vec<Role>);

impl Roles {
    /// The set of `roles`, each once.
    pub fn new(roles: impl IntoIterator<Item = Role>) -> Self {
        let mut set = Vec::new();
        for role in roles {
            if !set.contains(&role) {
                set.push(role);
            }
        }
        Self(set)
    }

    /// Whether `role` is in the set.
    pub fn contains(&self, role: Role) -> bool {
        self.0.contains(&role)
    }

    /// The roles, in the order they were given.
    pub fn iter(&self) -> impl Iterator<Item = Role> + '_ {
        self.0.iter().copied()
    }
}
