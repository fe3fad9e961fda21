//! A person as a row.

use diesel::{AsChangeset, Insertable, QueryResult, Queryable, Selectable};
use domain::users::{
    Email, Gender, Mobile, PasswordHash, Role, Roles, Status, User, UserId, Username, search_key,
};

use crate::db::{Moment, MultiBackend, users};
use crate::stores::row::{Corrupt, uuid};

/// All of a row, as it is read.
#[derive(Queryable, Selectable)]
#[diesel(table_name = users, check_for_backend(MultiBackend))]
pub(in crate::stores) struct UserRow {
    number: i64,
    id: Vec<u8>,
    password_hash: String,
    #[diesel(embed)]
    person: PersonRow,
}

/// What a replacement replaces: all but `number`, `id` and `password_hash`.
#[derive(Queryable, Selectable, Insertable, AsChangeset, Clone)]
#[diesel(table_name = users, check_for_backend(MultiBackend), treat_none_as_null = true)]
pub(in crate::stores) struct PersonRow {
    username: Option<String>,
    username_key: Option<String>,
    email: Option<String>,
    email_key: Option<String>,
    email_verified_at: Option<Moment>,
    pending_email: Option<String>,
    pending_email_key: Option<String>,
    mobile: Option<String>,
    mobile_key: Option<String>,
    mobile_verified_at: Option<Moment>,
    pending_mobile: Option<String>,
    pending_mobile_key: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    display_name: Option<String>,
    display_key: Option<String>,
    gender: Option<String>,
    facility_id: Option<String>,
    profile_picture: Option<String>,
    consent: bool,
    status: String,
    roles: String,
    epoch: i64,
    created_at: Moment,
    updated_at: Moment,
    version: i64,
    avatar: Option<String>,
}

impl From<&User> for PersonRow {
    fn from(user: &User) -> Self {
        let username = user.username.as_ref();
        let (email, pending_email) = (user.email.as_ref(), user.pending_email.as_ref());
        let (mobile, pending_mobile) = (user.mobile.as_ref(), user.pending_mobile.as_ref());
        Self {
            username: username.map(|name| name.as_str().into()),
            username_key: username.map(|name| name.key().into()),
            email: email.map(|email| email.as_str().into()),
            email_key: email.map(|email| email.key().into()),
            email_verified_at: user.email_verified_at.map(Moment::from),
            pending_email: pending_email.map(|email| email.as_str().into()),
            pending_email_key: pending_email.map(|email| email.key().into()),
            mobile: mobile.map(|mobile| mobile.as_str().into()),
            mobile_key: mobile.map(|mobile| mobile.key().into()),
            mobile_verified_at: user.mobile_verified_at.map(Moment::from),
            pending_mobile: pending_mobile.map(|mobile| mobile.as_str().into()),
            pending_mobile_key: pending_mobile.map(|mobile| mobile.key().into()),
            first_name: user.first_name.clone(),
            last_name: user.last_name.clone(),
            display_name: user.display_name.clone(),
            display_key: user.display_name.as_deref().map(search_key),
            gender: user.gender.map(|gender| gender.name().into()),
            facility_id: user.facility_id.clone(),
            profile_picture: user.profile_picture.clone(),
            consent: user.consent,
            status: user.status.name().into(),
            roles: user.roles.iter().map(Role::name).collect::<Vec<_>>().join(" "),
            epoch: user.epoch,
            created_at: user.created_at.into(),
            updated_at: user.updated_at.into(),
            version: user.version,
            avatar: user.avatar.clone(),
        }
    }
}

impl UserRow {
    /// The person, unless the row holds what no version of this program wrote.
    pub(in crate::stores) fn into_user(self) -> QueryResult<User> {
        let row = self.person;
        Ok(User {
            id: UserId(uuid("users.id", &self.id)?),
            number: self.number,
            username: both(row.username, row.username_key, Username::from_stored),
            email: both(row.email, row.email_key, Email::from_stored),
            email_verified_at: row.email_verified_at.map(Into::into),
            pending_email: both(row.pending_email, row.pending_email_key, Email::from_stored),
            mobile: both(row.mobile, row.mobile_key, Mobile::from_stored),
            mobile_verified_at: row.mobile_verified_at.map(Into::into),
            pending_mobile: both(row.pending_mobile, row.pending_mobile_key, Mobile::from_stored),
            first_name: row.first_name,
            last_name: row.last_name,
            display_name: row.display_name,
            gender: row.gender.as_deref().map(gender).transpose()?,
            facility_id: row.facility_id,
            profile_picture: row.profile_picture,
            avatar: row.avatar,
            consent: row.consent,
            status: Status::from_name(&row.status).ok_or(Corrupt("users.status"))?,
            roles: roles(&row.roles)?,
            password_hash: PasswordHash::new(self.password_hash),
            epoch: row.epoch,
            created_at: row.created_at.into(),
            updated_at: row.updated_at.into(),
            version: row.version,
        })
    }
}

/// A value that is kept in two columns, as shown and as compared.
fn both<T>(
    shown: Option<String>,
    key: Option<String>,
    value: impl FnOnce(String, String) -> T,
) -> Option<T> {
    shown.zip(key).map(|(shown, key)| value(shown, key))
}

fn gender(name: &str) -> Result<Gender, Corrupt> {
    Gender::from_name(name).ok_or(Corrupt("users.gender"))
}

/// A role that is not known gives nobody any rights, but must not be lost by the next change
/// either: the row is refused.
fn roles(names: &str) -> Result<Roles, Corrupt> {
    let roles = names.split(' ').filter(|name| !name.is_empty()).map(Role::from_name);
    roles.collect::<Option<Vec<_>>>().map(Roles::new).ok_or(Corrupt("users.roles"))
}
