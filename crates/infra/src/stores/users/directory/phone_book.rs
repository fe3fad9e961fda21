//! People by the smallest of their keys that match: the columns of keys, merged.

use std::collections::VecDeque;

use diesel::QueryResult;
use domain::page::{Page, PageRequest};
use domain::users::{MatchCursor, Prefix};

use super::super::row::UserRow;
use super::key_column::KeyColumn;

/// The most entries of people who stand at a smaller key already that one page passes over. Behind it
/// the page ends as it is, so that no page takes long.
const MOST_REPEATS: usize = 5_000;
/// The most entries of a column that are read at once.
const MOST_READ: usize = 1_000;

/// A person in the order of one column.
pub(super) struct Entry<T> {
    /// By its key in that column.
    at: MatchCursor,
    /// By its smallest key of all that match.
    place: MatchCursor,
    row: T,
}

impl Entry<UserRow> {
    /// The entry of `row` in `column`; `None` where nothing of it matches.
    pub(super) fn new(column: KeyColumn, prefix: &Prefix, row: UserRow) -> Option<Self> {
        let matching = |column: &KeyColumn| {
            let key = row.key(*column)?;
            column.range(prefix).contains(key).then_some(key)
        };
        let cursor = |key: &str| MatchCursor { key: key.to_owned(), number: row.number() };
        let at = matching(&column).map(cursor)?;
        let place = KeyColumn::ALL.iter().filter_map(matching).min().map(cursor)?;
        Some(Self { at, place, row })
    }
}

/// One column: what was read of it and not taken yet, and how to go on.
struct Stream<T> {
    column: KeyColumn,
    read: VecDeque<Entry<T>>,
    reached: Option<MatchCursor>,
    /// How many entries to read next; `None` where the column has no more.
    size: Option<usize>,
}

impl<T> Stream<T> {
    fn new(column: KeyColumn, page: &PageRequest<MatchCursor>) -> Self {
        let (reached, size) = (page.after.clone(), Some(page.limit() + 1));
        Self { column, read: VecDeque::new(), reached, size }
    }

    fn next_place(&self) -> Option<&MatchCursor> {
        self.read.front().map(|entry| &entry.at)
    }

    /// Reads on where all was taken.
    fn fill(&mut self, reader: &mut Reader<'_, T>) -> QueryResult<()> {
        let (true, Some(size)) = (self.read.is_empty(), self.size) else { return Ok(()) };
        self.read = reader(self.column, self.reached.as_ref(), size)?.into();
        self.reached = self.read.back().map(|entry| entry.at.clone());
        self.size = (self.read.len() >= size).then_some((size * 2).min(MOST_READ));
        Ok(())
    }
}

/// Reads entries of a column in their order: the next so many behind a place, or one more, and fewer
/// only where the column ends.
type Reader<'a, T> =
    dyn FnMut(KeyColumn, Option<&MatchCursor>, usize) -> QueryResult<Vec<Entry<T>>> + 'a;

/// The page that is asked for.
pub(super) fn page<T>(
    page: &PageRequest<MatchCursor>,
    reader: &mut Reader<'_, T>,
) -> QueryResult<Page<T, MatchCursor>> {
    let mut streams = KeyColumn::ALL.map(|column| Stream::new(column, page));
    let mut listed: Vec<(MatchCursor, T)> = Vec::new();
    let mut repeats = 0;
    while listed.len() <= page.limit() {
        let Some(Entry { at, place, row }) = take_first(&mut streams, reader)? else { break };
        // Two equal keys of one person are two entries of one place.
        if at == place && listed.last().is_none_or(|(last, _)| *last != at) {
            listed.push((at, row));
            continue;
        }
        repeats += 1;
        if repeats == MOST_REPEATS {
            let items = listed.into_iter().map(|(_, row)| row).collect();
            return Ok(Page { items, next: Some(at) });
        }
    }
    let Page { items, next } = Page::from_surplus(listed, page.limit(), |(at, _)| at.clone());
    Ok(Page { items: items.into_iter().map(|(_, row)| row).collect(), next })
}

/// Takes the first entry of all that were not taken yet.
fn take_first<T>(
    streams: &mut [Stream<T>],
    reader: &mut Reader<'_, T>,
) -> QueryResult<Option<Entry<T>>> {
    for stream in streams.iter_mut() {
        stream.fill(reader)?;
    }
    let first = streams.iter_mut().filter(|stream| !stream.read.is_empty());
    let first = first.min_by(|one, other| one.next_place().cmp(&other.next_place()));
    Ok(first.and_then(|stream| stream.read.pop_front()))
}
