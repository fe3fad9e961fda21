//! Everything that the HTTP edge itself refuses, before a service is asked.

use actix_web::http::header::HeaderValue;

/// The closed list. Surfaces match on it without a catch-all arm. Pointers are those of RFC 6901;
/// no text in here comes from a library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum EdgeFault {
    /// No such path.
    NotFound,
    /// A known path with another method.
    MethodNotAllowed {
        /// The methods it knows, as the field `Allow` lists them.
        allow: HeaderValue,
    },
    /// No credentials where some are needed.
    MissingCredentials,
    /// An `Authorization` of another scheme than `Bearer`.
    OtherScheme,
    /// `Bearer`, and nothing behind it.
    EmptyCredentials,
    /// Credentials that cannot be one token: several, or with spaces.
    MalformedCredentials,
    /// A page of another site sent this along with the session cookie, or tries to set one.
    CrossSite,
    /// No body where one is needed.
    BodyMissing,
    /// The body ended before its announced end.
    BodyBroken,
    /// The body did not arrive in time.
    BodyTimeout,
    /// More bytes than are read.
    TooLarge {
        /// How many are.
        limit: usize,
    },
    /// A content type that is not read here.
    UnsupportedMediaType {
        /// Those that are.
        accepted: &'static str,
        /// What was sent, in part.
        sent: String,
    },
    /// A body under a content encoding.
    EncodedBody,
    /// A form that cannot be taken apart.
    MalformedForm,
    /// Not JSON.
    MalformedJson {
        /// Where reading stopped, to follow a colon: `it ends too early.`
        detail: String,
    },
    /// JSON, but no object.
    NotAnObject,
    /// Objects and lists inside each other, deeper than is read.
    TooDeep {
        /// How deep is.
        limit: usize,
    },
    /// A text, or the name of a member, with U+0000 in it.
    NulCharacter {
        /// Where.
        pointer: String,
    },
    /// Two members of one name.
    RepeatedMember {
        /// Where.
        pointer: String,
    },
    /// A member that must be there.
    MissingMember {
        /// Where.
        pointer: String,
    },
    /// A member that nobody knows.
    UnknownMember {
        /// Where.
        pointer: String,
        /// The name that was probably meant.
        nearest: Option<&'static str>,
    },
    /// A member of another type.
    WrongType {
        /// Where.
        pointer: String,
        /// What it must be, to follow "must be": `a string`, `true or false`.
        expected: String,
    },
    /// The server made a mistake: a handler panicked, or returned what it must not.
    Internal,
}
