//! The parameters of operations: in the path, in the query, in header fields.

use domain::audit::{Action, Outcome};
use domain::page::{DEFAULT_LIMIT, MAX_LIMIT};
use domain::users::{Role, Status};
use serde_json::json;
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::ObjectBuilder;
use utoipa::openapi::{KnownFormat, Required, SchemaFormat, Type};

use crate::v1::openapi::limits::named;

/// `*`, or entity tags in double quotes (RFC 9110 §8.8.3).
const ENTITY_TAGS: &str = r#"^(\*|((W/)?"[!#-~]*"([ \t]*,[ \t]*(W/)?"[!#-~]*")*)?)$"#;
/// A UUID in its canonical form.
const CANONICAL_UUID: &str = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$";
/// No control characters.
const SEARCH: &str = r"^[^\u0000-\u001f\u007f-\u009f]*$";

macro_rules! parameters {
    ($($name:ident = [$($parameter:expr),+];)+) => {$(
        pub(crate) struct $name;

        impl IntoParams for $name {
            fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
                vec![$($parameter),+]
            }
        }
    )+};
}

parameters! {
    UserIdParameter = [id("The person's id.")];
    BookIdParameter = [id("The book's id.")];
    ChatroomIdParameter = [id("The chatroom's id.")];
    MessageIdParameter = [id("The message's id.")];
    LastEventId = [parameter(
        "Last-Event-ID",
        ParameterIn::Header,
        Required::False,
        text().pattern(Some("^[0-9]{1,18}$")),
        "The id of the last event that was seen: the stream goes on behind it."
    )];
    MessageListParameters =
        [query("q", search(), "Any part of a text."), limit(), cursor()];
    SessionIdParameter = [id("The session's id.")];
    IfMatch = [header(
        "If-Match",
        "Change only what still has this entity tag (strong comparison); else 412."
    )];
    IfNoneMatch = [header(
        "If-None-Match",
        "Send only what has another entity tag than these (weak comparison); else 304."
    )];
    PageParameters = [limit(), cursor()];
    ExceptParameter = [query("except", named("current"), "Which session stays open.")];
    BookListParameters = [
        query("q", search(), "A part of a title, author or ISBN, whatever the letter case."),
        limit(),
        cursor()
    ];
    AuditParameters = [
        query("actor_id", uuid(), "Only what this person did."),
        query("subject_id", uuid(), "Only what was done to this person."),
        query("action", named(Action::NAMES), "Only events of this kind."),
        query("outcome", named(Outcome::NAMES), "Only events of this outcome."),
        query("request_id", search(), "Only events of this request."),
        query("occurred_after", time(), "Only events of this moment or later."),
        query("occurred_before", time(), "Only events before this moment."),
        limit(),
        cursor()
    ];
    DirectoryParameters = [
        query("q", search(), "The start of a username, e-mail address, mobile number or display name."),
        query("status", named(Status::NAMES), "Only people of this status."),
        query("role", named(Role::NAMES), "Only people with this role."),
        query("created_after", time(), "Only people created after this moment."),
        query("created_before", time(), "Only people created before this moment."),
        query(
            "sort",
            order(),
            "By time of creation; a minus puts the newest first. Unless given, what `q` finds is in \
             the order of what begins so, and a list without `q` has the oldest first."
        ),
        query(
            "include_total",
            flag(),
            "Whether to count the people on all pages: it reads all of them, so it is slower."
        ),
        limit(),
        cursor()
    ];
}

fn id(description: &str) -> Parameter {
    parameter("id", ParameterIn::Path, Required::True, uuid(), description)
}

fn uuid() -> ObjectBuilder {
    text().format(Some(SchemaFormat::Custom("uuid".into()))).pattern(Some(CANONICAL_UUID))
}

fn header(name: &str, description: &str) -> Parameter {
    let schema = text().pattern(Some(ENTITY_TAGS)).examples([json!("*")]);
    parameter(name, ParameterIn::Header, Required::False, schema, description)
}

fn limit() -> Parameter {
    let schema = ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(1))
        .maximum(Some(MAX_LIMIT))
        .default(Some(json!(DEFAULT_LIMIT)));
    query("limit", schema, "How many rows a page holds at most.")
}

fn cursor() -> Parameter {
    let schema = text().min_length(Some(1)).pattern(Some("^[A-Za-z0-9_-]+$"));
    query(
        "cursor",
        schema,
        "The `next_cursor` of the page before, of the same search and in the same order.",
    )
}

fn query(name: &str, schema: ObjectBuilder, description: &str) -> Parameter {
    parameter(name, ParameterIn::Query, Required::False, schema, description)
}

fn parameter(
    name: &str,
    place: ParameterIn,
    required: Required,
    schema: ObjectBuilder,
    description: &str,
) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(place)
        .required(required)
        .schema(Some(schema))
        .description(Some(description))
        .build()
}

fn search() -> ObjectBuilder {
    text().max_length(Some(254)).pattern(Some(SEARCH))
}

fn order() -> ObjectBuilder {
    named("created_at, -created_at")
}

fn flag() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::Boolean).default(Some(json!(false)))
}

fn time() -> ObjectBuilder {
    text().format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
}

fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}
