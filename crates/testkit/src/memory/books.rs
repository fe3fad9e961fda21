//! Books in memory.

use async_trait::async_trait;
use domain::books::{Book, BookCursor, BookId, BookKey, BookQuery, BookStore, Isbn};
use domain::page::{Page, PageRequest};
use domain::post::Sequel;
use domain::problem::Field;
use domain::store::StoreError;
use domain::users::long_search_key;

use super::Shared;
use super::state::State;

#[async_trait]
impl BookStore for Shared {
    async fn add(&self, book: &Book, sequel: &Sequel) -> Result<i64, StoreError> {
        let mut state = self.state_for(sequel)?;
        check_unique(&state, book)?;
        state.keep(sequel);
        state.last_book += 1;
        let number = state.last_book;
        let added_by = book.added_by.filter(|id| state.users.contains_key(id));
        state.books.insert(book.id, Book { number, added_by, ..book.clone() });
        Ok(number)
    }

    async fn find(&self, key: &BookKey) -> Result<Option<Book>, StoreError> {
        let state = self.state()?;
        let found = state.books.values().find(|book| match key {
            BookKey::Id(id) => book.id == *id,
            BookKey::Number(number) => book.number == *number,
            BookKey::Isbn(isbn) => isbn_key(book) == Some(isbn.key()),
        });
        Ok(found.cloned())
    }

    async fn replace(&self, book: &Book, sequel: &Sequel) -> Result<bool, StoreError> {
        let mut state = self.state_for(sequel)?;
        let Some(present) = state.books.get(&book.id) else { return Ok(false) };
        if present.version.checked_add(1) != Some(book.version) {
            return Ok(false);
        }
        let (number, added_by) = (present.number, present.added_by);
        check_unique(&state, book)?;
        state.keep(sequel);
        state.books.insert(book.id, Book { number, added_by, ..book.clone() });
        Ok(true)
    }

    async fn delete(&self, id: BookId, version: Option<i64>) -> Result<bool, StoreError> {
        let mut state = self.state()?;
        let book = state.books.get(&id);
        if book.is_none_or(|book| version.is_some_and(|version| version != book.version)) {
            return Ok(false);
        }
        Ok(state.books.remove(&id).is_some())
    }

    async fn list(
        &self,
        query: &BookQuery,
        page: &PageRequest<BookCursor>,
    ) -> Result<Page<Book, BookCursor>, StoreError> {
        let state = self.state()?;
        let mut found: Vec<&Book> = state
            .books
            .values()
            .filter(|book| query.part.as_deref().is_none_or(|part| holds(book, part)))
            .filter(|book| page.after.is_none_or(|last| book.number > last.number))
            .collect();
        found.sort_by_key(|book| book.number);
        let rows = found.into_iter().take(page.limit() + 1).cloned().collect();
        Ok(Page::from_surplus(rows, page.limit(), |book| BookCursor { number: book.number }))
    }
}

fn check_unique(state: &State, book: &Book) -> Result<(), StoreError> {
    let mut others = state.books.values().filter(|other| other.id != book.id);
    let taken = isbn_key(book).is_some_and(|key| others.any(|other| isbn_key(other) == Some(key)));
    if taken { Err(StoreError::Conflict(Field::Isbn)) } else { Ok(()) }
}

fn isbn_key(book: &Book) -> Option<&str> {
    book.isbn.as_ref().map(Isbn::key)
}

fn holds(book: &Book, part: &str) -> bool {
    let (text, digits) = (long_search_key(part), Isbn::search_key(part));
    let whole = Isbn::parse(part).ok();
    let numbered = |isbn: &Isbn| {
        let holds = |part: &String| isbn.key().contains(part) || isbn.as_str().contains(part);
        digits.as_ref().is_some_and(holds)
            || whole.as_ref().is_some_and(|whole| whole.key() == isbn.key())
    };
    [&book.title, &book.author].iter().any(|shown| long_search_key(shown).contains(&text))
        || book.isbn.as_ref().is_some_and(numbered)
}
