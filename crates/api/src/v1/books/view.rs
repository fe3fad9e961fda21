//! A book as `/v1` shows it.

use domain::books::{Book, Isbn};
use serde::Serialize;
use utoipa::ToSchema;

use crate::v1::page::PageMark;
use crate::v1::time::rfc3339;

/// A book.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Book)]
pub(crate) struct BookView {
    /// A UUID version 7, never used again.
    #[schema(format = "uuid", examples("0192f7a1-3b52-7f0e-8c6d-5a4b3c2d1e0f"))]
    id: String,
    /// A unique integer in order of arrival, never used again.
    #[schema(minimum = 1, examples(42))]
    number: i64,
    /// What it is called.
    #[schema(examples("A Room of One's Own"))]
    title: String,
    /// Who wrote it.
    #[schema(examples("Virginia Woolf"))]
    author: String,
    /// Without hyphens, in the length it came in; unique by its form of 13 digits.
    #[schema(required, examples("9780306406157"))]
    isbn: Option<String>,
    /// The year it came out; years before our era are negative.
    #[schema(required, examples(1929))]
    published_year: Option<i64>,
    /// How many copies there are.
    #[schema(minimum = 0, examples(3))]
    copies: i64,
    /// The id of who added it; null once that person is removed.
    #[schema(required, format = "uuid", examples("0192f7a0-7c5e-7d3a-9b1c-2f4e6a8c0d1e"))]
    added_by: Option<String>,
    /// When it was added.
    #[schema(format = DateTime, examples("2026-11-20T18:00:44.123456Z"))]
    created_at: String,
    /// When it was last changed.
    #[schema(format = DateTime, examples("2026-11-20T18:00:44.123456Z"))]
    updated_at: String,
}

/// One page of books.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BookPage {
    /// The books, in the order they were added.
    pub(crate) data: Vec<BookView>,
    pub(crate) page: PageMark,
}

impl From<&Book> for BookView {
    fn from(book: &Book) -> Self {
        Self {
            id: book.id.to_string(),
            number: book.number,
            title: book.title.clone(),
            author: book.author.clone(),
            isbn: book.isbn.as_ref().map(Isbn::as_str).map(str::to_owned),
            published_year: book.published_year,
            copies: book.copies,
            added_by: book.added_by.map(|id| id.to_string()),
            created_at: rfc3339(book.created_at),
            updated_at: rfc3339(book.updated_at),
        }
    }
}
