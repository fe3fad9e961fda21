//! Columns of keys, merged.

use super::*;

/// People as their keys in each column, all of which match; a person's number is its place here, from
/// one.
struct Book(Vec<[Option<String>; 4]>);

impl Book {
    fn entries(&self, column: KeyColumn) -> Vec<Entry> {
        let index = KeyColumn::ALL.iter().position(|other| *other == column).unwrap();
        let people = self.0.iter().zip(1..);
        let mut entries: Vec<Entry> = people
            .filter_map(|(keys, number)| {
                let at = MatchCursor { key: keys[index].clone()?, number };
                let key = keys.iter().flatten().min()?.clone();
                Some(Entry { at, place: MatchCursor { key, number } })
            })
            .collect();
        entries.sort_by(|one, other| one.at.cmp(&other.at));
        entries
    }

    /// The page, and how many entries were read for it.
    fn page(&self, request: &PageRequest<MatchCursor>) -> (Places, usize) {
        let mut read = 0;
        let page = merged(request, &mut |column, after, size| {
            let mut entries = self.entries(column);
            entries.retain(|entry| after.is_none_or(|after| entry.at > *after));
            entries.truncate(size);
            read += entries.len();
            Ok(entries)
        });
        (page.unwrap(), read)
    }

    /// The numbers on all pages, and how many pages there were.
    fn read_all(&self, limit: u16) -> (Vec<i64>, usize) {
        let (mut numbers, mut pages) = (Vec::new(), 0);
        let mut request = PageRequest::first(limit);
        loop {
            let (page, _) = self.page(&request);
            pages += 1;
            numbers.extend(page.items.iter().map(|place| place.number));
            let Some(next) = page.next else { return (numbers, pages) };
            assert!(request.after.is_none_or(|after| after < next), "pages go on");
            request = PageRequest::after(limit, next);
        }
    }
}

fn keys<const N: usize>(keys: [&str; N]) -> [Option<String>; 4] {
    let mut keys = keys.into_iter().map(|key| Some(key.to_owned()).filter(|key| !key.is_empty()));
    [(); 4].map(|()| keys.next().flatten())
}

#[test]
fn a_person_is_listed_once_at_its_smallest_key() {
    let book = Book(vec![
        keys(["ada9", "ada3", "", "ada5"]),
        keys(["ada4", "", "ada4", "ada4"]),
        keys(["", "", "", "ada4"]),
        keys(["ada1", "ada2"]),
    ]);
    for limit in [1, 2, 3, 4, 200] {
        assert_eq!(book.read_all(limit).0, [4, 1, 2, 3], "{limit} a page");
    }
}

#[test]
fn the_first_page_reads_a_page_of_each_column() {
    let people =
        (0..1_000).map(|turn| keys([&format!("z{turn:04}"), "", "", &format!("a{turn:04}")]));
    let book = Book(people.collect());
    let (page, read) = book.page(&PageRequest::first(10));
    assert_eq!(page.items.len(), 10);
    assert_eq!(read, 2 * 11);
}

#[test]
fn a_page_that_passes_over_too_many_ends_early_and_the_next_goes_on() {
    let many = MOST_REPEATS + MOST_REPEATS / 2;
    let shown_first = |turn| keys([&format!("m{turn:05}"), "", "", &format!("a{turn:05}")]);
    let mut people: Vec<_> = (0..many).map(shown_first).collect();
    people.push(keys(["z"]));
    let book = Book(people);
    let last_name = MatchCursor { key: format!("a{:05}", many - 2), number: i64::MAX };
    let (page, read) = book.page(&PageRequest::after(10, last_name));
    let numbers: Vec<_> = page.items.iter().map(|place| place.number).collect();
    assert_eq!(numbers, [i64::try_from(many).unwrap()], "the last who is found by its name");
    assert!(read < MOST_REPEATS + 2 * MOST_READ, "{read} were read");
    let (rest, _) = book.page(&PageRequest::after(10, page.next.unwrap()));
    let numbers: Vec<_> = rest.items.iter().map(|place| place.number).collect();
    assert_eq!((numbers, rest.next), (vec![i64::try_from(many + 1).unwrap()], None));
}

#[test]
fn what_fails_to_be_read_fails_the_page() {
    let page = merged(&PageRequest::first(1), &mut |column, _, _| match column {
        KeyColumn::Username | KeyColumn::Email | KeyColumn::Mobile => Ok(Vec::new()),
        KeyColumn::DisplayName => Err(diesel::result::Error::BrokenTransactionManager),
    });
    assert!(page.is_err());
}
