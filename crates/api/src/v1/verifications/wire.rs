//! What callers send about verifications, and the schemas of it.

use std::borrow::Cow;

use domain::post::{CodeSecret, Handle};
use domain::problem::Field;
use domain::users::Channel;
use serde_json::json;
use utoipa::openapi::schema::OneOfBuilder;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::v1::fault::V1Fault;
use crate::v1::members::Members;
use crate::v1::openapi::limits::{self, MAX_CODE, MAX_TOKEN};

/// The names that `channel` knows.
const CHANNELS: &str = "email, mobile";

/// The body of `POST /v1/verifications`.
pub(crate) struct NewVerification;

impl NewVerification {
    /// Takes what was sent.
    pub(crate) fn read(mut members: Members) -> Result<Channel, V1Fault> {
        let channel = members.required_one_of(Field::Channel, CHANNELS, channel);
        members.finish(channel)
    }
}

/// The body of `POST /v1/verifications/confirm`.
pub(crate) enum Proof {
    /// By the token of a link.
    Link(Handle),
    /// By the digits that were sent.
    Code(Channel, CodeSecret),
}

impl Proof {
    /// Takes what was sent.
    pub(crate) fn read(mut members: Members) -> Result<Self, V1Fault> {
        if members.has(Field::Token) {
            let token = members.required_text(Field::Token, MAX_TOKEN);
            return members.finish(token.map(|token| Self::Link(Handle::sent(&token))));
        }
        let channel = members.required_one_of(Field::Channel, CHANNELS, channel);
        let code = members.required_text(Field::Code, MAX_CODE);
        let proof = channel.zip(code);
        members.finish(proof.map(|(channel, code)| Self::Code(channel, CodeSecret::typed(&code))))
    }
}

fn channel(name: &str) -> Option<Channel> {
    [Channel::Email, Channel::Mobile].into_iter().find(|channel| channel.name() == name)
}

impl PartialSchema for NewVerification {
    fn schema() -> RefOr<Schema> {
        limits::closed()
            .property("channel", limits::named(CHANNELS))
            .required("channel")
            .examples([json!({ "channel": "email" })])
            .into()
    }
}

impl ToSchema for NewVerification {
    fn name() -> Cow<'static, str> {
        "NewVerification".into()
    }
}

impl PartialSchema for Proof {
    fn schema() -> RefOr<Schema> {
        let link = limits::closed().property("token", limits::link_token()).required("token");
        let code = limits::closed()
            .property("channel", limits::named(CHANNELS))
            .property("code", limits::code())
            .required("channel")
            .required("code");
        let either = OneOfBuilder::new().item(link.build()).item(code.build());
        RefOr::T(either.examples([json!({ "channel": "email", "code": "042917" })]).build().into())
    }
}

impl ToSchema for Proof {
    fn name() -> Cow<'static, str> {
        "Proof".into()
    }
}
