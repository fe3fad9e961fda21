//! What callers send about password resets, and the schemas of it.

use std::borrow::Cow;

use domain::post::Handle;
use domain::problem::Field;
use domain::users::Password;
use serde_json::json;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::v1::fault::V1Fault;
use crate::v1::members::Members;
use crate::v1::openapi::limits::{self, MAX_IDENTIFIER, MAX_TOKEN};

/// The body of `POST /v1/password-resets`.
pub(crate) struct Forgotten;

impl Forgotten {
    /// Takes what was sent.
    pub(crate) fn read(mut members: Members) -> Result<String, V1Fault> {
        let identifier = members.required_text(Field::Identifier, MAX_IDENTIFIER);
        members.finish(identifier)
    }
}

/// The body of `POST /v1/password-resets/confirm`.
pub(crate) struct Reset;

impl Reset {
    /// Takes what was sent.
    pub(crate) fn read(mut members: Members) -> Result<(Handle, Password), V1Fault> {
        let token = members.required_text(Field::Token, MAX_TOKEN);
        let new = members.required_password(Field::NewPassword);
        members.finish(token.map(|token| Handle::sent(&token)).zip(new))
    }
}

impl PartialSchema for Forgotten {
    fn schema() -> RefOr<Schema> {
        limits::closed()
            .property("identifier", limits::identifier())
            .required("identifier")
            .examples([json!({ "identifier": "ada@example.org" })])
            .into()
    }
}

impl ToSchema for Forgotten {
    fn name() -> Cow<'static, str> {
        "Forgotten".into()
    }
}

impl PartialSchema for Reset {
    fn schema() -> RefOr<Schema> {
        limits::closed()
            .property("token", limits::link_token())
            .property("new_password", limits::new_password())
            .required("token")
            .required("new_password")
            .into()
    }
}

impl ToSchema for Reset {
    fn name() -> Cow<'static, str> {
        "Reset".into()
    }
}
