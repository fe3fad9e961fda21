//! Books for tests.

use domain::books::{Book, BookId, Isbn};
use domain::users::UserId;

use super::{ordinal, uuid};
use crate::time::noon;

/// A book without an ISBN, added at noon by this person.
pub fn a_book(added_by: Option<UserId>) -> Book {
    let ordinal = ordinal();
    Book {
        id: BookId(uuid(noon(), ordinal)),
        number: 0,
        title: format!("Notes {ordinal}"),
        author: "Ada Lovelace".into(),
        isbn: None,
        published_year: Some(1843),
        copies: 1,
        added_by,
        created_at: noon(),
        updated_at: noon(),
        version: 1,
    }
}

/// The same book with this ISBN.
pub fn with_isbn(book: Book, isbn: &str) -> Book {
    Book { isbn: Some(Isbn::parse(isbn).expect("an ISBN")), ..book }
}
