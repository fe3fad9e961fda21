//! `BookStore::list`: what a search finds, and its pages.
#![expect(missing_docs, reason = "the name of a contract is its sentence")]

use domain::books::{Book, BookCursor, BookQuery};
use domain::page::{MAX_LIMIT, PageRequest};

use super::StoreSet;
use super::books::shelved;
use crate::builders::{a_book, with_isbn};

/// A book of this title and author.
fn book(title: &str, author: &str) -> Book {
    Book { title: title.to_owned(), author: author.to_owned(), ..a_book(None) }
}

/// The titles that a search finds, in their order.
async fn searched(stores: &StoreSet, text: &str) -> Vec<String> {
    let query = BookQuery { part: Some(text.into()) };
    let page = stores.books.list(&query, &PageRequest::first(MAX_LIMIT)).await.unwrap();
    assert_eq!(page.next, None);
    page.items.into_iter().map(|book| book.title).collect()
}

/// Reads all pages of `limit`; calls `between` after each.
async fn read_all(
    stores: &StoreSet,
    query: &BookQuery,
    limit: u16,
    mut between: impl AsyncFnMut(),
) -> Vec<Book> {
    let mut seen = Vec::new();
    let mut request = PageRequest::first(limit);
    loop {
        let page = stores.books.list(query, &request).await.unwrap();
        assert!(page.items.len() <= usize::from(limit) && seen.len() < 100);
        seen.extend(page.items);
        between().await;
        let Some(next) = page.next else { return seen };
        assert_eq!(Some(next), seen.last().map(|book: &Book| BookCursor { number: book.number }));
        request = PageRequest::after(limit, next);
    }
}

pub async fn books_are_listed_whole_and_by_number(stores: StoreSet) {
    let query = BookQuery::default();
    assert_eq!(read_all(&stores, &query, 5, async || ()).await, []);
    let mut books = Vec::new();
    for isbn in ["0306406152", "080442957X", "9791090636071"] {
        books.push(shelved(&stores, with_isbn(a_book(None), isbn)).await);
    }
    for limit in [1, 2, 3, 4] {
        let seen = read_all(&stores, &query, limit, async || ()).await;
        assert_eq!(seen, books, "{limit} a page");
    }
}

pub async fn no_book_is_missed_or_repeated_while_others_come_and_go(stores: StoreSet) {
    let mut books = Vec::new();
    for _ in 0..7 {
        books.push(shelved(&stores, book("Notes", "Ours")).await);
    }
    let gone = books.remove(2);
    let query = BookQuery { part: Some("ours".into()) };
    let seen = read_all(&stores, &query, 3, async || {
        stores.books.delete(gone.id, None).await.unwrap();
        shelved(&stores, book("Notes", "Theirs")).await;
    });
    let mut seen = seen.await;
    seen.retain(|book| book.id != gone.id);
    assert_eq!(seen, books);
}

pub async fn a_search_finds_any_part_of_title_and_author(stores: StoreSet) {
    shelved(&stores, book("A Room of One's Own", "Virginia Woolf")).await;
    shelved(&stores, book("Virgin Soil", "Ivan Turgenev")).await;
    for text in ["room", "A Room of One's Own", "own", "of o", "'", "woolf", "nia w"] {
        assert_eq!(searched(&stores, text).await, ["A Room of One's Own"], "{text:?}");
    }
    let both = ["A Room of One's Own", "Virgin Soil"];
    assert_eq!(searched(&stores, "virgin").await, both);
    assert_eq!(searched(&stores, "").await, both);
    for text in ["rooms", "roomof", "ownvirginia", "a room of one's own ", "  "] {
        assert_eq!(searched(&stores, text).await, [""; 0], "{text:?}");
    }
}

pub async fn a_search_ignores_letter_case_and_width_and_confuses_no_letters(stores: StoreSet) {
    for title in ["ÅDA Ωmega", "ＷＩＤＥ", "cure", "cüre", "straße", "😀", "かな"] {
        shelved(&stores, book(title, "-")).await;
    }
    for (text, title) in [
        ("åda", "ÅDA Ωmega"),
        ("DA ΩM", "ÅDA Ωmega"),
        ("A\u{30a}da", "ÅDA Ωmega"),
        ("wide", "ＷＩＤＥ"),
        ("ｉＤ", "ＷＩＤＥ"),
        ("CURE", "cure"),
        ("CÜRE", "cüre"),
        ("STRAßE", "straße"),
        ("😀", "😀"),
        ("な", "かな"),
    ] {
        assert_eq!(searched(&stores, text).await, [title], "{text:?}");
    }
    for text in ["strasse", "😁", "ナ", "ada"] {
        assert_eq!(searched(&stores, text).await, [""; 0], "{text:?}");
    }
}

pub async fn every_sign_of_a_search_stands_for_itself(stores: StoreSet) {
    let signs: Vec<char> = (' '..='~').filter(|sign| !sign.is_ascii_alphanumeric()).collect();
    shelved(&stores, book("axb", "y")).await;
    shelved(&stores, book("ab", "y")).await;
    for sign in &signs {
        shelved(&stores, book(&format!("a{sign}b"), "y")).await;
    }
    for sign in &signs {
        let title = format!("a{sign}b");
        for text in [sign.to_string(), format!("a{sign}"), format!("{sign}B"), title.clone()] {
            assert_eq!(searched(&stores, &text).await, [title.as_str()], "{text:?}");
        }
        assert_eq!(searched(&stores, &format!("{sign}{sign}")).await, [""; 0], "{sign:?}");
    }
    shelved(&stores, book("!% \\_ !! %%", "y")).await;
    for text in ["!%", "\\_", "!!", "%%", "!% \\_ !! %%"] {
        assert_eq!(searched(&stores, text).await, ["!% \\_ !! %%"], "{text:?}");
    }
}

pub async fn a_search_finds_part_of_an_isbn_whatever_the_hyphens(stores: StoreSet) {
    shelved(&stores, with_isbn(book("Ten", "V"), "0-306-40615-2")).await;
    shelved(&stores, with_isbn(book("X", "V"), "0-8044-2957-X")).await;
    shelved(&stores, with_isbn(book("Thirteen", "V"), "979-10-90636-07-1")).await;
    shelved(&stores, book("None", "-")).await;
    for (text, title) in [
        ("0306406152", "Ten"),
        ("0-306-40615-2", "Ten"),
        ("978-0-306-40615-7", "Ten"),
        ("3-0-6-4", "Ten"),
        ("0-8044-2957-x", "X"),
        ("9780804429573", "X"),
        ("979-10", "Thirteen"),
        ("9791090636071", "Thirteen"),
        ("-", "None"),
    ] {
        assert_eq!(searched(&stores, text).await, [title], "{text:?}");
    }
    assert_eq!(searched(&stores, "9780306406158").await, [""; 0]);
    assert_eq!(searched(&stores, "97803064061570").await, [""; 0]);
}

pub async fn a_search_reaches_the_end_of_the_longest_title(stores: StoreSet) {
    for (start, end) in [("\u{1f600}", "end"), ("\u{fdfa}", "fin")] {
        let title = start.repeat(252) + end;
        shelved(&stores, book(&title, "y")).await;
        assert_eq!(searched(&stores, &end.to_uppercase()).await, [title.as_str()]);
        assert_eq!(searched(&stores, &title).await, [title.as_str()]);
    }
}
