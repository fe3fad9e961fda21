//! People by the smallest of their keys that match: the columns of keys, merged.

use std::collections::VecDeque;

use diesel::QueryResult;
use domain::page::{Page, PageRequest};
use domain::users::{MatchCursor, Prefix};

use super::key_column::KeyColumn;
use super::sketch::Sketch;

/// The most entries of people who stand at a smaller key already that one page passes over. Behind it
/// the page ends as it is, so that no page takes long.
const MOST_REPEATS: usize = 5_000;
/// The most entries of a column that are read at once.
const MOST_READ: usize = 1_000;

/// The places on a page.
pub(super) type Places = Page<MatchCursor, MatchCursor>;

/// A person in the order of one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// By its key in that column.
    at: MatchCursor,
    /// By its smallest key of all that match.
    place: MatchCursor,
}

impl Entry {
    /// The entry of a person in `column`; `None` where nothing of it matches.
    pub(super) fn new(sketch: &Sketch, column: KeyColumn, prefix: &Prefix) -> Option<Self> {
        let key = sketch.key(column)?.to_owned();
        let at = MatchCursor { key, number: sketch.number };
        Some(Self { at, place: sketch.place(prefix)? })
    }
}

/// Reads entries of a column in their order: the next so many behind a place, or one more, and fewer
/// only where the column ends.
pub(super) type Reader<'a> =
    dyn FnMut(KeyColumn, Option<&MatchCursor>, usize) -> QueryResult<Vec<Entry>> + 'a;

/// One column: what was read of it and not taken yet, and how to go on.
struct Stream {
    column: KeyColumn,
    read: VecDeque<Entry>,
    reached: Option<MatchCursor>,
    /// How many entries to read next; `None` where the column has no more.
    size: Option<usize>,
}

impl Stream {
    fn new(column: KeyColumn, page: &PageRequest<MatchCursor>) -> Self {
        let (reached, size) = (page.after.clone(), Some(page.limit() + 1));
        Self { column, read: VecDeque::new(), reached, size }
    }

    fn next_place(&self) -> Option<&MatchCursor> {
        self.read.front().map(|entry| &entry.at)
    }

    /// Reads on where all was taken.
    fn fill(&mut self, reader: &mut Reader<'_>) -> QueryResult<()> {
        let (true, Some(size)) = (self.read.is_empty(), self.size) else { return Ok(()) };
        self.read = reader(self.column, self.reached.as_ref(), size)?.into();
        self.reached = self.read.back().map(|entry| entry.at.clone());
        self.size = (self.read.len() >= size).then_some((size * 2).min(MOST_READ));
        Ok(())
    }
}

/// The page that is asked for.
///
/// An entry is listed where it is its person's smallest. The others are passed over, and follow one
/// that is listed: a page passes over no more than three for each person on it and on the pages before,
/// and never more than [`MOST_REPEATS`].
pub(super) fn merged(
    page: &PageRequest<MatchCursor>,
    reader: &mut Reader<'_>,
) -> QueryResult<Places> {
    let mut streams = KeyColumn::ALL.map(|column| Stream::new(column, page));
    let mut listed: Vec<MatchCursor> = Vec::new();
    let mut repeats = 0;
    while listed.len() <= page.limit() {
        let Some(Entry { at, place }) = take_first(&mut streams, reader)? else { break };
        // Two equal keys of one person are two entries of one place.
        if at == place && listed.last() != Some(&at) {
            listed.push(at);
            continue;
        }
        repeats += 1;
        if repeats == MOST_REPEATS {
            return Ok(Page { items: listed, next: Some(at) });
        }
    }
    Ok(Page::from_surplus(listed, page.limit(), MatchCursor::clone))
}

/// Takes the first entry of all that were not taken yet.
fn take_first(streams: &mut [Stream], reader: &mut Reader<'_>) -> QueryResult<Option<Entry>> {
    for stream in streams.iter_mut() {
        stream.fill(reader)?;
    }
    let rest = streams.iter_mut().filter(|stream| !stream.read.is_empty());
    let first = rest.min_by(|one, other| one.next_place().cmp(&other.next_place()));
    Ok(first.and_then(|stream| stream.read.pop_front()))
}

/// The page that is asked for, of few people who all match.
pub(super) fn sorted(few: &[Sketch], prefix: &Prefix, page: &PageRequest<MatchCursor>) -> Places {
    let places = few.iter().filter_map(|sketch| sketch.place(prefix));
    let mut places: Vec<MatchCursor> =
        places.filter(|place| page.after.as_ref().is_none_or(|after| place > after)).collect();
    places.sort();
    Page::from_surplus(places, page.limit(), MatchCursor::clone)
}

#[cfg(test)]
mod tests;
