//! Which people: what is asked of them as conditions.

use diesel::dsl::not;
use diesel::sql_types::{Nullable, Text};
use diesel::{
    BoolExpressionMethods, ExpressionMethods, NullableExpressionMethods, QueryDsl,
    TextExpressionMethods,
};
use domain::time::Timestamp;
use domain::users::{DirectoryFilter, Prefix, Role};

use super::key_column::KeyColumn;
use crate::db::{Moment, MultiBackend, UtcTime, users};

/// A query of people that is being put together.
pub(super) type People = users::BoxedQuery<'static, MultiBackend>;

diesel::define_sql_function! {
    /// A text, or another where there is none.
    #[sql_name = "COALESCE"]
    fn text_or(text: Nullable<Text>, other: Text) -> Text;
}

diesel::define_sql_function! {
    /// A moment, or another where there is none.
    #[sql_name = "COALESCE"]
    fn moment_or(moment: Nullable<UtcTime>, other: UtcTime) -> UtcTime;
}

/// Whether a key lies in a range. LIKE would need its signs escaped, and knows no index on MySQL's
/// binary columns.
macro_rules! lies_in {
    ($key:expr, $range:expr) => {
        $key.ge($range.start().to_owned()).and($key.lt($range.end().to_owned()))
    };
}

/// Whether a role is among the names of roles. These are asked for twice: the first condition is the
/// range of the index.
macro_rules! has_role {
    ($people:expr, $roles:expr, $role:expr) => {{
        let (name, pattern) = ($role.name(), |pattern: &str| pattern.replace('R', $role.name()));
        $people.filter($roles.gt("")).filter(
            $roles
                .eq(name)
                .or($roles.like(pattern("R %")))
                .or($roles.like(pattern("% R")))
                .or($roles.like(pattern("% R %"))),
        )
    }};
}

/// Whom `filter` lets through, by way of whatever index a planner thinks best.
pub(super) fn filtered(filter: &DirectoryFilter) -> People {
    let mut people = users::table.into_boxed();
    if let Some(status) = filter.status {
        people = people.filter(users::status.eq(status.name()));
    }
    if let Some(role) = filter.role {
        people = with_role(people, role);
    }
    created(people, filter.created_after, filter.created_before)
}

/// People with this role, by way of the index: hardly anybody has any.
pub(in crate::stores::users) fn with_role(people: People, role: Role) -> People {
    has_role!(people, users::roles, role)
}

/// People created between these moments.
pub(super) fn created(
    mut people: People,
    after: Option<Timestamp>,
    before: Option<Timestamp>,
) -> People {
    if let Some(after) = after {
        people = people.filter(users::created_at.gt(Moment::from(after)));
    }
    if let Some(before) = before {
        people = people.filter(users::created_at.lt(Moment::from(before)));
    }
    people
}

/// Those of `people` whom `filter` lets through and of whom a key begins so, in a form that no planner
/// has an index for: it goes by what else is asked of `people`, and looks at this on the way.
pub(super) fn on_the_way(
    mut people: People,
    filter: &DirectoryFilter,
    prefix: Option<&Prefix>,
) -> People {
    let roles = text_or(users::roles.nullable(), "");
    if let Some(status) = filter.status {
        people = people.filter(text_or(users::status.nullable(), "").eq(status.name()));
    }
    if let Some(role) = filter.role {
        people = has_role!(people, roles, role);
    }
    if let Some(after) = filter.created_after.map(Moment::from) {
        people = people.filter(moment_or(users::created_at.nullable(), after).gt(after));
    }
    if let Some(before) = filter.created_before.map(Moment::from) {
        people = people.filter(moment_or(users::created_at.nullable(), before).lt(before));
    }
    let Some(prefix) = prefix else { return people };
    let (texts, numbers) = (prefix.texts(), prefix.numbers());
    people.filter(
        lies_in!(text_or(users::username_key, ""), texts)
            .or(lies_in!(text_or(users::email_key, ""), texts))
            .or(lies_in!(text_or(users::mobile_key, ""), numbers))
            .or(lies_in!(text_or(users::display_key, ""), texts)),
    )
}

/// Those of `people` whose key in this column does not begin so, in such a form.
pub(super) fn unlike(people: People, column: KeyColumn, prefix: &Prefix) -> People {
    let range = column.range(prefix);
    match column {
        KeyColumn::Username => {
            people.filter(not(lies_in!(text_or(users::username_key, ""), range)))
        }
        KeyColumn::Email => people.filter(not(lies_in!(text_or(users::email_key, ""), range))),
        KeyColumn::Mobile => people.filter(not(lies_in!(text_or(users::mobile_key, ""), range))),
        KeyColumn::DisplayName => {
            people.filter(not(lies_in!(text_or(users::display_key, ""), range)))
        }
    }
}
