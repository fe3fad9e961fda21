//! The header fields of replies, each described once.

use serde_json::{Map, Value, json};

/// Every field that the document describes: its name, whether a reply that lists it always has it,
/// its JSON type, an example, and what it says.
const FIELDS: &[(&str, bool, &str, &str, &str)] = &[
    (
        "X-Request-Id",
        true,
        "string",
        "0192f7a0-7c5e-7d3a-9b1c-2f4e6a8c0d1e",
        "The id that the request is logged under: the caller's own where it sent a valid one.",
    ),
    (
        "ETag",
        true,
        "string",
        "\"7-2f4e6a8c0d1e\"",
        "The version of what is shown, for If-Match and If-None-Match (strong).",
    ),
    (
        "Location",
        true,
        "string",
        "/v1/users/0192f7a0-7c5e-7d3a-9b1c-2f4e6a8c0d1e",
        "The address of what was made.",
    ),
    (
        "Link",
        false,
        "string",
        "<{public_url}/v1/users?cursor=AQ>; rel=\"next\"",
        "The address of the next page, where there is one (RFC 8288).",
    ),
    (
        "Set-Cookie",
        false,
        "string",
        "{cookie_name}=dwc_AZL3…; HttpOnly; SameSite=Lax; Path=/",
        "The session cookie, set or removed; only where the session is held by one.",
    ),
    (
        "Clear-Site-Data",
        false,
        "string",
        "\"cache\", \"storage\"",
        "Has the browser forget the caller; only where a cookie held the session.",
    ),
    (
        "Idempotent-Replayed",
        false,
        "string",
        "true",
        "The reply is the one that the first request under this Idempotency-Key got.",
    ),
    (
        "RateLimit-Policy",
        true,
        "string",
        "\"sign-in\";q=10;w=600, \"sign-in-network\";q=1000;w=600",
        "The limits that the request met (IETF httpapi, draft 11): so many within so many seconds. On \
         every reply to a request that took from one.",
    ),
    (
        "RateLimit",
        true,
        "string",
        "\"sign-in-network\";r=996;t=523",
        "What is left of them, and for how many seconds. What is left to an account is told when \
         nothing is.",
    ),
    ("Retry-After", true, "integer", "5", "How many seconds to wait before trying again."),
    (
        "WWW-Authenticate",
        true,
        "string",
        "Bearer realm=\"doorward\"",
        "How to sign in (RFC 6750); it names an error only where a token was sent.",
    ),
];

/// All of them, as components.
pub(super) fn components() -> Map<String, Value> {
    let component = |(name, required, kind, example, about): &(&str, bool, &str, &str, &str)| {
        let mut schema = json!({ "type": kind });
        if *kind == "integer" {
            schema["minimum"] = json!(1);
        } else {
            schema["examples"] = json!([example]);
        }
        let header = json!({ "description": about, "required": required, "schema": schema });
        ((*name).to_owned(), header)
    };
    FIELDS.iter().map(component).collect()
}

/// Has a response refer to the components by the names of its fields; every response has a request
/// id.
pub(super) fn refer(response: &mut Value) {
    let named = response.get("headers").and_then(Value::as_object);
    let names = named.into_iter().flat_map(Map::keys).map(String::as_str).chain(["X-Request-Id"]);
    let reference =
        |name: &str| (name.to_owned(), json!({ "$ref": format!("#/components/headers/{name}") }));
    response["headers"] = names.map(reference).collect::<Map<String, Value>>().into();
}
