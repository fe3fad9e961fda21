//! The directory of people in memory.

use domain::page::{Page, PageRequest};
use domain::time::Timestamp;
use domain::users::{
    DirectoryFilter, DirectoryQuery, MatchCursor, Prefix, SortOrder, User, UserCursor,
};

/// The page of `users` that is asked for, by time of creation.
pub(super) fn page<'a>(
    users: impl Iterator<Item = &'a User>,
    query: &DirectoryQuery,
    page: &PageRequest<UserCursor>,
) -> Page<User, UserCursor> {
    let mut found: Vec<&User> = users
        .filter(|user| asks_for(query, user))
        .filter(|user| page.after.is_none_or(|cursor| follows(user, cursor, query.sort)))
        .collect();
    found.sort_by_key(|user| position(UserCursor::from(*user)));
    if query.sort == SortOrder::NewestFirst {
        found.reverse();
    }
    let rows = found.into_iter().take(page.limit() + 1).cloned().collect();
    Page::from_surplus(rows, page.limit(), |user| UserCursor::from(user))
}

/// The page of a search of `users` that is asked for, as in a phone book.
pub(super) fn search<'a>(
    users: impl Iterator<Item = &'a User>,
    prefix: &Prefix,
    filter: &DirectoryFilter,
    page: &PageRequest<MatchCursor>,
) -> Page<User, MatchCursor> {
    let mut found: Vec<(MatchCursor, &User)> = users
        .filter(|user| filter.lets_through(user))
        .filter_map(|user| Some((prefix.place_of(user)?, user)))
        .filter(|(place, _)| page.after.as_ref().is_none_or(|after| place > after))
        .collect();
    found.sort_by(|(one, _), (other, _)| one.cmp(other));
    let rows: Vec<_> = found.into_iter().take(page.limit() + 1).collect();
    let Page { items, next } = Page::from_surplus(rows, page.limit(), |(place, _)| place.clone());
    Page { items: items.into_iter().map(|(_, user)| user.clone()).collect(), next }
}

/// Whether `user` is one whom `query` asks for.
pub(super) fn asks_for(query: &DirectoryQuery, user: &User) -> bool {
    let matches = |prefix: &Prefix| prefix.place_of(user).is_some();
    query.prefix.as_ref().is_none_or(matches) && query.filter.lets_through(user)
}

fn follows(user: &User, cursor: UserCursor, sort: SortOrder) -> bool {
    let (this, last) = (position(UserCursor::from(user)), position(cursor));
    match sort {
        SortOrder::OldestFirst => this > last,
        SortOrder::NewestFirst => this < last,
    }
}

fn position(cursor: UserCursor) -> (Timestamp, i64) {
    (cursor.created_at, cursor.number)
}
