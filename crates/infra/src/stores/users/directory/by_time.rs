//! People by time of creation.

use diesel::{ExpressionMethods, QueryDsl, QueryResult};
use domain::page::{Page, PageRequest};
use domain::time::Timestamp;
use domain::users::{DirectoryQuery, Prefix, SortOrder, User, UserCursor};

use super::super::row::UserRow;
use super::filter::{People, filtered, starting_with_on_the_way};
use super::key_column::KeyColumn;
use super::rows;
use crate::db::{AnyConnection, Moment, users};

/// The most people who match by one column and are read to be sorted.
const FEW: usize = 1_000;

/// The page of `query` that is asked for.
///
/// With a prefix that few match by any column, all of those are read and sorted. Otherwise people are
/// passed in the order of time until the page is full: the rarer the prefix, the more of them, and all
/// where those who match come last.
pub(in crate::stores::users) fn page(
    connection: &mut AnyConnection,
    query: &DirectoryQuery,
    page: &PageRequest<UserCursor>,
) -> QueryResult<Page<User, UserCursor>> {
    let people = || filtered(&query.filter);
    let found = match &query.prefix {
        None => walk(connection, &people, page, query.sort)?,
        Some(prefix) if is_rare(connection, prefix)? => {
            sorted(connection, &people, prefix, page, query.sort)?
        }
        Some(prefix) => {
            let people = || starting_with_on_the_way(people(), prefix);
            walk(connection, &people, page, query.sort)?
        }
    };
    Ok(Page::from_surplus(found, page.limit(), |user| UserCursor::from(user)))
}

/// A page of `people` and one person more, by the index of times.
fn walk(
    connection: &mut AnyConnection,
    people: &dyn Fn() -> People,
    page: &PageRequest<UserCursor>,
    sort: SortOrder,
) -> QueryResult<Vec<User>> {
    let surplus = page.limit() + 1;
    let Some(after) = page.after else {
        return into_users(rows(connection, in_order(people(), sort), surplus)?);
    };
    let mut found = rows(connection, of_one_moment(people(), after, sort), surplus)?;
    if found.len() < surplus {
        let others = in_order(of_other_moments(people(), after, sort), sort);
        found.extend(rows(connection, others, surplus - found.len())?);
    }
    into_users(found)
}

fn is_rare(connection: &mut AnyConnection, prefix: &Prefix) -> QueryResult<bool> {
    for column in KeyColumn::ALL {
        if column.has_more_than(connection, prefix, FEW)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A page of those of `people` who match and one person more, by reading all who match.
fn sorted(
    connection: &mut AnyConnection,
    people: &dyn Fn() -> People,
    prefix: &Prefix,
    page: &PageRequest<UserCursor>,
    sort: SortOrder,
) -> QueryResult<Vec<User>> {
    let mut found = Vec::new();
    for column in KeyColumn::ALL {
        found.extend(rows(connection, column.matching(people(), prefix), usize::MAX)?);
    }
    let mut found = into_users(found)?;
    found.sort_by_key(place);
    found.dedup_by_key(|user| user.number);
    match sort {
        SortOrder::OldestFirst => found.retain(|user| {
            page.after.is_none_or(|after| place(user) > (after.created_at, after.number))
        }),
        SortOrder::NewestFirst => {
            found.retain(|user| {
                page.after.is_none_or(|after| place(user) < (after.created_at, after.number))
            });
            found.reverse();
        }
    }
    Ok(found)
}

fn place(user: &User) -> (Timestamp, i64) {
    (user.created_at, user.number)
}

fn into_users(rows: Vec<UserRow>) -> QueryResult<Vec<User>> {
    rows.into_iter().map(UserRow::into_user).collect()
}

fn in_order(people: People, sort: SortOrder) -> People {
    match sort {
        SortOrder::OldestFirst => people.order((users::created_at.asc(), users::number.asc())),
        SortOrder::NewestFirst => people.order((users::created_at.desc(), users::number.desc())),
    }
}

/// Who follows the cursor and came at its moment. They are asked for by themselves: there may be any
/// number of them (an import), and no condition on two columns at once is a range of an index on every
/// engine.
fn of_one_moment(people: People, after: UserCursor, sort: SortOrder) -> People {
    let people = people.filter(users::created_at.eq(Moment::from(after.created_at)));
    match sort {
        SortOrder::OldestFirst => {
            people.filter(users::number.gt(after.number)).order(users::number.asc())
        }
        SortOrder::NewestFirst => {
            people.filter(users::number.lt(after.number)).order(users::number.desc())
        }
    }
}

/// Who follows the cursor and came at another moment.
fn of_other_moments(people: People, after: UserCursor, sort: SortOrder) -> People {
    let at = Moment::from(after.created_at);
    match sort {
        SortOrder::OldestFirst => people.filter(users::created_at.gt(at)),
        SortOrder::NewestFirst => people.filter(users::created_at.lt(at)),
    }
}
