//! Which people: the filters of the directory as conditions.

use diesel::sql_types::{Nullable, Text};
use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl, TextExpressionMethods};
use domain::users::{DirectoryFilter, Prefix, Role};

use crate::db::{Moment, MultiBackend, users};

/// A query of people that is being put together.
pub(super) type People = users::BoxedQuery<'static, MultiBackend>;

diesel::define_sql_function! {
    /// A key, or another text where there is none.
    #[sql_name = "COALESCE"]
    fn key_or(key: Nullable<Text>, other: Text) -> Text;
}

/// Whom `filter` lets through.
pub(super) fn filtered(filter: &DirectoryFilter) -> People {
    let mut people = users::table.into_boxed();
    if let Some(status) = filter.status {
        people = people.filter(users::status.eq(status.name()));
    }
    if let Some(role) = filter.role {
        people = with_role(people, role);
    }
    if let Some(after) = filter.created_after {
        people = people.filter(users::created_at.gt(Moment::from(after)));
    }
    if let Some(before) = filter.created_before {
        people = people.filter(users::created_at.lt(Moment::from(before)));
    }
    people
}

/// People with this role, by way of the index: hardly anybody has any.
pub(in crate::stores::users) fn with_role(people: People, role: Role) -> People {
    let (name, pattern) = (role.name(), |pattern: &str| pattern.replace('R', role.name()));
    people.filter(users::roles.gt("")).filter(
        users::roles
            .eq(name)
            .or(users::roles.like(pattern("R %")))
            .or(users::roles.like(pattern("% R")))
            .or(users::roles.like(pattern("% R %"))),
    )
}

/// Whether a key lies in a range. LIKE would need its signs escaped, and knows no index on MySQL's
/// binary columns.
macro_rules! lies_in {
    ($key:expr, $range:expr) => {
        $key.ge($range.start().to_owned()).and($key.lt($range.end().to_owned()))
    };
}

/// People of whom a key begins so, by a range in each of four indexes.
pub(super) fn starting_with(people: People, prefix: &Prefix) -> People {
    let (texts, numbers) = (prefix.texts(), prefix.numbers());
    people.filter(
        lies_in!(users::username_key, texts)
            .or(lies_in!(users::email_key, texts))
            .or(lies_in!(users::mobile_key, numbers))
            .or(lies_in!(users::display_key, texts)),
    )
}

/// The same people, in a form that no planner has an index for: it goes by the order asked for, and
/// looks at this on the way.
pub(super) fn starting_with_on_the_way(people: People, prefix: &Prefix) -> People {
    let (texts, numbers) = (prefix.texts(), prefix.numbers());
    people.filter(
        lies_in!(key_or(users::username_key, ""), texts)
            .or(lies_in!(key_or(users::email_key, ""), texts))
            .or(lies_in!(key_or(users::mobile_key, ""), numbers))
            .or(lies_in!(key_or(users::display_key, ""), texts)),
    )
}
