//! Schemas of what callers may send: the server's own limits, as exactly as JSON Schema can say.
//!
//! Where a rule is beyond JSON Schema (a valid phone number, a password that is not common) the
//! schema stays wider than the server: everything it refuses the server refuses as well.

use domain::books::{FIRST_YEAR, LAST_YEAR, MAX_COPIES, MAX_TEXT};
use domain::users::{Gender, MAX_PASSWORD_BYTES, Role, Status};
use serde_json::{Value, json};
use utoipa::openapi::schema::{AdditionalProperties, ArrayBuilder, ObjectBuilder, SchemaType};
use utoipa::openapi::{Array, KnownFormat, Object, SchemaFormat, Type};

/// The longest identifier, in characters: an e-mail address.
pub(crate) const MAX_IDENTIFIER: usize = 254;
/// Longer than any refresh token, in characters.
pub(crate) const MAX_REFRESH_TOKEN: usize = 512;

/// The longest way to write an ISBN, in characters.
const MAX_ISBN: usize = 32;
/// The longest token of a link that is looked at, in characters.
pub(crate) const MAX_TOKEN: usize = 128;
/// The longest one-time code that is looked at, in characters.
pub(crate) const MAX_CODE: usize = 32;

/// Letters, digits and signs: neither a space nor a control character.
const USERNAME: &str = r"^[^\u0000-\u0020\u007f-\u00a0]+$";
/// One `@` between a local part and a domain of at least two labels.
const EMAIL: &str = r"^[^@\u0000-\u0020]+@[^@\u0000-\u0020]+$";
/// Digits after an optional plus, with separators anywhere.
const MOBILE: &str = r"^[ ().\-]*\+?[ ().\-]*[0-9][0-9 ().\-]*$";
/// Something visible, without controls or marks that reorder text.
const NAME: &str = concat!(
    r"^[^\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]*",
    r"[^\s\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]",
    r"[^\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]*$"
);
/// Ten or thirteen digits, with hyphens and spaces anywhere; an X may be the last of ten.
const ISBN: &str = r"^[ \-]*([0-9][ \-]*){9}([0-9Xx]|([0-9][ \-]*){3}[0-9])[ \-]*$";
/// Something visible of a few kinds of characters; the server takes letters of every script.
const CHATROOM_NAME: &str =
    r"^[\p{L}\p{N} .,;:()'&_\x22-]*[\p{L}\p{N}.,;:()'&_\x22-][\p{L}\p{N} .,;:()'&_\x22-]*$";
/// No control characters.
const NO_CONTROLS: &str = r"^[^\u0000-\u001f\u007f-\u009f]*$";
/// What no text may hold.
const NO_NUL: &str = r"^[^\u0000]*$";
/// Something visible, with no controls but line ends and tabs.
const MESSAGE: &str = concat!(
    r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*",
    r"[^\s\u0000-\u001f\u007f-\u009f]",
    r"[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$"
);
/// No NUL.
const ANY_TEXT: &str = r"^[^\u0000]+$";

pub(crate) fn username() -> ObjectBuilder {
    text(1, 150, "ada").pattern(Some(USERNAME)).description(Some(
        "Letters, digits and ASCII signs without spaces (PRECIS UsernameCaseMapped, RFC 8265), in \
         letters of one script. It may read as an e-mail address or a mobile number only if that \
         is the person's own. Unique without regard to letter case.",
    ))
}

pub(crate) fn email() -> ObjectBuilder {
    text(3, 254, "ada@example.org")
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::IdnEmail)))
        .pattern(Some(EMAIL))
        .description(Some(
            "One plain address with an ASCII local part; the domain may be internationalised. \
             Unique without regard to letter case.",
        ))
}

pub(crate) fn mobile() -> ObjectBuilder {
    text(1, 20, "+4915123456789").pattern(Some(MOBILE)).description(Some(
        "A phone number: E.164, or national where the server has a default region. Unique without \
         regard to separators.",
    ))
}

pub(crate) fn name(example: &str) -> ObjectBuilder {
    text(1, 50, example).pattern(Some(NAME)).description(Some(
        "Kept exactly as sent; no control characters and no marks that reorder text.",
    ))
}

pub(crate) fn title_or_author(example: &str) -> ObjectBuilder {
    text(1, MAX_TEXT, example).pattern(Some(NAME)).description(Some(
        "Kept exactly as sent; no control characters and no marks that reorder text.",
    ))
}

pub(crate) fn isbn() -> ObjectBuilder {
    text(10, MAX_ISBN, "978-0-306-40615-7").pattern(Some(ISBN)).description(Some(
        "10 or 13 digits of which the last is the right check digit (ISO 2108). Kept without \
         hyphens and spaces in the length it came in; unique by its form of 13 digits.",
    ))
}

pub(crate) fn published_year() -> ObjectBuilder {
    number(FIRST_YEAR, LAST_YEAR, 1929)
        .description(Some("The year it came out; years before our era are negative."))
}

pub(crate) fn copies() -> ObjectBuilder {
    number(0, MAX_COPIES, 3).description(Some("How many copies there are."))
}

pub(crate) fn gender() -> ObjectBuilder {
    named(Gender::NAMES).description(Some("Gender, where told."))
}

pub(crate) fn status() -> ObjectBuilder {
    named(Status::NAMES).description(Some("Whether the person may sign in."))
}

pub(crate) fn roles() -> Array {
    ArrayBuilder::new()
        .items(named(Role::NAMES))
        .description(Some("What the person may do beyond its own account."))
        .build()
}

/// A password that is to be set.
pub(crate) fn new_password() -> ObjectBuilder {
    password(8, "eleven quiet lanterns").description(Some(
        "8 characters to 1,024 bytes after NFC, without NUL; not a common one, and not close to \
         the person's own names. No rules of composition.",
    ))
}

/// A password that was set before.
pub(crate) fn known_password() -> ObjectBuilder {
    password(1, "a northern heron at dusk")
}

fn password(least: usize, example: &str) -> ObjectBuilder {
    text(least, MAX_PASSWORD_BYTES, example)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Password)))
        .pattern(Some(ANY_TEXT))
}

/// A username, e-mail address or mobile number at sign-in.
pub(crate) fn identifier() -> ObjectBuilder {
    text(1, MAX_IDENTIFIER, "ada")
        .pattern(Some(ANY_TEXT))
        .description(Some("A username, e-mail address or mobile number."))
}

/// A refresh token.
pub(crate) fn refresh_token() -> ObjectBuilder {
    text(1, MAX_REFRESH_TOKEN, "dwr_AZL3oHxefTqbHC9OaowNHgAAAAA…")
        .pattern(Some(ANY_TEXT))
        .description(Some("The refresh token of the sign-in or of the last refresh."))
}

/// A chatroom's name.
pub(crate) fn chatroom_name() -> ObjectBuilder {
    text(1, 20, "Ward 7").pattern(Some(CHATROOM_NAME)).description(Some(
        "Letters, digits, spaces and the signs .,;:()'\"&-_ with something visible among them.",
    ))
}

/// What a link brings behind its `#`.
pub(crate) fn link_token() -> ObjectBuilder {
    text(1, MAX_TOKEN, "dwh_9YvCk0Qo…").pattern(Some(NO_NUL))
}

/// Six digits that were sent.
pub(crate) fn code() -> ObjectBuilder {
    text(1, MAX_CODE, "042917").pattern(Some(NO_NUL))
}

/// What opens a private chatroom.
pub(crate) fn passkey() -> ObjectBuilder {
    text(0, 20, "heron").pattern(Some(NO_CONTROLS)).description(Some("An empty one is none."))
}

/// What somebody says opens a private chatroom: anything may be wrong.
pub(crate) fn typed_passkey() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).pattern(Some(NO_NUL))
}

/// What a message says.
pub(crate) fn message_text() -> ObjectBuilder {
    text(1, 5_000, "Who has the key?").pattern(Some(MESSAGE)).description(Some(
        "Something visible; line ends and tabs, but no other control characters.",
    ))
}

/// An object that takes no other members.
pub(crate) fn closed() -> ObjectBuilder {
    ObjectBuilder::new().additional_properties(Some(AdditionalProperties::FreeForm(false)))
}

/// Any of the names in a sentence of the domain's.
pub(crate) fn named(names: &'static str) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names.split(", ")))
}

/// The same schema, with `null` beside it.
pub(crate) fn nullable(schema: ObjectBuilder) -> Object {
    let mut schema = schema.build();
    if let Some(values) = &mut schema.enum_values {
        values.push(Value::Null);
    }
    if let SchemaType::Type(kind) = schema.schema_type {
        schema.schema_type = SchemaType::from_iter([kind, Type::Null]);
    }
    schema
}

fn number(least: i64, most: i64, example: i64) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(least))
        .maximum(Some(most))
        .examples([json!(example)])
}

fn text(least: usize, most: usize, example: &str) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(least))
        .max_length(Some(most))
        .examples([json!(example)])
}
