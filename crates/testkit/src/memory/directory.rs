//! The directory of people in memory.

use domain::page::{Page, PageRequest};
use domain::time::Timestamp;
use domain::users::{DirectoryQuery, Mobile, SortOrder, User, UserCursor, search_key};

use super::state::{email_key, mobile_key, username_key};

/// The page of `users` that is asked for.
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

/// Whether `user` passes every filter of `query`.
pub(super) fn asks_for(query: &DirectoryQuery, user: &User) -> bool {
    query.prefix.as_ref().is_none_or(|prefix| has_prefix(user, prefix))
        && query.status.is_none_or(|status| user.status == status)
        && query.role.is_none_or(|role| user.roles.contains(role))
        && query.created_after.is_none_or(|moment| user.created_at > moment)
        && query.created_before.is_none_or(|moment| user.created_at < moment)
}

fn has_prefix(user: &User, prefix: &str) -> bool {
    let (text, number) = (search_key(prefix), Mobile::search_key(prefix));
    let shown = user.display_name.as_deref().map(search_key);
    let mut texts = [username_key(user), email_key(user), shown.as_deref()].into_iter().flatten();
    let is_number = !number.is_empty() || text.is_empty();
    texts.any(|key| key.starts_with(&text))
        || mobile_key(user).is_some_and(|key| is_number && key.starts_with(&number))
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
