//! Every kind of problem that `/v1` answers: its stable code, status and title, and what its page
//! says.

use actix_web::http::StatusCode;

/// One kind of problem, with the page at `/problems/<code>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kind {
    /// The stable name, in `code` and at the end of `type`.
    pub(crate) code: &'static str,
    /// The status it is answered with.
    pub(crate) status: StatusCode,
    /// A short summary that never changes between two of one kind (RFC 9457 §3.1.3).
    pub(crate) title: &'static str,
    /// One paragraph: what it means and what to do.
    pub(crate) meaning: &'static str,
}

macro_rules! kinds {
    ($($name:ident = $code:literal, $status:ident, $title:literal, $meaning:literal;)+) => {
        $(pub(crate) const $name: Kind =
            Kind { code: $code, status: StatusCode::$status, title: $title, meaning: $meaning };)+
        /// All of them.
        pub(crate) const ALL: &[Kind] = &[$($name),+];
    };
}

kinds! {
    MALFORMED = "malformed_request", BAD_REQUEST, "The request cannot be read",
        "The body is not the JSON object that the operation takes, or a part of the request breaks \
         the HTTP or JSON syntax. Compare the request with the example in the API reference; the \
         detail says where reading stopped.";
    BAD_PARAMETER = "invalid_parameter", BAD_REQUEST, "A query parameter does not fit",
        "A parameter is unknown, given twice, or has a value that it cannot have. The member errors \
         names each of them, and the nearest known name where one is likely a slip.";
    BAD_CURSOR = "invalid_cursor", BAD_REQUEST, "The cursor is not one of this list",
        "Cursors come from next_cursor of the page before and count for that list and order only. \
         Start again without a cursor.";
    BAD_HEADER = "invalid_header", BAD_REQUEST, "A header field does not fit",
        "A header field that the operation needs has a value that cannot be read, such as an \
         If-Match that is no list of entity tags in double quotes.";
    UNAUTHENTICATED = "authentication_required", UNAUTHORIZED, "Sign in first",
        "The operation needs a signed-in caller, and no credentials came with the request. Sign in \
         with POST /v1/sessions and send the access token as Authorization: Bearer.";
    INVALID_CREDENTIALS = "invalid_credentials", UNAUTHORIZED, "The sign-in failed",
        "No active person has this identifier and this password. The reply is the same for an \
         unknown identifier, a wrong password and an account that may not sign in, so that nobody \
         learns which accounts exist.";
    TOKEN_INVALID = "token_invalid", UNAUTHORIZED, "The token is not valid",
        "The token was not issued by this server for this purpose, or it was changed on its way. \
         Sign in again.";
    TOKEN_EXPIRED = "token_expired", UNAUTHORIZED, "The token or its session has expired",
        "An access token lives for minutes: get the next one with POST /v1/sessions/refresh. Where \
         the session itself has ended, sign in again.";
    SESSION_REVOKED = "session_revoked", UNAUTHORIZED, "The session was closed",
        "The token was valid, but its session was signed out, closed by its owner or an \
         administrator, or ended by a change of the password. Sign in again.";
    TOKEN_REUSED = "refresh_token_reused", UNAUTHORIZED, "The refresh token was used before",
        "A refresh token counts once. A second use may mean that somebody else holds a copy of it, \
         so the session was closed. Sign in again.";
    FORBIDDEN = "forbidden", FORBIDDEN, "Not allowed",
        "The caller is signed in, but the operation is for somebody else: the person itself, the owner \
         of the thing, or an administrator.";
    REGISTRATION_CLOSED = "registration_closed", FORBIDDEN, "Registration is closed",
        "At this server only administrators add people. Ask one of them for an account.";
    WRONG_PASSWORD = "wrong_password", FORBIDDEN, "The current password is wrong",
        "The operation asks for the current password to make sure that it is really the owner who \
         asks, and another one was sent. Wrong ones count like failed sign-ins.";
    WRONG_PASSKEY = "wrong_passkey", FORBIDDEN, "The passkey is wrong",
        "The chatroom is private, and the passkey that was sent does not open it. Wrong ones are \
         limited like failed sign-ins.";
    CROSS_SITE = "cross_site_request", FORBIDDEN, "The request comes from another site",
        "A browser sent the session cookie along with a request that a page of another site made. \
         Call the server from its own pages, or have the page's origin added to the allowed ones.";
    NOT_FOUND = "not_found", NOT_FOUND, "No such thing",
        "Nothing is kept under this address: the path is unknown, or what it names does not exist, \
         or does not exist any more.";
    METHOD_NOT_ALLOWED = "method_not_allowed", METHOD_NOT_ALLOWED, "The path knows no such method",
        "The path exists, but not with this method. The header field Allow lists the methods that \
         it knows.";
    INVALID_CODE = "invalid_code", UNPROCESSABLE_ENTITY, "The code opens nothing",
        "The one-time code is not the one that was sent, was used already, was tried too often, or \
         its time is over. Ask for another one.";
    TIMEOUT = "request_timeout", REQUEST_TIMEOUT, "The request took too long to arrive",
        "The whole body did not arrive in time. Send it again over a better connection.";
    TAKEN = "already_taken", CONFLICT, "Somebody else has this identifier",
        "Usernames, e-mail addresses, mobile numbers and ISBNs are unique, without regard to letter \
         case and separators. The member errors names the one that is taken; choose another.";
    CONTENDED = "conflict", CONFLICT, "Others were quicker",
        "Others changed the same thing at the same moment, each time this change was tried. Nothing \
         was changed. Read it again and decide again.";
    IDEMPOTENCY_KEY_REUSED = "idempotency_key_reused", UNPROCESSABLE_ENTITY,
        "Another request had this Idempotency-Key",
        "A key stands for one request, body and all, for 24 hours. Under this one something else was \
         sent before, and nothing was done now. Choose another key, such as a new UUID.";
    IDEMPOTENCY_KEY_IN_USE = "idempotency_key_in_use", CONFLICT, "The first request is under way",
        "The same request was sent before under the same Idempotency-Key, and is not answered yet. \
         Nothing was done now. Send it again in a second to get the reply of the first.";
    IDEMPOTENT_REPLY_LOST = "idempotent_reply_lost", CONFLICT, "It was done, but its reply is lost",
        "The request was carried out under this Idempotency-Key, and the server stopped before it \
         could keep the reply. It is not carried out again: read what it concerns.";
    VERSION_MISMATCH = "version_mismatch", PRECONDITION_FAILED, "The resource has changed",
        "What is kept is not what If-Match names, or it changed while the request was under way. \
         Read it again, decide again, and send the change with the new ETag.";
    TOO_LARGE = "body_too_large", PAYLOAD_TOO_LARGE, "The body is too large",
        "The body has more bytes than the server takes. The detail says how many it takes.";
    UNSUPPORTED_TYPE = "unsupported_media_type", UNSUPPORTED_MEDIA_TYPE, "The body is of another type",
        "Send the body as JSON with Content-Type: application/json, without a Content-Encoding. \
         PATCH takes application/merge-patch+json as well.";
    INVALID = "validation_failed", UNPROCESSABLE_ENTITY, "Some members do not fit",
        "The body was read, but some of its members break a rule. The member errors lists all of \
         them at once, each with its place, a stable code and a sentence.";
    IF_MATCH_MISSING = "precondition_required", PRECONDITION_REQUIRED, "If-Match is required",
        "This server changes things only on the condition that nobody else changed it meanwhile. \
         Read it, and send its ETag as If-Match.";
    TOO_MANY_REQUESTS = "too_many_requests", TOO_MANY_REQUESTS, "Too many attempts",
        "Too many attempts within a short time, or too many streams at once. Wait for as many seconds as Retry-After \
         says.";
    INTERNAL = "internal_error", INTERNAL_SERVER_ERROR, "The server made a mistake",
        "The request was not carried out because of a fault in the server. It was logged under \
         request_id; please report it.";
    BUSY = "busy", SERVICE_UNAVAILABLE, "The server is busy",
        "More passwords wait to be checked than the server can check soon. Nothing was tried. Wait \
         for as many seconds as Retry-After says.";
    UNAVAILABLE = "unavailable", SERVICE_UNAVAILABLE, "A part of the server does not answer",
        "Something that the server depends on, such as its database, does not answer. The request \
         was not refused: send it again after as many seconds as Retry-After says.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_unique_and_every_page_says_something() {
        for (at, kind) in ALL.iter().enumerate() {
            assert!(ALL.iter().skip(at + 1).all(|other| other.code != kind.code), "{}", kind.code);
            let plain = kind.code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
            assert!(plain, "{} is no plain name", kind.code);
            assert!(kind.meaning.len() > 60 && kind.meaning.ends_with('.'), "{}", kind.code);
            assert!(!kind.meaning.contains("  "), "{}", kind.code);
        }
    }
}
