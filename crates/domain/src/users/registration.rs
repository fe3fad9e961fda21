//! A person about to be: what was sent, and the user that comes of it.

use crate::entropy::{Entropy, NoEntropy, uuid};
use crate::problem::{Field, FieldError, Problem};
use crate::sessions::Client;
use crate::time::Timestamp;
use crate::users::profile::Draft;
use crate::users::{
    Change, Password, PasswordHash, ProfileChange, Roles, Rules, Status, User, UserId,
};

/// What somebody who registers sends, as it was sent: nothing is validated yet.
#[derive(Debug, Clone, Default)]
pub struct Registration {
    /// At least one of username, e-mail and mobile.
    pub username: Option<String>,
    /// At least one of username, e-mail and mobile.
    pub email: Option<String>,
    /// At least one of username, e-mail and mobile.
    pub mobile: Option<String>,
    /// The password; `None` where it was not sent.
    pub password: Option<String>,
    /// 1–50 characters.
    pub first_name: Option<String>,
    /// 1–50 characters.
    pub last_name: Option<String>,
    /// 1–50 characters.
    pub display_name: Option<String>,
    /// `female`, `male` or `other`.
    pub gender: Option<String>,
    /// 1–50 characters.
    pub facility_id: Option<String>,
    /// 1–255 characters.
    pub profile_picture: Option<String>,
    /// No unless said.
    pub consent: Option<bool>,
    /// Where it comes from.
    pub client: Client,
}

/// A valid new person, still without its password hash.
pub(crate) struct Candidate {
    pub(crate) user: User,
    pub(crate) password: Password,
}

impl Registration {
    /// The same, sent from there.
    #[must_use]
    pub fn sent_by(self, client: Client) -> Self {
        Self { client, ..self }
    }

    /// Validates everything at once; `reserved` says whether reserved user names may be given.
    pub(crate) fn validate(
        self,
        rules: &Rules,
        reserved: bool,
        entropy: &dyn Entropy,
        now: Timestamp,
    ) -> Result<Candidate, Problem> {
        let blank = blank(entropy, rules.initial_status, now)?;
        let mut draft = Draft::new(blank, &rules.mobiles).may_reserve(reserved);
        let typed = self.password.clone();
        draft.apply(&self.into_change());
        let Draft { user, mut faults, .. } = draft;
        let password = read_password(typed, rules, &user, &mut faults);
        match password {
            Some(password) if faults.is_empty() => Ok(Candidate { user, password }),
            Some(_) | None => Err(Problem::Invalid(faults)),
        }
    }

    fn into_change(self) -> ProfileChange {
        let set = |value: Option<String>| value.map_or(Change::Keep, Change::Set);
        ProfileChange {
            username: set(self.username),
            email: set(self.email),
            mobile: set(self.mobile),
            first_name: set(self.first_name),
            last_name: set(self.last_name),
            display_name: set(self.display_name),
            gender: set(self.gender),
            facility_id: set(self.facility_id),
            profile_picture: set(self.profile_picture),
            consent: self.consent,
            ..ProfileChange::default()
        }
    }
}

fn read_password(
    typed: Option<String>,
    rules: &Rules,
    user: &User,
    faults: &mut Vec<FieldError>,
) -> Option<Password> {
    match Password::parse(typed.unwrap_or_default()) {
        Ok(password) => {
            let broken = rules.passwords.faults(&password, user);
            faults.extend(broken.into_iter().map(|fault| FieldError::new(Field::Password, fault)));
            Some(password)
        }
        Err(fault) => {
            faults.push(FieldError::new(Field::Password, fault));
            None
        }
    }
}

fn blank(entropy: &dyn Entropy, status: Status, now: Timestamp) -> Result<User, NoEntropy> {
    Ok(User {
        id: UserId(uuid(entropy, now)?),
        number: 0,
        username: None,
        email: None,
        email_verified_at: None,
        pending_email: None,
        mobile: None,
        mobile_verified_at: None,
        pending_mobile: None,
        first_name: None,
        last_name: None,
        display_name: None,
        gender: None,
        facility_id: None,
        profile_picture: None,
        avatar: None,
        consent: false,
        status,
        roles: Roles::default(),
        password_hash: PasswordHash::new(""),
        epoch: 1,
        created_at: now,
        updated_at: now,
        version: 1,
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::problem::Fault;
    use crate::users::{Email, Greeting, MobileRules, PasswordPolicy, Username};

    /// A person with names, for tests of rules.
    pub(crate) fn ada() -> User {
        let now = Timestamp::from_micros(1_700_000_000_000_000).unwrap();
        let entropy = counting();
        User {
            username: Some(Username::parse("ada").unwrap()),
            email: Some(Email::parse("lovelace@example.org").unwrap()),
            first_name: Some("Augusta".into()),
            ..blank(&entropy, Status::Active, now).unwrap()
        }
    }

    fn counting() -> crate::entropy::MockEntropy {
        let mut entropy = crate::entropy::MockEntropy::new();
        entropy.expect_fill().returning(|bytes| {
            bytes.fill(7);
            Ok(())
        });
        entropy
    }

    fn rules() -> Rules {
        Rules {
            passwords: PasswordPolicy::Strict,
            mobiles: MobileRules { strict: true, default_region: None },
            initial_status: Status::Active,
            few_registrations: true,
            verify_changes: true,
            greeting: Greeting::Nothing,
            link_base: "https://id.example.org".into(),
        }
    }

    fn validate(registration: Registration) -> Result<Candidate, Problem> {
        registration.validate(&rules(), false, &counting(), ada().created_at)
    }

    fn faults(registration: Registration) -> Vec<FieldError> {
        match validate(registration) {
            Err(Problem::Invalid(faults)) => faults,
            other => panic!("expected faults, got {:?}", other.map(|candidate| candidate.user)),
        }
    }

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn all_faults_are_told_at_once() {
        let told = faults(Registration {
            username: some("a b"),
            email: some("nobody"),
            mobile: some("12"),
            password: some("1234"),
            display_name: some(""),
            gender: some("x"),
            ..Registration::default()
        });
        let fields: Vec<Field> = told.iter().map(|error| error.field).collect();
        for field in [
            Field::Username,
            Field::Email,
            Field::Mobile,
            Field::Password,
            Field::DisplayName,
            Field::Gender,
        ] {
            assert!(fields.contains(&field), "{field} is missing from {fields:?}");
        }
    }

    #[test]
    fn somebody_without_any_identifier_is_nobody() {
        let told = faults(Registration {
            password: some("correct horse battery"),
            ..Registration::default()
        });
        assert_eq!(told, vec![FieldError::new(Field::Username, Fault::NoIdentifier)]);
    }

    #[test]
    fn a_username_may_read_as_ones_own_address_only() {
        let with = |email: &str| Registration {
            username: some("ada@example.org"),
            email: some(email),
            password: some("correct horse battery"),
            ..Registration::default()
        };
        assert!(validate(with("Ada@example.org")).is_ok());
        let told = faults(with("eve@example.org"));
        assert_eq!(told, vec![FieldError::new(Field::Username, Fault::ReadsAsEmail)]);
    }

    #[test]
    fn a_username_may_read_as_ones_own_number_only() {
        let with = |mobile: Option<String>| Registration {
            username: some("+4915123456789"),
            mobile,
            password: some("correct horse battery"),
            ..Registration::default()
        };
        assert!(validate(with(some("+49 151 23456789"))).is_ok());
        assert_eq!(
            faults(with(None)),
            vec![FieldError::new(Field::Username, Fault::ReadsAsMobile)]
        );
    }

    #[test]
    fn reserved_names_are_for_operators() {
        let admin = || Registration {
            username: some("Admin"),
            password: some("correct horse battery"),
            ..Registration::default()
        };
        assert_eq!(faults(admin()), vec![FieldError::new(Field::Username, Fault::Reserved)]);
        assert!(admin().validate(&rules(), true, &counting(), ada().created_at).is_ok());
    }
}
