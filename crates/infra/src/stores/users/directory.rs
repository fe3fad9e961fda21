//! The directory of people: its filters, its order, its pages.

use diesel::{
    BoolExpressionMethods, ExpressionMethods, QueryDsl, QueryResult, RunQueryDsl, SelectableHelper,
    TextExpressionMethods,
};
use domain::page::{Page, PageRequest};
use domain::users::{DirectoryQuery, Mobile, Role, SortOrder, User, UserCursor, search_key};

use super::row::UserRow;
use crate::db::{AnyConnection, Moment, MultiBackend, users};

type People<'a> = users::BoxedQuery<'a, MultiBackend>;

/// The page of `query` that is asked for.
pub(super) fn page(
    connection: &mut AnyConnection,
    query: &DirectoryQuery,
    page: &PageRequest<UserCursor>,
) -> QueryResult<Page<User, UserCursor>> {
    let surplus = i64::try_from(page.limit() + 1).unwrap_or(i64::MAX);
    let people = after(in_order(filtered(query), query.sort), page.after, query.sort);
    let rows = people.limit(surplus).select(UserRow::as_select()).load(connection)?;
    let people: Vec<User> = rows.into_iter().map(UserRow::into_user).collect::<Result<_, _>>()?;
    Ok(Page::from_surplus(people, page.limit(), |user| UserCursor::from(user)))
}

/// How many people `query` asks for.
pub(super) fn count(connection: &mut AnyConnection, query: &DirectoryQuery) -> QueryResult<i64> {
    filtered(query).count().get_result(connection)
}

fn filtered(query: &DirectoryQuery) -> People<'static> {
    let mut people = users::table.into_boxed();
    if let Some(status) = query.status {
        people = people.filter(users::status.eq(status.name()));
    }
    if let Some(role) = query.role {
        people = with_role(people, role);
    }
    if let Some(after) = query.created_after {
        people = people.filter(users::created_at.gt(Moment::from(after)));
    }
    if let Some(before) = query.created_before {
        people = people.filter(users::created_at.lt(Moment::from(before)));
    }
    match query.prefix.as_deref() {
        // Everything begins with nothing.
        Some(prefix) if !prefix.is_empty() => starting_with(people, prefix),
        Some(_) | None => people,
    }
}

/// People with this role, by way of the index: hardly anybody has any.
pub(super) fn with_role(people: People<'static>, role: Role) -> People<'static> {
    let (name, pattern) = (role.name(), |pattern: &str| pattern.replace('R', role.name()));
    people.filter(users::roles.gt("")).filter(
        users::roles
            .eq(name)
            .or(users::roles.like(pattern("R %")))
            .or(users::roles.like(pattern("% R")))
            .or(users::roles.like(pattern("% R %"))),
    )
}

/// A range in each of four indexes, in the order of bytes. LIKE would need its signs escaped, and
/// knows no index on MySQL's binary columns.
fn starting_with(people: People<'static>, prefix: &str) -> People<'static> {
    let text = search_key(prefix);
    let number = match Mobile::search_key(prefix) {
        // Nothing but separators: no number begins with them.
        number if number.is_empty() => text.clone(),
        number => number,
    };
    let end = |start: &str| format!("{start}{}", char::MAX);
    people.filter(
        (users::username_key.ge(text.clone()).and(users::username_key.lt(end(&text))))
            .or(users::email_key.ge(text.clone()).and(users::email_key.lt(end(&text))))
            .or(users::mobile_key.ge(number.clone()).and(users::mobile_key.lt(end(&number))))
            .or(users::display_key.lt(end(&text)).and(users::display_key.ge(text))),
    )
}

fn in_order(people: People<'static>, sort: SortOrder) -> People<'static> {
    match sort {
        SortOrder::OldestFirst => people.order((users::created_at.asc(), users::number.asc())),
        SortOrder::NewestFirst => people.order((users::created_at.desc(), users::number.desc())),
    }
}

/// What follows the cursor. The first condition is the start of the index range; the second leaves
/// out what was seen of the cursor's own moment.
fn after(people: People<'static>, cursor: Option<UserCursor>, sort: SortOrder) -> People<'static> {
    let Some(UserCursor { created_at, number }) = cursor else { return people };
    let at = Moment::from(created_at);
    match sort {
        SortOrder::OldestFirst => people
            .filter(users::created_at.ge(at))
            .filter(users::created_at.gt(at).or(users::number.gt(number))),
        SortOrder::NewestFirst => people
            .filter(users::created_at.le(at))
            .filter(users::created_at.lt(at).or(users::number.lt(number))),
    }
}
