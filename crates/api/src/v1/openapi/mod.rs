//! The OpenAPI 3.1 document: what the handlers say of themselves, and what holds for all of them.

mod headers;
mod idempotency;
pub(crate) mod limits;
pub(crate) mod params;
mod problems;
mod server;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::{Map, Value, json};
use utoipa::OpenApi;

use crate::v1::problem::ProblemView;
use crate::v1::{audit_events, books, chatrooms, password_resets, sessions, users, verifications};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Doorward",
        description = "One user base, its sessions and its doors. Refusals are problem documents \
            (RFC 9457); every reply has an `X-Request-Id`, the caller's own where it sent a valid \
            one.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    paths(
        users::create_user, users::list_users,
        users::get_me, users::change_me, users::delete_me, users::change_password,
        users::set_avatar, users::remove_avatar, users::get_avatar,
        users::get_user, users::change_user, users::delete_user,
        users::lock_user, users::unlock_user, users::close_sessions_of_user,
        books::list_books, books::create_book,
        books::get_book, books::change_book, books::delete_book,
        sessions::open_session, sessions::refresh_session,
        sessions::list_sessions, sessions::close_sessions,
        sessions::get_current_session, sessions::close_current_session, sessions::close_session,
        verifications::request_verification, verifications::confirm_verification,
        password_resets::request_password_reset, password_resets::confirm_password_reset,
        chatrooms::list_chatrooms, chatrooms::create_chatroom, chatrooms::get_chatroom,
        chatrooms::change_chatroom, chatrooms::delete_chatroom, chatrooms::list_members,
        chatrooms::join_chatroom, chatrooms::leave_chatroom, chatrooms::list_messages,
        chatrooms::post_message, chatrooms::chatroom_events, chatrooms::get_message,
        chatrooms::change_message, chatrooms::delete_message, chatrooms::like_message,
        chatrooms::unlike_message,
        audit_events::list_audit_events,
        server::live, server::ready, server::metrics, server::public_keys,
        server::openapi_document,
    ),
    components(schemas(ProblemView)),
    tags(
        (name = "users", description = "People: registration, one's own account, the directory."),
        (name = "books", description = "Books: anybody who is signed in reads and adds them."),
        (name = "sessions", description = "Signing in, staying signed in, signing out."),
        (name = "verifications", description = "Showing that an address is one's own."),
        (name = "password-resets", description = "Another password for somebody who forgot it."),
        (name = "chatrooms", description = "Rooms, who is in them, and what is said there."),
        (name = "audit-events", description = "What happened, for administrators."),
        (name = "server", description = "The server itself."),
    ),
)]
struct Described;

/// The document without the address of the server, which is put in when it is known.
static TEMPLATE: LazyLock<String> = LazyLock::new(template);

/// The document of the server at `public_url`: sorted, indented, and the same each time.
pub fn openapi_json(public_url: &str) -> String {
    let secure = public_url.starts_with("https://");
    let cookie = if secure { "__Host-doorward" } else { "doorward" };
    TEMPLATE.replace("{public_url}", public_url).replace("{cookie_name}", cookie)
}

fn template() -> String {
    let mut document = serde_json::to_value(Described::openapi()).unwrap_or_default();
    document["servers"] = json!([{ "url": "{public_url}" }]);
    let components = &mut document["components"];
    components["headers"] = headers::components().into();
    components["examples"] = problems::examples().into();
    components["responses"] = problems::components().into();
    components["responses"]
        .as_object_mut()
        .into_iter()
        .flat_map(Map::values_mut)
        .for_each(headers::refer);
    components["securitySchemes"] = security_schemes();
    for (method, operation) in operations(&mut document) {
        complete(operation);
        if ["post", "patch"].contains(&method) {
            idempotency::complete(operation);
        }
    }
    let sorted = sorted(document);
    let mut text = serde_json::to_string_pretty(&sorted).unwrap_or_default();
    text.push('\n');
    text
}

fn security_schemes() -> Value {
    json!({
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "The access token of a sign-in, at /v1 or at any door.",
        },
        "cookie": {
            "type": "apiKey",
            "in": "cookie",
            "name": "{cookie_name}",
            "description": "The cookie of a sign-in with `\"transport\": \"cookie\"`. Calls that \
                change something must come from the server's own pages or an allowed origin.",
        },
    })
}

fn operations(document: &mut Value) -> impl Iterator<Item = (&str, &mut Value)> {
    let paths = document["paths"].as_object_mut().into_iter().flat_map(|paths| paths.values_mut());
    let operations = paths.filter_map(Value::as_object_mut).flat_map(Map::iter_mut);
    operations.map(|(method, operation)| (method.as_str(), operation))
}

/// Adds the problems that the operation can answer, and has all responses describe their fields.
fn complete(operation: &mut Value) {
    let id = operation["operationId"].as_str().unwrap_or_default();
    let problems = problems::responses(id).unwrap_or_default();
    let Some(responses) = operation["responses"].as_object_mut() else { return };
    responses.values_mut().for_each(headers::refer);
    responses.extend(problems);
}

/// The same value with the members of every object in order of their names, whichever map serde
/// was built with.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let members: BTreeMap<String, Value> =
                members.into_iter().map(|(name, value)| (name, sorted(value))).collect();
            members.into_iter().collect()
        }
        Value::Array(values) => values.into_iter().map(sorted).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value,
    }
}

#[cfg(test)]
mod tests;
