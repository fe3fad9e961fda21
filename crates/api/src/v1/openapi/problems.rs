//! Which problems each operation can answer, and how the document says so.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::v1::wording::kinds::*;

type Kinds = &'static [Kind];

/// Any caller that sends a token.
const TOKEN: Kinds = &[TOKEN_INVALID, TOKEN_EXPIRED, SESSION_REVOKED];
/// Only for callers who are signed in.
const SIGNED_IN: Kinds = &[UNAUTHENTICATED, TOKEN_INVALID, TOKEN_EXPIRED, SESSION_REVOKED];
/// Takes a body.
const BODY: Kinds = &[MALFORMED, TIMEOUT, TOO_LARGE, UNSUPPORTED_TYPE, INVALID];
/// Takes a picture.
const UPLOAD: Kinds = &[MALFORMED, TIMEOUT, TOO_LARGE, UNSUPPORTED_TYPE, INVALID];
/// Gives a page of a list.
const LIST: Kinds = &[BAD_PARAMETER, BAD_CURSOR];
/// Takes from what a network may ask.
const LIMITED: Kinds = &[TOO_MANY_REQUESTS];
/// Changes something under a condition.
const CONDITION: Kinds = &[BAD_HEADER, VERSION_MISMATCH, IF_MATCH_MISSING];
/// Checks or sets a password.
const PASSWORD: Kinds = &[TOO_MANY_REQUESTS, BUSY];
/// Changes a person, itself or by an administrator.
const CHANGE: Kinds = &[FORBIDDEN, CROSS_SITE, WRONG_PASSWORD, NOT_FOUND, TAKEN, CONTENDED];
/// Lets an administrator do something to a person.
const ADMIN: Kinds = &[FORBIDDEN, CROSS_SITE, NOT_FOUND];
/// Lets the owner of a thing or an administrator do something to it.
const OWNER: Kinds = &[FORBIDDEN, CROSS_SITE, NOT_FOUND];
/// What an operation that heeds `Idempotency-Key` can answer beside.
const IDEMPOTENT: Kinds = &[
    BAD_HEADER,
    TIMEOUT,
    TOO_LARGE,
    IDEMPOTENCY_KEY_REUSED,
    IDEMPOTENCY_KEY_IN_USE,
    IDEMPOTENT_REPLY_LOST,
    TOO_MANY_REQUESTS,
];
/// Asks a store.
const STORE: Kinds = &[INTERNAL, UNAVAILABLE];

/// What each operation, by its id, can answer beside success.
const TABLE: &[(&str, &[Kinds])] = &[
    (
        "create_user",
        &[IDEMPOTENT, TOKEN, BODY, &[REGISTRATION_CLOSED, CROSS_SITE, TAKEN], PASSWORD, STORE],
    ),
    ("list_users", &[SIGNED_IN, LIST, LIMITED, &[FORBIDDEN], STORE]),
    ("get_me", &[SIGNED_IN, &[BAD_HEADER], STORE]),
    ("get_user", &[SIGNED_IN, &[BAD_HEADER, NOT_FOUND], STORE]),
    ("change_me", &[IDEMPOTENT, SIGNED_IN, BODY, CONDITION, CHANGE, PASSWORD, STORE]),
    ("change_user", &[IDEMPOTENT, SIGNED_IN, BODY, CONDITION, CHANGE, PASSWORD, STORE]),
    ("delete_me", &[SIGNED_IN, CONDITION, &[CROSS_SITE, NOT_FOUND], STORE]),
    ("delete_user", &[SIGNED_IN, CONDITION, ADMIN, STORE]),
    (
        "change_password",
        &[
            SIGNED_IN,
            BODY,
            &[BAD_HEADER, VERSION_MISMATCH, CONTENDED, WRONG_PASSWORD, CROSS_SITE],
            PASSWORD,
            STORE,
        ],
    ),
    ("lock_user", &[IDEMPOTENT, SIGNED_IN, ADMIN, STORE]),
    ("unlock_user", &[IDEMPOTENT, SIGNED_IN, ADMIN, &[CONTENDED], STORE]),
    ("close_sessions_of_user", &[SIGNED_IN, ADMIN, STORE]),
    ("create_book", &[IDEMPOTENT, SIGNED_IN, BODY, &[CROSS_SITE, TAKEN], STORE]),
    ("list_books", &[SIGNED_IN, LIST, LIMITED, STORE]),
    ("get_book", &[SIGNED_IN, &[BAD_HEADER, NOT_FOUND], STORE]),
    ("change_book", &[IDEMPOTENT, SIGNED_IN, BODY, CONDITION, OWNER, &[TAKEN, CONTENDED], STORE]),
    ("delete_book", &[SIGNED_IN, CONDITION, OWNER, STORE]),
    ("open_session", &[IDEMPOTENT, BODY, &[INVALID_CREDENTIALS, CROSS_SITE], PASSWORD, STORE]),
    ("refresh_session", &[IDEMPOTENT, TOKEN, &[TOKEN_REUSED], BODY, STORE]),
    (
        "request_verification",
        &[IDEMPOTENT, SIGNED_IN, BODY, &[CROSS_SITE, TOO_MANY_REQUESTS], STORE],
    ),
    (
        "confirm_verification",
        &[IDEMPOTENT, SIGNED_IN, BODY, &[CROSS_SITE, INVALID_CODE, TAKEN], STORE],
    ),
    ("request_password_reset", &[IDEMPOTENT, BODY, &[TOO_MANY_REQUESTS], STORE]),
    ("confirm_password_reset", &[IDEMPOTENT, BODY, &[INVALID_CODE, BUSY], STORE]),
    ("list_sessions", &[SIGNED_IN, LIST, STORE]),
    ("get_current_session", &[SIGNED_IN, &[BAD_HEADER], STORE]),
    (
        "close_current_session",
        &[SIGNED_IN, &[BAD_HEADER, VERSION_MISMATCH, CROSS_SITE, NOT_FOUND], STORE],
    ),
    ("close_session", &[SIGNED_IN, &[BAD_HEADER, VERSION_MISMATCH, CROSS_SITE, NOT_FOUND], STORE]),
    ("close_sessions", &[SIGNED_IN, &[BAD_PARAMETER, CROSS_SITE], STORE]),
    (
        "set_avatar",
        &[SIGNED_IN, UPLOAD, CONDITION, LIMITED, &[CROSS_SITE, NOT_FOUND, CONTENDED, BUSY], STORE],
    ),
    ("remove_avatar", &[SIGNED_IN, CONDITION, &[CROSS_SITE, NOT_FOUND, CONTENDED], STORE]),
    ("get_avatar", &[SIGNED_IN, &[BAD_HEADER, NOT_FOUND], STORE]),
    ("list_chatrooms", &[SIGNED_IN, LIST, LIMITED, STORE]),
    ("create_chatroom", &[IDEMPOTENT, SIGNED_IN, BODY, &[CROSS_SITE], STORE]),
    ("get_chatroom", &[SIGNED_IN, &[BAD_HEADER, NOT_FOUND], STORE]),
    ("change_chatroom", &[IDEMPOTENT, SIGNED_IN, BODY, CONDITION, ADMIN, &[CONTENDED], STORE]),
    ("delete_chatroom", &[SIGNED_IN, CONDITION, ADMIN, STORE]),
    ("list_members", &[SIGNED_IN, LIST, &[FORBIDDEN, NOT_FOUND], STORE]),
    (
        "join_chatroom",
        &[
            IDEMPOTENT,
            SIGNED_IN,
            BODY,
            &[WRONG_PASSKEY, CROSS_SITE, NOT_FOUND, TOO_MANY_REQUESTS],
            STORE,
        ],
    ),
    ("leave_chatroom", &[SIGNED_IN, ADMIN, STORE]),
    ("list_messages", &[SIGNED_IN, LIST, LIMITED, &[FORBIDDEN, NOT_FOUND], STORE]),
    ("post_message", &[IDEMPOTENT, SIGNED_IN, BODY, ADMIN, STORE]),
    (
        "chatroom_events",
        &[SIGNED_IN, &[BAD_HEADER, FORBIDDEN, NOT_FOUND, TOO_MANY_REQUESTS], STORE],
    ),
    ("get_message", &[SIGNED_IN, &[BAD_HEADER, FORBIDDEN, NOT_FOUND], STORE]),
    ("change_message", &[IDEMPOTENT, SIGNED_IN, BODY, CONDITION, ADMIN, &[CONTENDED], STORE]),
    ("delete_message", &[SIGNED_IN, CONDITION, ADMIN, STORE]),
    ("like_message", &[SIGNED_IN, ADMIN, STORE]),
    ("unlike_message", &[SIGNED_IN, ADMIN, STORE]),
    ("list_audit_events", &[SIGNED_IN, LIST, &[FORBIDDEN], STORE]),
    ("live", &[]),
    ("ready", &[STORE]),
    ("metrics", &[]),
    ("public_keys", &[]),
    ("openapi_document", &[]),
];

/// The problems of one operation: a status and the name of the response that describes it.
pub(super) fn responses(operation_id: &str) -> Option<Map<String, Value>> {
    let refer = |(status, kinds): (u16, Vec<&Kind>)| {
        let place = format!("#/components/responses/{}", name(&kinds));
        (status.to_string(), json!({ "$ref": place }))
    };
    let (_, groups) = TABLE.iter().find(|(id, _)| *id == operation_id)?;
    Some(by_status(groups).into_iter().map(refer).collect())
}

/// Every response that the operations refer to, by name.
pub(super) fn components() -> Map<String, Value> {
    let all = TABLE.iter().flat_map(|(_, groups)| by_status(groups).into_values());
    all.map(|kinds| (name(&kinds), response(&kinds))).collect()
}

fn by_status(groups: &[Kinds]) -> BTreeMap<u16, Vec<&'static Kind>> {
    let mut by_status: BTreeMap<u16, Vec<&Kind>> = BTreeMap::new();
    for kind in groups.iter().copied().flatten() {
        let kinds = by_status.entry(kind.status.as_u16()).or_default();
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    by_status
}

/// The codes that a response may have are its name.
fn name(kinds: &[&Kind]) -> String {
    let codes: Vec<&str> = kinds.iter().map(|kind| kind.code).collect();
    codes.join("-")
}

/// How many operations the table has.
#[cfg(test)]
pub(super) fn count() -> usize {
    TABLE.len()
}

/// An example of every kind, by code.
pub(super) fn examples() -> Map<String, Value> {
    ALL.iter().map(|kind| (kind.code.to_owned(), example(kind))).collect()
}

fn response(kinds: &[&Kind]) -> Value {
    let description: Vec<String> =
        kinds.iter().map(|kind| format!("`{}`: {}.", kind.code, kind.title)).collect();
    let reference = |kind: &&Kind| {
        let place = format!("#/components/examples/{}", kind.code);
        (kind.code.to_owned(), json!({ "$ref": place }))
    };
    json!({
        "description": description.join(" "),
        "headers": headers(kinds),
        "content": {
            "application/problem+json": {
                "schema": { "$ref": "#/components/schemas/Problem" },
                "examples": kinds.iter().map(reference).collect::<Map<String, Value>>(),
            },
        },
    })
}

fn headers(kinds: &[&Kind]) -> Value {
    match kinds.first().map(|kind| kind.status.as_u16()) {
        Some(401) => json!({ "WWW-Authenticate": {} }),
        Some(429) => json!({ "Retry-After": {}, "RateLimit-Policy": {}, "RateLimit": {} }),
        Some(503) => json!({ "Retry-After": {} }),
        Some(_) | None => json!({}),
    }
}

fn example(kind: &Kind) -> Value {
    let errors = match kind.status.as_u16() {
        409 if *kind == TAKEN => json!([{
            "pointer": "/email",
            "code": "already_taken",
            "detail": "email is somebody else's already: choose another.",
        }]),
        422 => json!([{
            "pointer": "/password",
            "code": "too_short",
            "detail": "password must be at least 8 characters long.",
        }]),
        _ => json!([]),
    };
    json!({
        "summary": kind.title,
        "value": {
            "type": format!("{{public_url}}/problems/{}", kind.code),
            "title": kind.title,
            "status": kind.status.as_u16(),
            "detail": kind.meaning,
            "instance": "/v1/users/me",
            "code": kind.code,
            "request_id": "0192f7a0-7c5e-7d3a-9b1c-2f4e6a8c0d1e",
            "errors": errors,
        },
    })
}
