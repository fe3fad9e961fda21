//! A change to a book, or a book about to be, as it was sent.

use crate::books::{Book, Isbn};
use crate::problem::{Fault, Field, FieldError, Problem};
use crate::users::{Change, text};

/// The longest title or name of an author, in characters.
pub const MAX_TEXT: usize = 255;
/// The first year that a book may have come out in.
pub const FIRST_YEAR: i64 = -3_000;
/// The last year that a book may have come out in.
pub const LAST_YEAR: i64 = 9_999;
/// The most copies of one book.
pub const MAX_COPIES: i64 = 1_000_000;

/// What is to change; nothing is validated yet.
#[derive(Debug, Clone, Default)]
pub struct BookChange {
    /// 1–255 characters; cannot be cleared.
    pub title: Change<String>,
    /// 1–255 characters; cannot be cleared.
    pub author: Change<String>,
    /// Unique.
    pub isbn: Change<String>,
    /// From 3000 before the common era to 9999.
    pub published_year: Change<i64>,
    /// 0 to a million; cannot be cleared.
    pub copies: Change<i64>,
}

impl BookChange {
    /// The book with this change, or everything that is wrong with it.
    pub(crate) fn apply(&self, book: Book) -> Result<Book, Problem> {
        let mut faults = Vec::new();
        let mut take = |field, fault| faults.push(FieldError::new(field, fault));
        let mut book = book;
        match lasting(&self.title) {
            Ok(Some(title)) => book.title = title,
            Ok(None) if book.title.is_empty() => take(Field::Title, Fault::Missing),
            Ok(None) => {}
            Err(fault) => take(Field::Title, fault),
        }
        match lasting(&self.author) {
            Ok(Some(author)) => book.author = author,
            Ok(None) if book.author.is_empty() => take(Field::Author, Fault::Missing),
            Ok(None) => {}
            Err(fault) => take(Field::Author, fault),
        }
        match &self.isbn {
            Change::Keep => {}
            Change::Clear => book.isbn = None,
            Change::Set(raw) => match Isbn::parse(raw) {
                Ok(isbn) => book.isbn = Some(isbn),
                Err(fault) => take(Field::Isbn, fault),
            },
        }
        match self.published_year {
            Change::Keep => {}
            Change::Clear => book.published_year = None,
            Change::Set(year) if (FIRST_YEAR..=LAST_YEAR).contains(&year) => {
                book.published_year = Some(year);
            }
            Change::Set(_) => {
                take(Field::PublishedYear, Fault::OutOfRange(FIRST_YEAR, LAST_YEAR));
            }
        }
        match self.copies {
            Change::Keep => {}
            Change::Set(copies) if (0..=MAX_COPIES).contains(&copies) => book.copies = copies,
            Change::Set(_) => take(Field::Copies, Fault::OutOfRange(0, MAX_COPIES)),
            Change::Clear => take(Field::Copies, Fault::Missing),
        }
        if faults.is_empty() { Ok(book) } else { Err(Problem::Invalid(faults)) }
    }
}

/// A text that must stay.
fn lasting(change: &Change<String>) -> Result<Option<String>, Fault> {
    match change {
        Change::Keep => Ok(None),
        Change::Clear => Err(Fault::Missing),
        Change::Set(raw) => text::parse(raw, MAX_TEXT).map(Some),
    }
}
