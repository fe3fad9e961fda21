//! Books in a table.

mod row;

use async_trait::async_trait;
use diesel::{
    BoolExpressionMethods, EscapeExpressionMethods, ExpressionMethods, NullableExpressionMethods,
    OptionalExtension, QueryDsl, QueryResult, RunQueryDsl, SelectableHelper, TextExpressionMethods,
};
use domain::books::{Book, BookCursor, BookId, BookKey, BookQuery, BookStore, Isbn};
use domain::page::{Page, PageRequest};
use domain::post::Sequel;
use domain::store::StoreError;
use domain::users::long_search_key;

use self::row::{BookRow, EditionRow};
use super::post;
use super::row::containing;
use crate::db::{AnyConnection, Database, books, users};

pub(super) struct Books(pub(super) Database);

#[async_trait]
impl BookStore for Books {
    async fn add(&self, book: &Book, sequel: &Sequel) -> Result<i64, StoreError> {
        let (id, added_by, edition) = (book.id, book.added_by, EditionRow::from(book));
        let sequel = sequel.clone();
        let added = self.0.transact(move |connection| {
            let id = books::id.eq(id.0.as_bytes().as_slice());
            // Who is gone by now is nobody, and the book is kept all the same.
            let adder = added_by.map(|id| id.0.as_bytes().to_vec());
            let adder = users::table.filter(users::id.nullable().eq(adder));
            let added_by = books::added_by.eq(adder.select(users::id).single_value());
            let row = (id, added_by, &edition);
            diesel::insert_into(books::table).values(row).execute(connection)?;
            post::keep(connection, &sequel)?;
            books::table.select(books::number).filter(id).get_result(connection)
        });
        added.await
    }

    async fn find(&self, key: &BookKey) -> Result<Option<Book>, StoreError> {
        let key = key.clone();
        let found = self.0.read(move |connection| {
            let books = books::table.into_boxed();
            let books = match &key {
                BookKey::Id(id) => books.filter(books::id.eq(id.0.as_bytes().as_slice())),
                BookKey::Number(number) => books.filter(books::number.eq(number)),
                BookKey::Isbn(isbn) => books.filter(books::isbn_key.eq(isbn.key())),
            };
            let row = books.select(BookRow::as_select()).get_result(connection).optional()?;
            row.map(BookRow::into_book).transpose()
        });
        found.await
    }

    async fn replace(&self, book: &Book, sequel: &Sequel) -> Result<bool, StoreError> {
        let (id, edition, sequel) = (book.id, EditionRow::from(book), sequel.clone());
        let Some(version) = book.version.checked_sub(1) else { return Ok(false) };
        let replaced = self.0.transact(move |connection| {
            let row = books::table.filter(books::id.eq(id.0.as_bytes().as_slice()));
            let row = row.filter(books::version.eq(version));
            if diesel::update(row).set(&edition).execute(connection)? == 0 {
                return Ok(false);
            }
            post::keep(connection, &sequel)?;
            Ok(true)
        });
        replaced.await
    }

    async fn delete(&self, id: BookId, version: Option<i64>) -> Result<bool, StoreError> {
        let deleted = self.0.write(move |connection| {
            let row = books::table.filter(books::id.eq(id.0.as_bytes().as_slice()));
            let rows = match version {
                Some(version) => {
                    diesel::delete(row.filter(books::version.eq(version))).execute(connection)
                }
                None => diesel::delete(row).execute(connection),
            };
            Ok(rows? == 1)
        });
        deleted.await
    }

    async fn list(
        &self,
        query: &BookQuery,
        page: &PageRequest<BookCursor>,
    ) -> Result<Page<Book, BookCursor>, StoreError> {
        let (query, page) = (query.clone(), *page);
        self.0.read(move |connection| list(connection, &query, &page)).await
    }
}

fn list(
    connection: &mut AnyConnection,
    query: &BookQuery,
    page: &PageRequest<BookCursor>,
) -> QueryResult<Page<Book, BookCursor>> {
    let mut found = books::table.order(books::number).select(BookRow::as_select()).into_boxed();
    if let Some(part) = query.part.as_deref().filter(|part| !part.is_empty()) {
        let text = containing(&long_search_key(part));
        let named = books::title_key.like(text.clone()).escape('!');
        let named = named.or(books::author_key.like(text).escape('!'));
        found = if let Some(digits) = Isbn::search_key(part) {
            // What is null is like nothing.
            let numbered = books::isbn_key.assume_not_null().like(containing(&digits)).escape('!');
            let shown = books::isbn.assume_not_null().like(containing(&digits)).escape('!');
            let whole = Isbn::parse(part).map_or(digits.clone(), |isbn| isbn.key().to_owned());
            let whole = books::isbn_key.assume_not_null().eq(whole);
            found.filter(named.or(numbered).or(shown).or(whole))
        } else {
            found.filter(named)
        };
    }
    if let Some(BookCursor { number }) = page.after {
        found = found.filter(books::number.gt(number));
    }
    let surplus = i64::try_from(page.limit() + 1).unwrap_or(i64::MAX);
    let rows: Vec<BookRow> = found.limit(surplus).load(connection)?;
    let books: Vec<Book> = rows.into_iter().map(BookRow::into_book).collect::<Result<_, _>>()?;
    Ok(Page::from_surplus(books, page.limit(), |book| BookCursor { number: book.number }))
}
