//! What callers of door 4 get.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use domain::books::{Book, Isbn};
use domain::time::Timestamp;
use domain::users::{Email, User, Username};
use serde::Serialize;

use crate::settings::Mode;
use crate::state::ApiState;

/// The picture of those who have none.
pub(super) const DEFAULT_PICTURE: &str = "default.jpg";
/// What stands in the place of a password.
const MASK: &str = "********";

/// A person.
#[derive(Serialize)]
pub(super) struct UserOut<'a> {
    created_at: String,
    email: Option<&'a str>,
    id: i64,
    image_file: &'a str,
    modified_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<&'static str>,
    username: Option<&'a str>,
}

impl<'a> UserOut<'a> {
    pub(super) fn new(user: &'a User, mode: Mode) -> Self {
        Self {
            created_at: http_date(user.created_at),
            email: user.email.as_ref().map(Email::as_str),
            id: user.number,
            image_file: user.avatar.as_deref().unwrap_or(DEFAULT_PICTURE),
            modified_at: http_date(user.updated_at),
            password: (mode == Mode::Documented).then_some(MASK),
            username: user.username.as_ref().map(Username::as_str),
        }
    }
}

/// A book.
#[derive(Serialize)]
pub(super) struct BookOut<'a> {
    author: &'a str,
    copies: i64,
    created_at: String,
    id: i64,
    isbn: Option<&'a str>,
    modified_at: String,
    published_year: Option<i64>,
    title: &'a str,
}

impl<'a> From<&'a Book> for BookOut<'a> {
    fn from(book: &'a Book) -> Self {
        Self {
            author: &book.author,
            copies: book.copies,
            created_at: http_date(book.created_at),
            id: book.number,
            isbn: book.isbn.as_ref().map(Isbn::as_str),
            modified_at: http_date(book.updated_at),
            published_year: book.published_year,
            title: &book.title,
        }
    }
}

#[derive(Serialize)]
struct Result<'a, T> {
    message: &'a str,
    result: T,
    status: u16,
}

/// A reply with a result.
pub(super) fn result<T: Serialize>(status: StatusCode, message: &str, result: T) -> HttpResponse {
    HttpResponse::build(status).json(Result { message, result, status: status.as_u16() })
}

/// A reply about one person.
pub(super) fn about(state: &ApiState, message: &str, user: &User) -> HttpResponse {
    result(StatusCode::OK, message, UserOut::new(user, state.settings().compat.mode))
}

/// `Fri, 21 Aug 2020 12:30:06 GMT` (RFC 9110 §5.6.7).
fn http_date(moment: Timestamp) -> String {
    moment.datetime().format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_http() {
        let moment = Timestamp::from_micros(1_598_013_006_999_999).unwrap();
        assert_eq!(http_date(moment), "Fri, 21 Aug 2020 12:30:06 GMT");
    }
}
