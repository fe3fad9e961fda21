//! What may be done with books, and by whom.

use std::sync::Arc;

use crate::Ports;
use crate::audit::Ledger;
use crate::books::{Book, BookChange, BookCursor, BookId, BookKey, BookQuery, BookStore};
use crate::entropy::{Entropy, uuid};
use crate::page::{Page, PageRequest};
use crate::problem::{Problem, Thing};
use crate::time::Clock;
use crate::users::{ATTEMPTS, Turns, User};

/// Serves every surface alike; whoever calls is named by `actor`.
pub struct BookService {
    books: Arc<dyn BookStore>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    turns: Turns,
    ledger: Ledger,
}

impl BookService {
    /// Built once by [`Services`](crate::Services).
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            books: Arc::clone(&ports.books),
            clock: Arc::clone(&ports.clock),
            entropy: Arc::clone(&ports.entropy),
            turns: Turns::default(),
            ledger: Ledger::new(ports),
        }
    }

    /// Adds a book. There is one copy of it unless said.
    ///
    /// # Errors
    /// `Invalid` with all faults at once, `Taken(Isbn)`, `Unavailable`.
    pub async fn add(&self, actor: &User, sent: &BookChange) -> Result<Book, Problem> {
        let now = self.clock.now();
        let blank = Book {
            id: BookId(uuid(self.entropy.as_ref(), now)?),
            number: 0,
            title: String::new(),
            author: String::new(),
            isbn: None,
            published_year: None,
            copies: 1,
            added_by: Some(actor.id),
            created_at: now,
            updated_at: now,
            version: 1,
        };
        let mut book = sent.apply(blank)?;
        book.number = self.books.add(&book, &self.ledger.nothing()).await?;
        Ok(book)
    }

    /// One book.
    ///
    /// # Errors
    /// `NotFound`, `Unavailable`.
    pub async fn find(&self, key: &BookKey) -> Result<Book, Problem> {
        self.books.find(key).await?.ok_or(Problem::NotFound(Thing::Book))
    }

    /// A page of the catalogue.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn list(
        &self,
        query: &BookQuery,
        page: &PageRequest<BookCursor>,
    ) -> Result<Page<Book, BookCursor>, Problem> {
        if query.is_vain() {
            return Ok(Page { items: Vec::new(), next: None });
        }
        Ok(self.books.list(query, page).await?)
    }

    /// Changes a book, by who added it or an administrator. With `version` only if the row still has
    /// it.
    ///
    /// # Errors
    /// `NotFound`, `NotYours`, `VersionMismatch`, `Contended`, `Invalid`, `Taken(Isbn)`,
    /// `Unavailable`.
    pub async fn change(
        &self,
        actor: &User,
        key: &BookKey,
        version: Option<i64>,
        change: &BookChange,
    ) -> Result<Book, Problem> {
        let mut turn = None;
        for _ in 0..ATTEMPTS {
            let before = self.owned(actor, key).await?;
            if version.is_some_and(|version| version != before.version) {
                return Err(Problem::VersionMismatch);
            }
            let after = change.apply(before.clone())?;
            if after == before {
                return Ok(before);
            }
            let (version, updated_at) = (before.version + 1, self.clock.now());
            let after = Book { version, updated_at, ..after };
            if self.books.replace(&after, &self.ledger.nothing()).await? {
                return Ok(after);
            }
            if turn.is_none() {
                turn = Some(self.turns.take(after.id.0).await);
            }
        }
        Err(Problem::Contended)
    }

    /// Removes a book, by who added it or an administrator; gives it back as it was. With `version`
    /// only if the row still has it.
    ///
    /// # Errors
    /// `NotFound`, `NotYours`, `VersionMismatch`, `Unavailable`.
    pub async fn delete(
        &self,
        actor: &User,
        key: &BookKey,
        version: Option<i64>,
    ) -> Result<Book, Problem> {
        let book = self.owned(actor, key).await?;
        if self.books.delete(book.id, version).await? {
            return Ok(book);
        }
        // Nothing was removed: either it is gone, or the row has another version.
        self.find(&BookKey::Id(book.id)).await.and(Err(Problem::VersionMismatch))
    }

    /// The one place that says who may write to a book.
    async fn owned(&self, actor: &User, key: &BookKey) -> Result<Book, Problem> {
        let book = self.find(key).await?;
        if book.added_by == Some(actor.id) || actor.is_admin() {
            Ok(book)
        } else {
            Err(Problem::NotYours(Thing::Book))
        }
    }
}
