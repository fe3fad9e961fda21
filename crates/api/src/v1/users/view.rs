//! A person as `/v1` shows it: in full to itself and to administrators, in part to everybody else.

use domain::users::{Email, Gender, Mobile, Role, User, Username};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::Object;
use uuid::Uuid;

use crate::settings::ApiSettings;
use crate::v1::openapi::limits;
use crate::v1::page::PageMark;
use crate::v1::time::Rfc3339;

/// A person, as it sees itself and as administrators see it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = User)]
pub(crate) struct UserView<'a> {
    /// A UUID version 7, never used again.
    #[schema(value_type = String, format = "uuid", examples("0192f7a0-7c5e-7d3a-9b1c-2f4e6a8c0d1e"))]
    id: Uuid,
    /// A unique integer in order of arrival, never used again.
    #[schema(minimum = 1, examples(42))]
    number: i64,
    /// Unique without regard to letter case.
    #[schema(required, examples("ada"))]
    username: Option<&'a str>,
    /// Unique without regard to letter case.
    #[schema(required, examples("ada@example.org"))]
    email: Option<&'a str>,
    /// Whether the address was shown to be the person's.
    email_verified: bool,
    /// The address that takes the place of `email` once it is verified.
    #[schema(required)]
    pending_email: Option<&'a str>,
    /// Unique without regard to separators.
    #[schema(required, examples("+4915123456789"))]
    mobile: Option<&'a str>,
    /// Whether the number was shown to be the person's.
    mobile_verified: bool,
    /// The number that takes the place of `mobile` once it is verified.
    #[schema(required)]
    pending_mobile: Option<&'a str>,
    /// Given name.
    #[schema(required, examples("Ada"))]
    first_name: Option<&'a str>,
    /// Family name.
    #[schema(required, examples("Lovelace"))]
    last_name: Option<&'a str>,
    /// The name shown to others.
    #[schema(required, examples("Countess Ada"))]
    display_name: Option<&'a str>,
    #[schema(required, schema_with = nullable_gender)]
    gender: Option<&'static str>,
    /// The facility that the person belongs to.
    #[schema(required, examples("ward-7"))]
    facility_id: Option<&'a str>,
    /// Where the person's picture is.
    #[schema(required, format = "uri")]
    avatar_url: Option<String>,
    /// Whether the person consented to what the application asked.
    consent: bool,
    #[schema(schema_with = limits::status)]
    status: &'static str,
    #[schema(schema_with = limits::roles)]
    roles: Vec<&'static str>,
    /// When the account was made.
    #[schema(value_type = String, format = DateTime, examples("2026-11-20T18:00:44.123456Z"))]
    created_at: Rfc3339,
    /// When anything of the above last changed.
    #[schema(value_type = String, format = DateTime, examples("2026-11-20T18:00:44.123456Z"))]
    updated_at: Rfc3339,
}

/// A person, as everybody else sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PublicUser)]
#[serde(deny_unknown_fields)]
pub(crate) struct PublicUserView {
    /// A UUID version 7, never used again.
    #[schema(format = "uuid", examples("0192f7a0-7c5e-7d3a-9b1c-2f4e6a8c0d1e"))]
    pub(crate) id: String,
    /// Unique without regard to letter case.
    #[schema(required, examples("ada"))]
    pub(crate) username: Option<String>,
    /// The name shown to others.
    #[schema(required, examples("Countess Ada"))]
    pub(crate) display_name: Option<String>,
    /// Where the person's picture is.
    #[schema(required, format = "uri")]
    pub(crate) avatar_url: Option<String>,
}

/// A person, as the caller may see it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SomeUser)]
#[serde(untagged)]
pub(crate) enum SomeUserView<'a> {
    /// The caller itself, or anybody for administrators.
    Full(Box<UserView<'a>>),
    /// Everybody else.
    Public(PublicUserView),
}

/// One page of the directory.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UserPage<'a> {
    /// The people, in the order asked for.
    pub(crate) data: Vec<UserView<'a>>,
    pub(crate) page: PageMark,
}

impl<'a> UserView<'a> {
    /// The person; its picture is found at this server.
    pub(crate) fn new(user: &'a User, settings: &ApiSettings) -> Self {
        Self {
            id: user.id.0,
            number: user.number,
            username: user.username.as_ref().map(Username::as_str),
            email: user.email.as_ref().map(Email::as_str),
            email_verified: user.email_verified_at.is_some(),
            pending_email: user.pending_email.as_ref().map(Email::as_str),
            mobile: user.mobile.as_ref().map(Mobile::as_str),
            mobile_verified: user.mobile_verified_at.is_some(),
            pending_mobile: user.pending_mobile.as_ref().map(Mobile::as_str),
            first_name: user.first_name.as_deref(),
            last_name: user.last_name.as_deref(),
            display_name: user.display_name.as_deref(),
            gender: user.gender.map(Gender::name),
            facility_id: user.facility_id.as_deref(),
            avatar_url: user.avatar.as_ref().map(|_| settings.v1_avatar_url(user.id)),
            consent: user.consent,
            status: user.status.name(),
            roles: user.roles.iter().map(Role::name).collect(),
            created_at: Rfc3339(user.created_at),
            updated_at: Rfc3339(user.updated_at),
        }
    }
}

impl PublicUserView {
    /// The person; its picture is found at this server.
    pub(crate) fn new(user: &User, settings: &ApiSettings) -> Self {
        Self {
            id: user.id.to_string(),
            username: user.username.as_ref().map(|name| name.as_str().to_owned()),
            display_name: user.display_name.clone(),
            avatar_url: user.avatar.as_ref().map(|_| settings.v1_avatar_url(user.id)),
        }
    }
}

fn nullable_gender() -> Object {
    limits::nullable(limits::gender())
}
