//! `BookStore`.
#![expect(missing_docs, reason = "the name of a contract is its sentence")]

use std::collections::HashSet;

use domain::books::{Book, BookCursor, BookKey, BookQuery, Isbn};
use domain::page::PageRequest;
use domain::post::Sequel;
use domain::problem::Field;

use super::StoreSet;
use super::steps::{added, at_once, conflict};
use crate::builders::{a_book, a_user, with_isbn};
use crate::time::moment;

const SHORT: &str = "0306406152";
const LONG: &str = "9780306406157";

/// Adds the book and gives it back with its number.
pub(super) async fn shelved(stores: &StoreSet, book: Book) -> Book {
    let number = stores.books.add(&book, &Sequel::none()).await.unwrap();
    Book { number, ..book }
}

async fn found(stores: &StoreSet, book: &Book) -> Option<Book> {
    stores.books.find(&BookKey::Id(book.id)).await.unwrap()
}

async fn titles(stores: &StoreSet, part: &str) -> Vec<String> {
    let query = BookQuery { part: Some(part.to_owned()) };
    let page = stores.books.list(&query, &PageRequest::first(200)).await.unwrap();
    page.items.into_iter().map(|book| book.title).collect()
}

fn next(book: &Book, change: impl FnOnce(&mut Book)) -> Book {
    let mut next = book.clone();
    next.version += 1;
    change(&mut next);
    next
}

pub async fn a_book_is_found_by_every_key_and_comes_back_whole(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    shelved(&stores, a_book(Some(ada.id))).await;
    let book = with_isbn(a_book(Some(ada.id)), SHORT);
    let book = Book { updated_at: moment("2026-11-20T12:34:56.789012Z"), copies: 7, ..book };
    let book = shelved(&stores, book).await;
    for key in [
        BookKey::Id(book.id),
        BookKey::Number(book.number),
        BookKey::Isbn(Isbn::parse(LONG).unwrap()),
    ] {
        assert_eq!(stores.books.find(&key).await.unwrap().as_ref(), Some(&book), "{key:?}");
    }
    assert_eq!(stores.books.find(&BookKey::Number(book.number + 1)).await.unwrap(), None);
}

pub async fn absent_members_of_a_book_stay_absent(stores: StoreSet) {
    let book = shelved(&stores, Book { published_year: None, ..a_book(None) }).await;
    let other = shelved(&stores, Book { published_year: Some(-800), ..a_book(None) }).await;
    assert_eq!(found(&stores, &book).await, Some(book));
    assert_eq!(found(&stores, &other).await, Some(other));
}

pub async fn a_taken_isbn_is_named_in_either_length(stores: StoreSet) {
    shelved(&stores, with_isbn(a_book(None), SHORT)).await;
    let second = with_isbn(a_book(None), LONG);
    assert_eq!(conflict(stores.books.add(&second, &Sequel::none()).await), Field::Isbn);
    assert_eq!(found(&stores, &second).await, None);
    let third = shelved(&stores, a_book(None)).await;
    let taking = with_isbn(next(&third, |_| ()), LONG);
    assert_eq!(conflict(stores.books.replace(&taking, &Sequel::none()).await), Field::Isbn);
    assert_eq!(found(&stores, &third).await, Some(third));
}

pub async fn book_numbers_are_not_used_again(stores: StoreSet) {
    let mut last = 0;
    for _ in 0..3 {
        let book = shelved(&stores, a_book(None)).await;
        assert!(book.number > last);
        assert!(stores.books.delete(book.id, None).await.unwrap());
        last = book.number;
    }
}

pub async fn only_the_version_before_of_a_book_is_replaced(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let book = shelved(&stores, with_isbn(a_book(Some(ada.id)), SHORT)).await;
    let changed = next(&book, |book| {
        (book.title, book.isbn) = ("Other".into(), None);
        (book.number, book.added_by) = (book.number + 5, None);
    });
    assert!(stores.books.replace(&changed, &Sequel::none()).await.unwrap());
    assert!(!stores.books.replace(&changed, &Sequel::none()).await.unwrap());
    let expected = Book { number: book.number, added_by: Some(ada.id), ..changed };
    assert_eq!(found(&stores, &book).await, Some(expected));
    assert!(!stores.books.replace(&next(&a_book(None), |_| ()), &Sequel::none()).await.unwrap());
}

pub async fn a_book_is_deleted_once_and_in_its_version(stores: StoreSet) {
    let book = shelved(&stores, a_book(None)).await;
    assert!(!stores.books.delete(book.id, Some(2)).await.unwrap());
    assert!(stores.books.delete(book.id, Some(1)).await.unwrap());
    assert!(!stores.books.delete(book.id, None).await.unwrap());
    assert_eq!(found(&stores, &book).await, None);
}

pub async fn a_book_outlives_whoever_added_it(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let book = shelved(&stores, a_book(Some(ada.id))).await;
    assert!(stores.users.delete(ada.id, None, &Sequel::none()).await.unwrap());
    let left = Book { added_by: None, ..book.clone() };
    assert_eq!(found(&stores, &book).await.as_ref(), Some(&left));
    assert!(
        stores.books.replace(&next(&book, |_| ()), &Sequel::none()).await.unwrap(),
        "read before"
    );
    assert_eq!(found(&stores, &book).await, Some(next(&left, |_| ())));
}

pub async fn a_book_added_by_somebody_who_is_gone_is_nobodys(stores: StoreSet) {
    let book = shelved(&stores, a_book(Some(a_user().build().id))).await;
    assert_eq!(found(&stores, &book).await, Some(Book { added_by: None, ..book }));
}

pub async fn titles_and_authors_come_back_byte_for_byte(stores: StoreSet) {
    let longest = "\u{1f600}".repeat(255);
    let widest = "\u{fdfa}".repeat(255);
    for text in ["O'Brien \"50%\" \\", " a ", "Zoe\u{308}", "👩‍🔬", &longest, &widest] {
        let (title, author) = (text.to_owned(), text.to_owned());
        let book = shelved(&stores, Book { title, author, ..a_book(None) }).await;
        assert_eq!(found(&stores, &book).await, Some(book), "{text:?}");
    }
}

pub async fn pages_of_books_in_a_row_are_the_whole_catalogue(stores: StoreSet) {
    let mut books = Vec::new();
    for _ in 0..5 {
        books.push(shelved(&stores, a_book(None)).await);
    }
    let (mut listed, mut page) = (Vec::new(), PageRequest::first(2));
    loop {
        let found = stores.books.list(&BookQuery::default(), &page).await.unwrap();
        listed.extend(found.items);
        let Some(BookCursor { number }) = found.next else { break };
        page = PageRequest::after(2, BookCursor { number });
    }
    assert_eq!(listed, books);
}

pub async fn a_part_of_title_author_or_isbn_finds_a_book_in_any_case(stores: StoreSet) {
    let title = |title: &str| Book { title: title.into(), ..a_book(None) };
    shelved(&stores, with_isbn(title("Über Zahlen"), SHORT)).await;
    shelved(&stores, Book { author: "Émilie".into(), ..title("Physics") }).await;
    assert_eq!(titles(&stores, "ÜBER").await, ["Über Zahlen"]);
    assert_eq!(titles(&stores, "éMIL").await, ["Physics"]);
    assert_eq!(titles(&stores, "640-615").await, ["Über Zahlen"]);
    assert_eq!(titles(&stores, "978030").await, ["Über Zahlen"]);
    assert_eq!(titles(&stores, "lovelace").await, ["Über Zahlen"]);
    assert_eq!(titles(&stores, "uber").await, Vec::<String>::new());
    assert_eq!(titles(&stores, "").await.len(), 2);
}

pub async fn every_sign_in_a_search_for_books_stands_for_itself(stores: StoreSet) {
    let all = ["100% pure", "a_b", "a!b", "a\\b", "it's \"quoted\"", "plain"];
    for title in all {
        shelved(&stores, Book { title: title.into(), ..a_book(None) }).await;
    }
    for (part, expected) in [
        ("%", "100% pure"),
        ("_", "a_b"),
        ("!", "a!b"),
        ("\\", "a\\b"),
        ("'s \"", "it's \"quoted\""),
    ] {
        assert_eq!(titles(&stores, part).await, [expected], "{part}");
    }
}

pub async fn of_16_who_add_one_isbn_one_succeeds(stores: StoreSet) {
    let adding = |_| {
        let (stores, book) = (stores.clone(), with_isbn(a_book(None), LONG));
        async move { stores.books.add(&book, &Sequel::none()).await }
    };
    let results = at_once((0..16).map(adding)).await;
    let (won, lost): (Vec<_>, Vec<_>) = results.into_iter().partition(Result::is_ok);
    assert_eq!(won.len(), 1);
    for refusal in lost {
        assert_eq!(conflict(refusal), Field::Isbn);
    }
}

pub async fn books_added_at_once_get_numbers_of_their_own(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let adding = |_| {
        let (stores, book) = (stores.clone(), a_book(Some(ada.id)));
        async move { stores.books.add(&book, &Sequel::none()).await.unwrap() }
    };
    let numbers: HashSet<i64> = at_once((0..16).map(adding)).await.into_iter().collect();
    assert_eq!(numbers.len(), 16);
}

pub async fn no_book_added_beside_a_deletion_keeps_its_adder(stores: StoreSet) {
    for _ in 0..10 {
        let ada = added(&stores, a_user()).await;
        let book = a_book(Some(ada.id));
        let of = |adds: bool| {
            let (stores, book) = (stores.clone(), book.clone());
            async move {
                match adds {
                    // The person may go between two looks at it: then nothing is kept.
                    true => stores.books.add(&book, &Sequel::none()).await.is_ok(),
                    false => stores.users.delete(ada.id, None, &Sequel::none()).await.unwrap(),
                }
            }
        };
        let results = at_once([of(true), of(false)]).await;
        assert!(results[1], "the person was there");
        let kept = found(&stores, &book).await;
        assert_eq!(kept.is_some(), results[0]);
        assert!(kept.is_none_or(|book| book.added_by.is_none()));
    }
}

pub async fn of_16_replacements_of_one_book_one_is_told_true(stores: StoreSet) {
    let book = shelved(&stores, a_book(None)).await;
    let replacing = |turn: i64| {
        let (stores, next) = (stores.clone(), next(&book, |book| book.copies = turn));
        async move { stores.books.replace(&next, &Sequel::none()).await.unwrap() }
    };
    let told = at_once((0..16).map(replacing)).await;
    assert_eq!(told.into_iter().filter(|told| *told).count(), 1);
}
