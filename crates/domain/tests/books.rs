//! Books over the in-memory stores: what is refused, and to whom.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use domain::books::{Book, BookChange, BookKey, BookQuery, Isbn};
use domain::page::PageRequest;
use domain::problem::{Fault, Field, Problem, Thing};
use domain::users::{Change, User};
use testkit::household::Household;

fn new(title: &str, isbn: Option<&str>) -> BookChange {
    BookChange {
        title: Change::Set(title.into()),
        author: Change::Set("Virginia Woolf".into()),
        isbn: isbn.map_or(Change::Keep, |isbn| Change::Set(isbn.into())),
        ..BookChange::default()
    }
}

fn retitled(title: &str) -> BookChange {
    BookChange { title: Change::Set(title.into()), ..BookChange::default() }
}

/// A household with Ada, Eve and an administrator, and a book that Ada added.
async fn household() -> (Household, User, User, User, Book) {
    let house = Household::new();
    let (ada, eve) = (house.register("ada").await.unwrap(), house.register("eve").await.unwrap());
    let boss = house.register_admin("boss").await.unwrap();
    let book = house.services.books.add(&ada, &new("Orlando", None)).await.unwrap();
    (house, ada, eve, boss, book)
}

fn told(problem: Problem) -> Vec<(Field, Fault)> {
    let Problem::Invalid(errors) = problem else { return Vec::new() };
    errors.into_iter().map(|error| (error.field, error.fault)).collect()
}

#[tokio::test]
async fn a_book_is_somebodys_and_there_is_one_copy_of_it() {
    let (house, ada, _, _, book) = household().await;
    assert_eq!((book.added_by, book.copies, book.version), (Some(ada.id), 1, 1));
    assert_eq!((book.number, book.created_at, book.updated_at), (1, house.now(), house.now()));
    let by_number = house.services.books.find(&BookKey::Number(1)).await.unwrap();
    assert_eq!(by_number, book);
}

#[tokio::test]
async fn all_faults_of_a_book_are_told_at_once() {
    let (house, ada, ..) = household().await;
    let nothing = house.services.books.add(&ada, &BookChange::default()).await.unwrap_err();
    let missing = [(Field::Title, Fault::Missing), (Field::Author, Fault::Missing)];
    assert_eq!(told(nothing), missing);
    let wrong = BookChange {
        title: Change::Set(" ".into()),
        author: Change::Set("a".repeat(256)),
        isbn: Change::Set("0306406153".into()),
        published_year: Change::Set(-3001),
        copies: Change::Set(1_000_001),
    };
    let faults = told(house.services.books.add(&ada, &wrong).await.unwrap_err());
    let expected = [
        (Field::Title, Fault::TooShort(1)),
        (Field::Author, Fault::TooLong(255)),
        (Field::Isbn, Fault::BadIsbn),
        (Field::PublishedYear, Fault::OutOfRange(-3000, 9999)),
        (Field::Copies, Fault::OutOfRange(0, 1_000_000)),
    ];
    assert_eq!(faults, expected);
    let far = BookChange {
        published_year: Change::Set(i64::MAX),
        copies: Change::Set(-1),
        ..new("a\0", None)
    };
    let fields: Vec<Field> = told(house.services.books.add(&ada, &far).await.unwrap_err())
        .into_iter()
        .map(|(field, _)| field)
        .collect();
    assert_eq!(fields, [Field::Title, Field::PublishedYear, Field::Copies]);
}

#[tokio::test]
async fn the_bounds_themselves_are_allowed() {
    let (house, ada, ..) = household().await;
    for (year, copies, title) in [(-3000, 0, "a"), (9999, 1_000_000, &*"é".repeat(255))] {
        let (published_year, copies) = (Change::Set(year), Change::Set(copies));
        let book = BookChange { published_year, copies, ..new(title, None) };
        let book = house.services.books.add(&ada, &book).await.unwrap();
        assert_eq!(book.published_year, Some(year));
    }
}

#[tokio::test]
async fn an_isbn_is_one_books_in_either_length() {
    let (house, ada, eve, _, orlando) = household().await;
    let books = &house.services.books;
    let book = books.add(&ada, &new("Flush", Some("0-306-40615-2"))).await.unwrap();
    assert_eq!(book.isbn.as_ref().map(Isbn::as_str), Some("0306406152"));
    let twin = books.add(&eve, &new("Flush", Some("978-0-306-40615-7"))).await;
    assert!(matches!(twin, Err(Problem::Taken(Field::Isbn))));
    let takes = BookChange { isbn: Change::Set("9780306406157".into()), ..BookChange::default() };
    let taken = books.change(&ada, &BookKey::Id(orlando.id), None, &takes).await;
    assert!(matches!(taken, Err(Problem::Taken(Field::Isbn))));
    let own = books.change(&ada, &BookKey::Id(book.id), None, &takes).await.unwrap();
    assert_eq!(own.isbn.as_ref().map(Isbn::as_str), Some("9780306406157"), "the other length");
}

#[tokio::test]
async fn only_who_added_a_book_and_administrators_write_to_it() {
    let (house, ada, eve, boss, book) = household().await;
    let books = &house.services.books;
    let refused = books.change(&eve, &BookKey::Id(book.id), None, &retitled("Mine")).await;
    assert!(matches!(refused, Err(Problem::NotYours(Thing::Book))));
    let refused = books.delete(&eve, &BookKey::Id(book.id), Some(9)).await;
    assert!(matches!(refused, Err(Problem::NotYours(Thing::Book))));
    assert_eq!(books.find(&BookKey::Id(book.id)).await.unwrap(), book);
    assert_eq!(
        books.change(&ada, &BookKey::Id(book.id), None, &retitled("B")).await.unwrap().version,
        2
    );
    let by_boss = books.change(&boss, &BookKey::Id(book.id), None, &retitled("C")).await.unwrap();
    assert_eq!((by_boss.version, by_boss.added_by), (3, Some(ada.id)));
    books.delete(&ada, &BookKey::Id(book.id), None).await.unwrap();
    let gone = books.delete(&boss, &BookKey::Id(book.id), None).await;
    assert!(matches!(gone, Err(Problem::NotFound(Thing::Book))));
    let gone = books.change(&eve, &BookKey::Id(book.id), None, &retitled("D")).await;
    assert!(matches!(gone, Err(Problem::NotFound(Thing::Book))));
}

#[tokio::test]
async fn the_books_of_who_is_gone_are_for_administrators() {
    let (house, ada, eve, boss, book) = household().await;
    house.services.users.delete(&ada, ada.id, None).await.unwrap();
    let books = &house.services.books;
    assert_eq!(books.find(&BookKey::Id(book.id)).await.unwrap().added_by, None);
    for stranger in [&ada, &eve] {
        let refused = books.change(stranger, &BookKey::Id(book.id), None, &retitled("Mine")).await;
        assert!(matches!(refused, Err(Problem::NotYours(Thing::Book))));
    }
    let changed =
        books.change(&boss, &BookKey::Id(book.id), None, &retitled("Kept")).await.unwrap();
    assert_eq!((changed.title.as_str(), changed.added_by), ("Kept", None));
}

#[tokio::test]
async fn a_change_is_made_to_the_version_that_was_named_only() {
    let (house, ada, _, _, book) = household().await;
    let books = &house.services.books;
    let stale = books.change(&ada, &BookKey::Id(book.id), Some(2), &retitled("B")).await;
    assert!(matches!(stale, Err(Problem::VersionMismatch)));
    let stale = books.delete(&ada, &BookKey::Id(book.id), Some(2)).await;
    assert!(matches!(stale, Err(Problem::VersionMismatch)));
    let same =
        books.change(&ada, &BookKey::Id(book.id), Some(1), &retitled("Orlando")).await.unwrap();
    assert_eq!(same.version, 1, "a change that changes nothing is none");
    let changed = books.change(&ada, &BookKey::Id(book.id), Some(1), &retitled("B")).await.unwrap();
    assert_eq!(changed.version, 2);
    books.delete(&ada, &BookKey::Id(book.id), Some(2)).await.unwrap();
}

#[tokio::test]
async fn a_book_may_lose_its_isbn_and_year_and_nothing_else() {
    let (house, ada, ..) = household().await;
    let books = &house.services.books;
    let full = BookChange { published_year: Change::Set(1928), ..new("Flush", Some("0306406152")) };
    let book = books.add(&ada, &full).await.unwrap();
    let less =
        BookChange { isbn: Change::Clear, published_year: Change::Clear, ..BookChange::default() };
    let bare = books.change(&ada, &BookKey::Id(book.id), None, &less).await.unwrap();
    assert_eq!((bare.isbn, bare.published_year), (None, None));
    let nothing = BookChange {
        title: Change::Clear,
        author: Change::Clear,
        copies: Change::Clear,
        ..BookChange::default()
    };
    let faults = told(books.change(&ada, &BookKey::Id(book.id), None, &nothing).await.unwrap_err());
    let expected = [Field::Title, Field::Author, Field::Copies].map(|f| (f, Fault::Missing));
    assert_eq!(faults, expected);
}

#[tokio::test]
async fn changes_of_many_at_once_are_all_made() {
    let (house, ada, _, _, book) = household().await;
    let mut changing = tokio::task::JoinSet::new();
    for turn in 0..40 {
        let (books, ada, id) = (house.services.books.clone(), ada.clone(), book.id);
        let change = retitled(&format!("Edition {turn}"));
        changing.spawn(
            async move { books.change(&ada, &BookKey::Id(id), None, &change).await.is_ok() },
        );
    }
    assert!(changing.join_all().await.into_iter().all(|changed| changed));
    assert_eq!(house.services.books.find(&BookKey::Id(book.id)).await.unwrap().version, 41);
}

#[tokio::test]
async fn a_search_in_vain_finds_nothing_and_asks_no_store() {
    let (house, ..) = household().await;
    house.stores.set_available(false);
    let query = BookQuery { part: Some("Or\0lando".into()) };
    let page = house.services.books.list(&query, &PageRequest::first(5)).await.unwrap();
    assert_eq!((page.items, page.next), (vec![], None));
}
