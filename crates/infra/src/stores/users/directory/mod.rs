//! The directory of people: lists by time of creation, searches as in a phone book.
//!
//! Every statement here has one index to go by and stops where its page is full, so that a page costs
//! the same among a million people as among a thousand. What is asked of people besides is looked at
//! on the way, in a form that tempts no planner to go by another index. Where a condition holds for
//! few, all of those are read instead, as the way to the next of them would be long.

mod by_time;
mod counting;
mod filter;
mod key_column;
mod phone_book;
mod rare;
mod sketch;

use std::collections::HashMap;

use diesel::{ExpressionMethods, QueryDsl, QueryResult, RunQueryDsl, SelectableHelper};
use domain::page::{Page, PageRequest};
use domain::users::{DirectoryFilter, MatchCursor, Prefix, User};

use self::phone_book::Entry;
use super::row::UserRow;
use crate::db::{AnyConnection, users};
pub(super) use by_time::page;
pub(super) use counting::count;
pub(super) use filter::with_role;
pub(super) use rare::Few;

/// The page of a search that is asked for. Where each part of `filter` lets through many, those whom
/// it does not are passed over in the order of their keys.
pub(super) fn search(
    connection: &mut AnyConnection,
    few: Few,
    prefix: &Prefix,
    filter: &DirectoryFilter,
    page: &PageRequest<MatchCursor>,
) -> QueryResult<Page<User, MatchCursor>> {
    let found = match rare::by_filter(connection, few, filter, Some(prefix))? {
        Some(found) => phone_book::sorted(&found, prefix, page),
        None => phone_book::merged(page, &mut |column, after, size| {
            let people = || filter::on_the_way(users::table.into_boxed(), filter, None);
            let found = column.next(connection, &people, prefix, after, size)?;
            Ok(found.iter().filter_map(|sketch| Entry::new(sketch, column, prefix)).collect())
        })?,
    };
    let numbers: Vec<i64> = found.items.iter().map(|place| place.number).collect();
    let mut people = by_number(connection, &numbers)?;
    people.retain(|user| filter.lets_through(user));
    Ok(Page { items: people, next: found.next })
}

/// These people, in this order. Whoever was removed meanwhile is left out.
fn by_number(connection: &mut AnyConnection, numbers: &[i64]) -> QueryResult<Vec<User>> {
    if numbers.is_empty() {
        return Ok(Vec::new());
    }
    let people = users::table.filter(users::number.eq_any(numbers.to_vec()));
    let rows: Vec<UserRow> = people.select(UserRow::as_select()).load(connection)?;
    let people = rows.into_iter().map(|row| row.into_user().map(|user| (user.number, user)));
    let mut people: HashMap<i64, User> = people.collect::<Result<_, _>>()?;
    Ok(numbers.iter().filter_map(|number| people.remove(number)).collect())
}

#[cfg(test)]
mod tests;
