//! Keyset pages: page 100,000 costs what page 1 costs.

/// How many rows a page holds unless the caller says otherwise.
pub const DEFAULT_LIMIT: u16 = 50;
/// The most rows a page may hold.
pub const MAX_LIMIT: u16 = 200;

/// Which page to read: at most `limit` rows strictly after the row that `after` names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRequest<K> {
    limit: u16,
    /// The key of the last row of the page before; `None` asks for the first page.
    pub after: Option<K>,
}

impl<K> PageRequest<K> {
    /// The first page; `limit` is brought into 1..=[`MAX_LIMIT`].
    pub fn first(limit: u16) -> Self {
        Self { limit: limit.clamp(1, MAX_LIMIT), after: None }
    }

    /// The page after the row with this key.
    pub fn after(limit: u16, key: K) -> Self {
        Self { after: Some(key), ..Self::first(limit) }
    }

    /// 1..=[`MAX_LIMIT`].
    pub fn limit(&self) -> usize {
        usize::from(self.limit)
    }
}

/// One page of rows, in the order asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T, K> {
    /// At most as many rows as were asked for.
    pub items: Vec<T>,
    /// The key of the last row, when more rows follow it.
    pub next: Option<K>,
}

impl<T, K> Page<T, K> {
    /// Makes a page of up to `limit + 1` rows: the surplus row only tells that more follow.
    pub fn from_surplus(mut items: Vec<T>, limit: usize, key: impl Fn(&T) -> K) -> Self {
        let more = items.len() > limit;
        items.truncate(limit);
        let next = if more { items.last().map(key) } else { None };
        Self { items, next }
    }
}
