//! People by time of creation.

use diesel::{ExpressionMethods, QueryDsl, QueryResult, RunQueryDsl, SelectableHelper};
use domain::page::{Page, PageRequest};
use domain::users::{DirectoryQuery, SortOrder, User, UserCursor};

use super::super::row::UserRow;
use super::filter::{People, created, filtered, on_the_way};
use super::sketch::Sketch;
use super::{Few, by_number, rare};
use crate::db::{AnyConnection, Moment, users};

/// The page of `query` that is asked for.
///
/// Where a prefix or a role is asked for that many have, people are passed in the order of time until
/// the page is full: the rarer it is, the more of them, and all where those who have it come last.
pub(in crate::stores::users) fn page(
    connection: &mut AnyConnection,
    few: Few,
    query: &DirectoryQuery,
    page: &PageRequest<UserCursor>,
) -> QueryResult<Page<User, UserCursor>> {
    let DirectoryQuery { prefix, filter, sort } = query;
    if prefix.is_none() && filter.role.is_none() {
        return walk(connection, &|| filtered(filter), page, *sort);
    }
    let Some(found) = rare::by_either(connection, few, filter, prefix.as_ref())? else {
        let between =
            || created(users::table.into_boxed(), filter.created_after, filter.created_before);
        let people = || on_the_way(between(), filter, prefix.as_ref());
        return walk(connection, &people, page, *sort);
    };
    let found = sorted(&found, page, *sort);
    let numbers: Vec<i64> = found.items.iter().map(|place| place.number).collect();
    let mut people = by_number(connection, &numbers)?;
    people.retain(|user| filter.lets_through(user));
    Ok(Page { items: people, next: found.next })
}

/// A page of `people`, by the index of times.
fn walk(
    connection: &mut AnyConnection,
    people: &dyn Fn() -> People,
    page: &PageRequest<UserCursor>,
    sort: SortOrder,
) -> QueryResult<Page<User, UserCursor>> {
    let surplus = page.limit() + 1;
    let mut found = Vec::new();
    if let Some(after) = page.after {
        found = rows(connection, of_its_moment(people(), after, sort), surplus)?;
    }
    if found.len() < surplus {
        let people = match page.after {
            Some(after) => of_other_moments(people(), after, sort),
            None => people(),
        };
        found.extend(rows(connection, in_order(people, sort), surplus - found.len())?);
    }
    let found: Vec<User> = found.into_iter().map(UserRow::into_user).collect::<Result<_, _>>()?;
    Ok(Page::from_surplus(found, page.limit(), |user| UserCursor::from(user)))
}

/// The places on a page, of few people who are all asked for.
fn sorted(
    few: &[Sketch],
    page: &PageRequest<UserCursor>,
    sort: SortOrder,
) -> Page<UserCursor, UserCursor> {
    let key = |place: &UserCursor| (place.created_at, place.number);
    let mut places: Vec<UserCursor> = few.iter().map(Sketch::cursor).collect();
    places.sort_by_key(key);
    if sort == SortOrder::NewestFirst {
        places.reverse();
    }
    if let Some(after) = page.after {
        places.retain(|place| match sort {
            SortOrder::OldestFirst => key(place) > key(&after),
            SortOrder::NewestFirst => key(place) < key(&after),
        });
    }
    Page::from_surplus(places, page.limit(), |place| *place)
}

fn rows(connection: &mut AnyConnection, people: People, limit: usize) -> QueryResult<Vec<UserRow>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    people.limit(limit).select(UserRow::as_select()).load(connection)
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
fn of_its_moment(people: People, after: UserCursor, sort: SortOrder) -> People {
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
