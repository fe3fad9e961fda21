//! The port behind which books are kept.

use async_trait::async_trait;

use crate::books::{Book, BookId, Isbn, MAX_TEXT};
use crate::page::{Page, PageRequest};
use crate::post::Sequel;
use crate::store::StoreError;
use crate::users::long_search_key;

/// A unique key that finds at most one book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BookKey {
    /// By id.
    Id(BookId),
    /// By number.
    Number(i64),
    /// By ISBN, of either length.
    Isbn(Isbn),
}

/// Which books to list. `Default` asks for all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BookQuery {
    /// A part of a title, an author's name or an ISBN, compared literally by its search key. A whole
    /// ISBN finds its book in either length.
    pub part: Option<String>,
}

/// The most characters that one character becomes in a search key: U+FDFA does.
const WIDEST: usize = 18;

impl BookQuery {
    /// Whether no book can be found, whatever is kept: no text of a book holds a control character,
    /// and none is as long as the part.
    pub(crate) fn is_vain(&self) -> bool {
        let part = self.part.as_deref().unwrap_or_default();
        part.chars().any(char::is_control)
            || long_search_key(part).chars().count() > MAX_TEXT * WIDEST
    }
}

/// Where a page of the catalogue ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BookCursor {
    /// The number of the last book on the page.
    pub number: i64,
}

/// Keeps books. Every method happens entirely or not at all. When a person is deleted, the books it
/// added stay as they are, but that `added_by` is nobody.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait BookStore: Send + Sync {
    /// Adds a book and returns its number: greater than every number given before, whatever became of
    /// those books. `book.number` is not looked at. Where nobody has the id `book.added_by`, the book
    /// is kept as nobody's.
    ///
    /// # Errors
    /// `Conflict(Isbn)`, where another book has its key; of any number of simultaneous calls with one
    /// key exactly one succeeds.
    async fn add(&self, book: &Book, sequel: &Sequel) -> Result<i64, StoreError>;

    /// The book with this key.
    async fn find(&self, key: &BookKey) -> Result<Option<Book>, StoreError>;

    /// Replaces all of the book but `number` and `added_by`, if its row still has the version before
    /// `book.version`; says whether it had. Of any number of simultaneous calls from one version
    /// exactly one is told `true`.
    ///
    /// # Errors
    /// `Conflict` as for [`add`](Self::add); nothing changed then.
    async fn replace(&self, book: &Book, sequel: &Sequel) -> Result<bool, StoreError>;

    /// Removes the book, if its row still has `version` (any, where `None`); says whether it had.
    async fn delete(&self, id: BookId, version: Option<i64>) -> Result<bool, StoreError>;

    /// A page of the books that `query` asks for, by number.
    async fn list(
        &self,
        query: &BookQuery,
        page: &PageRequest<BookCursor>,
    ) -> Result<Page<Book, BookCursor>, StoreError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_vain(part: &str) -> bool {
        BookQuery { part: Some(part.to_owned()) }.is_vain()
    }

    #[test]
    fn what_no_book_can_hold_is_searched_for_in_vain() {
        assert!(is_vain("a\0b") && is_vain("\n"));
        assert!(is_vain(&"a".repeat(MAX_TEXT * WIDEST + 1)));
        assert!(!is_vain(&"\u{fdfa}".repeat(MAX_TEXT)) && !is_vain(""));
        assert!(!BookQuery::default().is_vain());
    }
}
