//! What callers send about chatrooms and messages, and the schemas of it.

use std::borrow::Cow;

use domain::chatrooms::{MemberKey, NewRoom, RoomChange};
use domain::problem::Field;
use domain::users::UserId;
use serde_json::json;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder};
use utoipa::openapi::{RefOr, Schema, SchemaFormat, Type};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

use crate::v1::fault::V1Fault;
use crate::v1::members::Members;
use crate::v1::openapi::limits::{self, nullable};

/// The longest message, in characters.
const MAX_TEXT: usize = 5_000;

/// Reads the body of `POST /v1/chatrooms`.
pub(crate) fn new_room(mut sent: Members) -> Result<NewRoom, V1Fault> {
    let (name, passkey) = (sent.text(Field::Name), sent.text(Field::Passkey));
    let members = sent.texts(Field::Members).unwrap_or_default();
    let member = |text: String| match Uuid::try_parse(&text) {
        Ok(id) => MemberKey::Id(UserId(id)),
        Err(_) => MemberKey::Nobody(text),
    };
    let members = members.into_iter().map(member).collect();
    sent.finish(Some(NewRoom { name, passkey, members }))
}

/// Reads the body of `PATCH /v1/chatrooms/{id}`.
pub(crate) fn room_change(mut sent: Members) -> Result<RoomChange, V1Fault> {
    let change =
        RoomChange { name: sent.change(Field::Name), passkey: sent.change(Field::Passkey) };
    sent.finish(Some(change))
}

/// Reads the body of `POST /v1/chatrooms/{id}/members`.
pub(crate) fn passkey(mut sent: Members) -> Result<String, V1Fault> {
    let passkey = sent.text(Field::Passkey).unwrap_or_default();
    sent.finish(Some(passkey))
}

/// Reads the body of a message.
pub(crate) fn text(mut sent: Members) -> Result<String, V1Fault> {
    let text = sent.required_text(Field::Text, MAX_TEXT);
    sent.finish(text)
}

macro_rules! bodies {
    ($($(#[$about:meta])* $name:ident = $schema:expr;)+) => {$(
        $(#[$about])*
        pub(crate) struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                $schema.into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                stringify!($name).into()
            }
        }
    )+};
}

bodies! {
    /// The body of `POST /v1/chatrooms`.
    NewChatroom = limits::closed()
        .property("name", limits::chatroom_name())
        .property("passkey", nullable(limits::passkey()))
        .property("members", ArrayBuilder::new().items(id()).description(Some("Ids of people who are in it from the start, beside who makes it.")))
        .required("name")
        .examples([json!({ "name": "Ward 7", "passkey": "heron", "members": [] })]);
    /// The body of `PATCH /v1/chatrooms/{id}`: a merge-patch (RFC 7396).
    ChatroomPatch = limits::closed()
        .property("name", limits::chatroom_name())
        .property("passkey", nullable(limits::passkey()))
        .examples([json!({ "passkey": null })]);
    /// The body of `POST /v1/chatrooms/{id}/members`.
    Entrance = limits::closed()
        .property("passkey", nullable(limits::typed_passkey()))
        .examples([json!({ "passkey": "heron" })]);
    /// The body of `POST /v1/chatrooms/{id}/messages` and `PATCH /v1/messages/{id}`.
    NewMessage = limits::closed()
        .property("text", limits::message_text())
        .required("text")
        .examples([json!({ "text": "Who has the key?" })]);
}

fn id() -> ObjectBuilder {
    let uuid = SchemaFormat::Custom("uuid".into());
    ObjectBuilder::new().schema_type(Type::String).format(Some(uuid))
}
