//! What the document says of `Idempotency-Key`, of every operation that heeds it.

use serde_json::{Value, json};

use crate::v1::idempotency::MAX_KEY;

/// Adds the header field to an operation, and to what it answers the one that tells a kept reply.
pub(super) fn complete(operation: &mut Value) {
    let field = json!({
        "name": "Idempotency-Key",
        "in": "header",
        "required": false,
        "description": "Stands for this request, body and all, for 24 hours: sent again under the same \
            key it is not done again, and gets the same reply.",
        "schema": {
            "type": "string",
            "minLength": 1,
            "maxLength": MAX_KEY,
            "pattern": "^[!#-~]([ !#-~]*[!#-~])?$",
            "examples": ["0192f7a0-7c5e-7d3a-9b1c-2f4e6a8c0d1e"],
        },
    });
    match operation["parameters"].as_array_mut() {
        Some(parameters) => parameters.push(field),
        None => operation["parameters"] = json!([field]),
    }
    let responses = operation["responses"].as_object_mut().into_iter().flatten();
    for (_, response) in responses.filter(|(status, _)| status.starts_with('2')) {
        response["headers"]["Idempotent-Replayed"] =
            json!({ "$ref": "#/components/headers/Idempotent-Replayed" });
    }
}
