//! The id in a path.

use actix_web::HttpRequest;
use domain::books::BookId;
use domain::chatrooms::{ChatroomId, MessageId};
use domain::problem::{Problem, Thing};
use domain::sessions::SessionId;
use domain::users::UserId;
use uuid::Uuid;

/// The person that `{id}` names.
///
/// # Errors
/// `NotFound` where it is no UUID in its canonical form: nobody has such an id.
pub(crate) fn user_id(request: &HttpRequest) -> Result<UserId, Problem> {
    canonical(request).map(UserId).ok_or(Problem::NotFound(Thing::User))
}

/// The session that `{id}` names.
///
/// # Errors
/// As [`user_id`].
pub(crate) fn session_id(request: &HttpRequest) -> Result<SessionId, Problem> {
    canonical(request).map(SessionId).ok_or(Problem::NotFound(Thing::Session))
}

/// The book that `{id}` names.
///
/// # Errors
/// As [`user_id`].
pub(crate) fn book_id(request: &HttpRequest) -> Result<BookId, Problem> {
    canonical(request).map(BookId).ok_or(Problem::NotFound(Thing::Book))
}

/// The chatroom that `{id}` names.
///
/// # Errors
/// As [`user_id`].
pub(crate) fn chatroom_id(request: &HttpRequest) -> Result<ChatroomId, Problem> {
    canonical(request).map(ChatroomId).ok_or(Problem::NotFound(Thing::Chatroom))
}

/// The message that `{id}` names.
///
/// # Errors
/// As [`user_id`].
pub(crate) fn message_id(request: &HttpRequest) -> Result<MessageId, Problem> {
    canonical(request).map(MessageId).ok_or(Problem::NotFound(Thing::Message))
}

/// Lower case with hyphens (RFC 9562 §4): one thing has one address.
fn canonical(request: &HttpRequest) -> Option<Uuid> {
    let text = request.match_info().get("id")?;
    let id = Uuid::try_parse(text).ok()?;
    (id.to_string() == text).then_some(id)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn is_id(text: &str) -> bool {
        let request = TestRequest::default().param("id", text.to_owned()).to_http_request();
        user_id(&request).is_ok() && session_id(&request).is_ok() && book_id(&request).is_ok()
    }

    #[test]
    fn only_the_canonical_form_of_a_uuid_is_an_id() {
        assert!(is_id("0192f7a0-7c5e-7d3a-9b1c-2f4e6a8c0d1e"));
        for other in [
            "",
            "me",
            "42",
            "0192F7A0-7C5E-7D3A-9B1C-2F4E6A8C0D1E",
            "0192f7a07c5e7d3a9b1c2f4e6a8c0d1e",
            "{0192f7a0-7c5e-7d3a-9b1c-2f4e6a8c0d1e}",
            "urn:uuid:0192f7a0-7c5e-7d3a-9b1c-2f4e6a8c0d1e",
        ] {
            assert!(!is_id(other), "{other}");
        }
    }
}
