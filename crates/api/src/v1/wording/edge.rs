//! The one place where `/v1` words what the HTTP edge refuses.

use crate::refusal::EdgeFault;
use crate::v1::wording::{Part, Worded, kinds};

/// What `/v1` says of a refusal of the edge.
pub(crate) fn of_edge(fault: &EdgeFault) -> Worded {
    match fault {
        EdgeFault::NotFound => {
            Worded::new(kinds::NOT_FOUND, "There is nothing under this address. Check the path.")
        }
        EdgeFault::MethodNotAllowed { allow } => {
            let known = allow.to_str().unwrap_or_default();
            Worded::new(kinds::METHOD_NOT_ALLOWED, format!("This path knows {known} only."))
        }
        EdgeFault::MissingCredentials => Worded::new(
            kinds::UNAUTHENTICATED,
            "Sign in with POST /v1/sessions and send the access token as Authorization: Bearer.",
        ),
        EdgeFault::OtherScheme => Worded::new(
            kinds::UNAUTHENTICATED,
            "Authorization must use the scheme Bearer, with an access token from POST /v1/sessions.",
        ),
        EdgeFault::EmptyCredentials | EdgeFault::MalformedCredentials => Worded::new(
            kinds::TOKEN_INVALID,
            "The credentials are not one token. Send Authorization: Bearer and the access token, \
             once.",
        ),
        EdgeFault::CrossSite => Worded::new(
            kinds::CROSS_SITE,
            "A page of another site sent this. Call from the server's own pages, or have the \
             page's origin added to server.allowed_origins.",
        ),
        EdgeFault::BodyMissing => Worded::new(kinds::MALFORMED, "Send a body; none came."),
        EdgeFault::BodyBroken => {
            Worded::new(kinds::MALFORMED, "The body ended before its announced end. Send it again.")
        }
        EdgeFault::BodyTimeout => {
            Worded::new(kinds::TIMEOUT, "The body did not arrive in time. Send it again.")
        }
        EdgeFault::TooLarge { limit } => {
            Worded::new(kinds::TOO_LARGE, format!("Send at most {limit} bytes."))
        }
        EdgeFault::UnsupportedMediaType { accepted, .. } => {
            Worded::new(kinds::UNSUPPORTED_TYPE, format!("Send the body as {accepted}."))
        }
        EdgeFault::EncodedBody => {
            Worded::new(kinds::UNSUPPORTED_TYPE, "Send the body without a Content-Encoding.")
        }
        EdgeFault::MalformedForm => {
            Worded::new(kinds::MALFORMED, "The body is not the form that its type announces.")
        }
        EdgeFault::MalformedJson { detail } => {
            Worded::new(kinds::MALFORMED, format!("The body is not JSON: {detail}"))
        }
        EdgeFault::NotAnObject => {
            Worded::new(kinds::MALFORMED, "The body is JSON, but not an object. Send an object.")
        }
        EdgeFault::TooDeep { limit } => Worded::new(
            kinds::MALFORMED,
            format!("The body nests objects and lists more than {limit} deep."),
        ),
        EdgeFault::NulCharacter { pointer } => {
            member(pointer, "control_character", "must not contain control characters")
        }
        EdgeFault::RepeatedMember { pointer } => {
            member(pointer, "repeated", "must be given once only")
        }
        EdgeFault::MissingMember { pointer } => member(pointer, "required", "is required"),
        EdgeFault::UnknownMember { pointer, nearest: None } => {
            member(pointer, "unknown", "is not known here")
        }
        EdgeFault::UnknownMember { pointer, nearest: Some(near) } => {
            member(pointer, "unknown", &format!("is not known here; did you mean {near}?"))
        }
        EdgeFault::WrongType { pointer, expected } => {
            member(pointer, "invalid_type", &format!("must be {expected}"))
        }
        EdgeFault::Internal => Worded::new(
            kinds::INTERNAL,
            "The server made a mistake and logged it under this request_id. Please report it.",
        ),
    }
}

fn member(pointer: &str, code: &'static str, sentence: &str) -> Worded {
    Worded::of_parts(kinds::INVALID, vec![Part::at(pointer, code, sentence)])
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn at() -> String {
        "/a".to_owned()
    }

    #[test]
    fn every_fault_of_the_edge_has_its_code_and_a_whole_sentence() {
        for (fault, status, code) in [
            (EdgeFault::NotFound, 404, "not_found"),
            (
                EdgeFault::MethodNotAllowed { allow: HeaderValue::from_static("GET, POST") },
                405,
                "method_not_allowed",
            ),
            (EdgeFault::MissingCredentials, 401, "authentication_required"),
            (EdgeFault::OtherScheme, 401, "authentication_required"),
            (EdgeFault::EmptyCredentials, 401, "token_invalid"),
            (EdgeFault::MalformedCredentials, 401, "token_invalid"),
            (EdgeFault::CrossSite, 403, "cross_site_request"),
            (EdgeFault::BodyMissing, 400, "malformed_request"),
            (EdgeFault::BodyBroken, 400, "malformed_request"),
            (EdgeFault::BodyTimeout, 408, "request_timeout"),
            (EdgeFault::TooLarge { limit: 9 }, 413, "body_too_large"),
            (
                EdgeFault::UnsupportedMediaType { accepted: "x", sent: "y".into() },
                415,
                "unsupported_media_type",
            ),
            (EdgeFault::MalformedForm, 400, "malformed_request"),
            (EdgeFault::EncodedBody, 415, "unsupported_media_type"),
            (
                EdgeFault::MalformedJson { detail: "it ends early.".into() },
                400,
                "malformed_request",
            ),
            (EdgeFault::NotAnObject, 400, "malformed_request"),
            (EdgeFault::TooDeep { limit: 32 }, 400, "malformed_request"),
            (EdgeFault::NulCharacter { pointer: at() }, 422, "validation_failed"),
            (EdgeFault::RepeatedMember { pointer: at() }, 422, "validation_failed"),
            (EdgeFault::MissingMember { pointer: at() }, 422, "validation_failed"),
            (EdgeFault::UnknownMember { pointer: at(), nearest: None }, 422, "validation_failed"),
            (
                EdgeFault::WrongType { pointer: at(), expected: "a string".into() },
                422,
                "validation_failed",
            ),
            (EdgeFault::Internal, 500, "internal_error"),
        ] {
            let worded = of_edge(&fault);
            assert_eq!(
                (worded.kind.status.as_u16(), worded.kind.code),
                (status, code),
                "{fault:?}"
            );
            assert!(worded.detail.ends_with('.') && !worded.detail.contains("  "), "{fault:?}");
        }
    }

    #[test]
    fn an_unknown_member_is_told_with_the_one_that_was_meant() {
        let fault = EdgeFault::UnknownMember { pointer: "/mail".into(), nearest: Some("email") };
        assert_eq!(of_edge(&fault).detail, "mail is not known here; did you mean email?");
    }
}
