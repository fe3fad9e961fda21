//! People for tests.

use domain::time::Timestamp;
use domain::users::{
    Email, Mobile, MobileRules, PasswordHash, Role, Roles, Status, User, UserId, Username,
};

use super::{ordinal, uuid};
use crate::time::noon;

/// An active person without roles, that has a username, an e-mail address and names of its own, and
/// arrived at noon.
pub fn a_user() -> UserBuilder {
    let (ordinal, at) = (ordinal(), noon());
    UserBuilder(User {
        id: UserId(uuid(at, ordinal)),
        number: 0,
        username: None,
        email: None,
        email_verified_at: None,
        pending_email: None,
        mobile: None,
        mobile_verified_at: None,
        pending_mobile: None,
        first_name: Some("Grace".into()),
        last_name: Some("Hopper".into()),
        display_name: Some(format!("Grace Hopper {ordinal}")),
        gender: None,
        facility_id: None,
        profile_picture: None,
        avatar: None,
        consent: false,
        status: Status::Active,
        roles: Roles::default(),
        password_hash: PasswordHash::new(format!(
            "plain$current${ordinal}$correct horse {ordinal}"
        )),
        epoch: 1,
        created_at: at,
        updated_at: at,
        version: 1,
    })
    .named(&format!("grace{ordinal}"))
    .with_email(&format!("grace{ordinal}@example.org"))
}

/// Makes a [`User`]; start with [`a_user`]. Identifiers pass the domain's parsers, and the methods
/// panic on what these refuse.
#[derive(Debug, Clone)]
#[must_use]
pub struct UserBuilder(User);

impl UserBuilder {
    /// The person as told.
    #[must_use]
    pub fn build(self) -> User {
        self.0
    }

    /// Whatever has no method of its own.
    pub fn with(mut self, change: impl FnOnce(&mut User)) -> Self {
        change(&mut self.0);
        self
    }

    /// With this user name.
    pub fn named(self, username: &str) -> Self {
        let username = Username::parse(username).expect("a user name");
        self.with(|user| user.username = Some(username))
    }

    /// With this e-mail address.
    pub fn with_email(self, email: &str) -> Self {
        let email = Email::parse(email).expect("an e-mail address");
        self.with(|user| user.email = Some(email))
    }

    /// With this mobile number, in any notation.
    pub fn with_mobile(self, mobile: &str) -> Self {
        let mobile = Mobile::parse(mobile, &MobileRules::default()).expect("a mobile number");
        self.with(|user| user.mobile = Some(mobile))
    }

    /// With this name shown to others.
    pub fn shown_as(self, display_name: &str) -> Self {
        self.with(|user| user.display_name = Some(display_name.to_owned()))
    }

    /// With this password hash.
    pub fn with_hash(self, hash: &PasswordHash) -> Self {
        self.with(|user| user.password_hash = hash.clone())
    }

    /// Arrived at this moment, and not changed since.
    pub fn arrived_at(self, at: Timestamp) -> Self {
        self.with(|user| (user.created_at, user.updated_at) = (at, at))
    }

    /// Not activated.
    pub fn inactive(self) -> Self {
        self.with(|user| user.status = Status::Inactive)
    }

    /// Locked.
    pub fn locked(self) -> Self {
        self.with(|user| user.status = Status::Locked)
    }

    /// An administrator.
    pub fn admin(self) -> Self {
        self.with(|user| user.roles = Roles::new([Role::Admin]))
    }

    /// Nothing but what everybody must have: every optional member is absent, identifiers too.
    pub fn bare(self) -> Self {
        self.with(|user| {
            (user.username, user.email, user.mobile) = (None, None, None);
            (user.first_name, user.last_name, user.display_name) = (None, None, None);
        })
    }
}
