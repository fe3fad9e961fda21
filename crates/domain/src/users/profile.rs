//! A change to a person, and what becomes of it.

use crate::problem::{Fault, Field, FieldError};
use crate::users::{
    Email, Gender, Mobile, MobileRules, Password, Role, Roles, Status, User, Username, text,
};

/// The longest name, in characters.
const MAX_NAME: usize = 50;
/// The longest picture URL or name, in characters.
const MAX_PICTURE: usize = 255;

/// What a merge-patch says of one member (RFC 7396).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Change<T> {
    /// Not mentioned.
    #[default]
    Keep,
    /// `null`.
    Clear,
    /// A value.
    Set(T),
}

impl<T> Change<T> {
    /// Whether the member is mentioned.
    pub fn is_some(&self) -> bool {
        !matches!(self, Self::Keep)
    }
}

/// A change to a person, as it was sent: nothing is validated yet.
#[derive(Debug, Clone, Default)]
pub struct ProfileChange {
    /// Unique.
    pub username: Change<String>,
    /// Unique; may wait for verification.
    pub email: Change<String>,
    /// Unique; may wait for verification.
    pub mobile: Change<String>,
    /// 1–50 characters.
    pub first_name: Change<String>,
    /// 1–50 characters.
    pub last_name: Change<String>,
    /// 1–50 characters.
    pub display_name: Change<String>,
    /// `female`, `male` or `other`.
    pub gender: Change<String>,
    /// 1–50 characters.
    pub facility_id: Change<String>,
    /// 1–255 characters.
    pub profile_picture: Change<String>,
    /// Yes or no.
    pub consent: Option<bool>,
    /// For administrators only.
    pub status: Option<String>,
    /// For administrators only.
    pub roles: Option<Vec<String>>,
    /// Proves the owner where e-mail or mobile change.
    pub current_password: Option<Password>,
}

impl ProfileChange {
    /// Whether only an administrator may make this change.
    pub(crate) fn is_administrative(&self) -> bool {
        self.status.is_some() || self.roles.is_some()
    }
}

/// Applies a change member by member and collects every fault.
pub(crate) struct Draft<'a> {
    pub(crate) user: User,
    mobiles: &'a MobileRules,
    /// Whether a new e-mail address or mobile number waits for verification.
    pending: bool,
    /// Whether a reserved user name may be given.
    may_reserve: bool,
    pub(crate) faults: Vec<FieldError>,
}

impl<'a> Draft<'a> {
    pub(crate) fn new(user: User, mobiles: &'a MobileRules) -> Self {
        Self { user, mobiles, pending: false, may_reserve: false, faults: Vec::new() }
    }

    /// Lets a new e-mail address or mobile number wait for verification.
    pub(crate) fn pending(self, pending: bool) -> Self {
        Self { pending, ..self }
    }

    /// Lets a reserved user name be given: on the word of an administrator or operator.
    pub(crate) fn may_reserve(self, may_reserve: bool) -> Self {
        Self { may_reserve, ..self }
    }

    /// The person as it will be, unless something is wrong with the change.
    pub(crate) fn apply(&mut self, change: &ProfileChange) {
        self.username(&change.username);
        self.email(&change.email);
        self.mobile(&change.mobile);
        self.user.first_name =
            self.text(Field::FirstName, &change.first_name, self.user.first_name.clone(), MAX_NAME);
        self.user.last_name =
            self.text(Field::LastName, &change.last_name, self.user.last_name.clone(), MAX_NAME);
        self.user.display_name = self.text(
            Field::DisplayName,
            &change.display_name,
            self.user.display_name.clone(),
            MAX_NAME,
        );
        self.user.facility_id = self.text(
            Field::FacilityId,
            &change.facility_id,
            self.user.facility_id.clone(),
            MAX_NAME,
        );
        self.user.profile_picture = self.text(
            Field::ProfilePicture,
            &change.profile_picture,
            self.user.profile_picture.clone(),
            MAX_PICTURE,
        );
        self.gender(&change.gender);
        self.user.consent = change.consent.unwrap_or(self.user.consent);
        self.standing(change);
        self.check_identifiers();
    }

    fn fault(&mut self, field: Field, fault: Fault) {
        self.faults.push(FieldError::new(field, fault));
    }

    fn username(&mut self, change: &Change<String>) {
        match change {
            Change::Keep => {}
            Change::Clear => self.user.username = None,
            Change::Set(raw) => match Username::parse(raw) {
                Ok(username) => self.set_username(username),
                Err(fault) => self.fault(Field::Username, fault),
            },
        }
    }

    fn set_username(&mut self, username: Username) {
        let same = self.user.username.as_ref().is_some_and(|old| old.key() == username.key());
        if username.is_reserved() && !same && !self.may_reserve {
            self.fault(Field::Username, Fault::Reserved);
        }
        self.user.username = Some(username);
    }

    fn email(&mut self, change: &Change<String>) {
        match change {
            Change::Keep => {}
            Change::Clear => {
                (self.user.email, self.user.email_verified_at, self.user.pending_email) =
                    (None, None, None);
            }
            Change::Set(raw) => match Email::parse(raw) {
                Ok(email) => self.set_email(email),
                Err(fault) => self.fault(Field::Email, fault),
            },
        }
    }

    fn set_email(&mut self, email: Email) {
        let same = self.user.email.as_ref().is_some_and(|old| old.key() == email.key());
        if self.pending && !same {
            self.user.pending_email = Some(email);
            return;
        }
        if !same {
            self.user.email_verified_at = None;
        }
        self.user.email = Some(email);
        self.user.pending_email = None;
    }

    fn mobile(&mut self, change: &Change<String>) {
        match change {
            Change::Keep => {}
            Change::Clear => {
                (self.user.mobile, self.user.mobile_verified_at, self.user.pending_mobile) =
                    (None, None, None);
            }
            Change::Set(raw) => match Mobile::parse(raw, self.mobiles) {
                Ok(mobile) => self.set_mobile(mobile),
                Err(fault) => self.fault(Field::Mobile, fault),
            },
        }
    }

    fn set_mobile(&mut self, mobile: Mobile) {
        let same = self.user.mobile.as_ref().is_some_and(|old| old.key() == mobile.key());
        if self.pending && !same {
            self.user.pending_mobile = Some(mobile);
            return;
        }
        if !same {
            self.user.mobile_verified_at = None;
        }
        self.user.mobile = Some(mobile);
        self.user.pending_mobile = None;
    }

    fn text(
        &mut self,
        field: Field,
        change: &Change<String>,
        old: Option<String>,
        max: usize,
    ) -> Option<String> {
        match change {
            Change::Keep => old,
            Change::Clear => None,
            Change::Set(raw) => match text::parse(raw, max) {
                Ok(text) => Some(text),
                Err(fault) => {
                    self.fault(field, fault);
                    old
                }
            },
        }
    }

    fn gender(&mut self, change: &Change<String>) {
        match change {
            Change::Keep => {}
            Change::Clear => self.user.gender = None,
            Change::Set(raw) => match Gender::from_name(raw) {
                Some(gender) => self.user.gender = Some(gender),
                None => self.fault(Field::Gender, Fault::NotOneOf(Gender::NAMES)),
            },
        }
    }

    fn standing(&mut self, change: &ProfileChange) {
        if let Some(raw) = &change.status {
            match Status::from_name(raw) {
                Some(status) => self.user.status = status,
                None => self.fault(Field::Status, Fault::NotOneOf(Status::NAMES)),
            }
        }
        if let Some(raw) = &change.roles {
            let roles: Option<Vec<Role>> = raw.iter().map(|name| Role::from_name(name)).collect();
            match roles {
                Some(roles) => self.user.roles = Roles::new(roles),
                None => self.fault(Field::Roles, Fault::NotOneOf(Role::NAMES)),
            }
        }
    }

    /// A person keeps at least one identifier, and no user name reads as somebody else's e-mail
    /// address or mobile number (GHSA-j9xq-j329-2xvg).
    fn check_identifiers(&mut self) {
        let user = &self.user;
        if user.username.is_none()
            && user.email.is_none()
            && user.mobile.is_none()
            && self.faults.is_empty()
        {
            self.fault(Field::Username, Fault::NoIdentifier);
        }
        if let Some(fault) = self.user.username.as_ref().and_then(|name| self.foreign(name)) {
            self.fault(Field::Username, fault);
        }
    }

    fn foreign(&self, username: &Username) -> Option<Fault> {
        if let Ok(read) = Email::parse(username.key()) {
            let own = self.user.email.as_ref().is_some_and(|email| email.key() == read.key());
            return (!own).then_some(Fault::ReadsAsEmail);
        }
        if !Mobile::reads_as_written(username.key()) {
            return None;
        }
        let lenient = MobileRules { strict: false, ..self.mobiles.clone() };
        let read = Mobile::parse(username.key(), &lenient).ok();
        let own =
            self.user.mobile.as_ref().zip(read).is_some_and(|(own, read)| own.key() == read.key());
        (!own).then_some(Fault::ReadsAsMobile)
    }
}
