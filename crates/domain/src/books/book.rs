//! A book as every surface and store knows it.

use uuid::Uuid;

use crate::books::Isbn;
use crate::time::Timestamp;
use crate::users::UserId;

/// A book's id: a UUID version 7, never used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BookId(pub Uuid);

impl std::fmt::Display for BookId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A title in the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Book {
    /// The public id.
    pub id: BookId,
    /// A unique integer in order of arrival, never used again: the one value that a store assigns.
    pub number: i64,
    /// 1–255 characters.
    pub title: String,
    /// 1–255 characters.
    pub author: String,
    /// Unique by its key.
    pub isbn: Option<Isbn>,
    /// When it came out; negative years are before the common era.
    pub published_year: Option<i64>,
    /// How many copies there are.
    pub copies: i64,
    /// Who added it, unless that person is gone.
    pub added_by: Option<UserId>,
    /// When it was added.
    pub created_at: Timestamp,
    /// When anything of the above but `added_by` last changed.
    pub updated_at: Timestamp,
    /// Counts the changes, from 1: what compare-and-swap and `ETag` are made of. A book keeps its
    /// version when who added it goes.
    pub version: i64,
}
