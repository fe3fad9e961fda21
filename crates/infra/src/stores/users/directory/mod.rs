//! The directory of people: lists by time of creation, searches as in a phone book.
//!
//! Every statement here has one index to go by and stops where its page is full, so that a page costs
//! the same among a million people as among a thousand. Where it does not, its function says so.

mod by_time;
mod filter;
mod key_column;
mod phone_book;

use diesel::{QueryDsl, QueryResult, RunQueryDsl, SelectableHelper};
use domain::page::{Page, PageRequest};
use domain::users::{DirectoryFilter, DirectoryQuery, MatchCursor, Prefix, User};

use self::filter::People;
use self::phone_book::Entry;
use super::row::UserRow;
use crate::db::AnyConnection;
pub(super) use by_time::page;
pub(super) use filter::with_role;
pub(super) use key_column::KeyColumn;

/// The page of a search that is asked for: one range of each column of keys, merged. What it costs
/// grows with the page, and with those who match whom `filter` keeps out.
pub(super) fn search(
    connection: &mut AnyConnection,
    prefix: &Prefix,
    filter: &DirectoryFilter,
    page: &PageRequest<MatchCursor>,
) -> QueryResult<Page<User, MatchCursor>> {
    let people = || filter::filtered(filter);
    let found = phone_book::page(page, &mut |column, after, limit| {
        let found = column.next(connection, &people, prefix, after, limit)?;
        let entries = found.into_iter().filter_map(|row| Entry::new(column, prefix, row));
        Ok(entries.collect())
    })?;
    let people = found.items.into_iter().map(UserRow::into_user).collect::<Result<_, _>>()?;
    Ok(Page { items: people, next: found.next })
}

/// How many people `query` asks for. It reads all that match.
pub(super) fn count(connection: &mut AnyConnection, query: &DirectoryQuery) -> QueryResult<i64> {
    let people = filter::filtered(&query.filter);
    let people = match &query.prefix {
        Some(prefix) => filter::starting_with(people, prefix),
        None => people,
    };
    people.count().get_result(connection)
}

/// The first `limit` of `people`.
fn rows(connection: &mut AnyConnection, people: People, limit: usize) -> QueryResult<Vec<UserRow>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    people.limit(limit).select(UserRow::as_select()).load(connection)
}
