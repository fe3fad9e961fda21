//! Books: a catalogue that everybody signed in may read, and add to.

mod book;
mod change;
mod isbn;
mod service;
mod store;

pub use book::{Book, BookId};
pub use change::{BookChange, FIRST_YEAR, LAST_YEAR, MAX_COPIES, MAX_TEXT};
pub use isbn::Isbn;
pub use service::BookService;
#[cfg(any(test, feature = "mocks"))]
pub use store::MockBookStore;
pub use store::{BookCursor, BookKey, BookQuery, BookStore};
