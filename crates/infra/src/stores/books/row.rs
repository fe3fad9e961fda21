//! A book as a row.

use diesel::{AsChangeset, Insertable, QueryResult, Queryable, Selectable};
use domain::books::{Book, BookId, Isbn};
use domain::users::{UserId, long_search_key};

use crate::db::{Moment, MultiBackend, books};
use crate::stores::row::uuid;

/// All of a row, as it is read.
#[derive(Queryable, Selectable)]
#[diesel(table_name = books, check_for_backend(MultiBackend))]
pub(super) struct BookRow {
    number: i64,
    id: Vec<u8>,
    added_by: Option<Vec<u8>>,
    #[diesel(embed)]
    edition: EditionRow,
}

/// What a replacement replaces.
#[derive(Queryable, Selectable, Insertable, AsChangeset, Clone)]
#[diesel(table_name = books, check_for_backend(MultiBackend), treat_none_as_null = true)]
pub(super) struct EditionRow {
    title: String,
    title_key: String,
    author: String,
    author_key: String,
    isbn: Option<String>,
    isbn_key: Option<String>,
    published_year: Option<i64>,
    copies: i64,
    created_at: Moment,
    updated_at: Moment,
    version: i64,
}

impl From<&Book> for EditionRow {
    fn from(book: &Book) -> Self {
        Self {
            title: book.title.clone(),
            title_key: long_search_key(&book.title),
            author: book.author.clone(),
            author_key: long_search_key(&book.author),
            isbn: book.isbn.as_ref().map(|isbn| isbn.as_str().into()),
            isbn_key: book.isbn.as_ref().map(|isbn| isbn.key().into()),
            published_year: book.published_year,
            copies: book.copies,
            created_at: book.created_at.into(),
            updated_at: book.updated_at.into(),
            version: book.version,
        }
    }
}

impl BookRow {
    /// The book, unless the row holds what no version of this program wrote.
    pub(super) fn into_book(self) -> QueryResult<Book> {
        let edition = self.edition;
        let added_by = self.added_by.map(|id| uuid("books.added_by", &id)).transpose()?;
        Ok(Book {
            id: BookId(uuid("books.id", &self.id)?),
            number: self.number,
            title: edition.title,
            author: edition.author,
            isbn: edition
                .isbn
                .zip(edition.isbn_key)
                .map(|(shown, key)| Isbn::from_stored(shown, key)),
            published_year: edition.published_year,
            copies: edition.copies,
            added_by: added_by.map(UserId),
            created_at: edition.created_at.into(),
            updated_at: edition.updated_at.into(),
            version: edition.version,
        })
    }
}
