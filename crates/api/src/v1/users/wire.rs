//! What callers send about people, and the schemas of it.

use std::borrow::Cow;

use domain::problem::Field;
use domain::users::{Password, ProfileChange, Registration};
use serde_json::json;
use utoipa::openapi::schema::{AllOfBuilder, AnyOfBuilder, ObjectBuilder, SchemaType};
use utoipa::openapi::{Object, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::v1::fault::V1Fault;
use crate::v1::members::Members;
use crate::v1::openapi::limits::{self, nullable};

/// The body of `POST /v1/users`.
pub(crate) struct NewUser;

impl NewUser {
    /// Takes what was sent; the domain judges it.
    pub(crate) fn read(mut members: Members) -> Result<Registration, V1Fault> {
        let registration = Registration {
            username: members.text(Field::Username),
            email: members.text(Field::Email),
            mobile: members.text(Field::Mobile),
            password: members.text(Field::Password),
            first_name: members.text(Field::FirstName),
            last_name: members.text(Field::LastName),
            display_name: members.text(Field::DisplayName),
            gender: members.text(Field::Gender),
            facility_id: members.text(Field::FacilityId),
            consent: members.flag(Field::Consent),
            ..Registration::default()
        };
        members.finish(Some(registration))
    }
}

/// The body of `PATCH /v1/users/{id}`: a merge-patch (RFC 7396).
pub(crate) struct UserPatch;

impl UserPatch {
    /// Takes what was sent; the domain judges it.
    pub(crate) fn read(mut members: Members) -> Result<ProfileChange, V1Fault> {
        let change = ProfileChange {
            username: members.change(Field::Username),
            email: members.change(Field::Email),
            mobile: members.change(Field::Mobile),
            first_name: members.change(Field::FirstName),
            last_name: members.change(Field::LastName),
            display_name: members.change(Field::DisplayName),
            gender: members.change(Field::Gender),
            facility_id: members.change(Field::FacilityId),
            consent: members.flag(Field::Consent),
            status: members.lasting_text(Field::Status),
            roles: members.texts(Field::Roles),
            current_password: members.password(Field::CurrentPassword),
            ..ProfileChange::default()
        };
        members.finish(Some(change))
    }
}

/// The body of `PUT /v1/users/me/password`.
pub(crate) struct NewPassword;

impl NewPassword {
    /// The current password and the one to be.
    pub(crate) fn read(mut members: Members) -> Result<(Password, Password), V1Fault> {
        let current = members.required_password(Field::CurrentPassword);
        let new = members.required_password(Field::NewPassword);
        members.finish(current.zip(new))
    }
}

impl PartialSchema for NewUser {
    fn schema() -> RefOr<Schema> {
        let object = profile()
            .property("password", limits::new_password())
            .required("password")
            .description(Some("A person to add, with at least one identifier."))
            .examples([json!({
                "username": "ada",
                "email": "ada@example.org",
                "password": "a northern heron at dusk",
                "first_name": "Ada",
                "last_name": "Lovelace",
                "consent": true,
            })]);
        let named = ["username", "email", "mobile"].into_iter();
        let any = named.fold(AnyOfBuilder::new(), |any, name| any.item(having(name)));
        let all = AllOfBuilder::new().item(object).item(Schema::from(any.build()));
        RefOr::T(all.build().into())
    }
}

impl PartialSchema for UserPatch {
    fn schema() -> RefOr<Schema> {
        profile()
            .property("status", limits::status())
            .property("roles", limits::roles())
            .property("current_password", nullable(limits::known_password()))
            .description(Some(
                "What is to change (RFC 7396): what is absent stays, null clears. `email` and \
                 `mobile` need `current_password` beside them; `status` and `roles` are for \
                 administrators.",
            ))
            .examples([json!({ "display_name": "Countess Ada", "facility_id": null })])
            .into()
    }
}

impl PartialSchema for NewPassword {
    fn schema() -> RefOr<Schema> {
        limits::closed()
            .property("current_password", limits::known_password())
            .property("new_password", limits::new_password())
            .required("current_password")
            .required("new_password")
            .examples([json!({
                "current_password": "a northern heron at dusk",
                "new_password": "eleven quiet lanterns",
            })])
            .into()
    }
}

impl ToSchema for NewUser {
    fn name() -> Cow<'static, str> {
        "NewUser".into()
    }
}

impl ToSchema for UserPatch {
    fn name() -> Cow<'static, str> {
        "UserPatch".into()
    }
}

impl ToSchema for NewPassword {
    fn name() -> Cow<'static, str> {
        "NewPassword".into()
    }
}

/// The members that a person may set of itself.
fn profile() -> ObjectBuilder {
    limits::closed()
        .property("username", nullable(limits::username()))
        .property("email", nullable(limits::email()))
        .property("mobile", nullable(limits::mobile()))
        .property("first_name", nullable(limits::name("Ada")))
        .property("last_name", nullable(limits::name("Lovelace")))
        .property("display_name", nullable(limits::name("Countess Ada")))
        .property("gender", nullable(limits::gender()))
        .property("facility_id", nullable(limits::name("ward-7")))
        .property("consent", Object::with_type(Type::Boolean))
}

/// Any object that has a text of this name.
fn having(name: &'static str) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(SchemaType::AnyValue)
        .property(name, Object::with_type(Type::String))
        .required(name)
}
