//! The columns of keys that a search goes by, each with an index in its order.

use diesel::{ExpressionMethods, QueryDsl, QueryResult, RunQueryDsl, SelectableHelper};
use domain::users::{KeyRange, MatchCursor, Prefix};

use super::filter::People;
use super::sketch::Sketch;
use crate::db::{AnyConnection, users};

/// A column of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyColumn {
    Username,
    Email,
    Mobile,
    DisplayName,
}

impl KeyColumn {
    /// All of them.
    pub(super) const ALL: [Self; 4] =
        [Self::Username, Self::Email, Self::Mobile, Self::DisplayName];

    /// Where the keys that match are.
    pub(super) fn range(self, prefix: &Prefix) -> &KeyRange {
        match self {
            Self::Username | Self::Email | Self::DisplayName => prefix.texts(),
            Self::Mobile => prefix.numbers(),
        }
    }

    /// Those of `people` whose key in this column matches, by way of its index.
    pub(super) fn matching(self, people: People, prefix: &Prefix) -> People {
        let range = self.range(prefix);
        self.among(people, range.start(), range.end())
    }

    /// The next `size` of `people`, or one more, whose key in this column matches: by key, then
    /// number, behind `after`.
    pub(super) fn next(
        self,
        connection: &mut AnyConnection,
        people: &dyn Fn() -> People,
        prefix: &Prefix,
        after: Option<&MatchCursor>,
        size: usize,
    ) -> QueryResult<Vec<Sketch>> {
        let range = self.range(prefix);
        let Some(after) = after.filter(|after| after.key.as_str() >= range.start()) else {
            let people = self.in_order(self.matching(people(), prefix));
            return first(connection, people, size);
        };
        let from_there = self.in_order(self.among(people(), &after.key, range.end()));
        match self {
            Self::Username | Self::Email | Self::Mobile => {
                // One person at most has the very key of the place.
                let mut found = first(connection, from_there, size + 1)?;
                found.retain(|sketch| {
                    sketch.key(self) != Some(&after.key) || sketch.number > after.number
                });
                Ok(found)
            }
            Self::DisplayName => {
                let mut found = first(connection, namesakes(people(), after), size)?;
                if found.len() < size {
                    let others = from_there.filter(users::display_key.gt(after.key.clone()));
                    found.extend(first(connection, others, size - found.len())?);
                }
                Ok(found)
            }
        }
    }

    /// Those of `people` whose key is in the range.
    fn among(self, people: People, start: &str, end: &str) -> People {
        let (start, end) = (start.to_owned(), end.to_owned());
        match self {
            Self::Username => {
                people.filter(users::username_key.ge(start)).filter(users::username_key.lt(end))
            }
            Self::Email => {
                people.filter(users::email_key.ge(start)).filter(users::email_key.lt(end))
            }
            Self::Mobile => {
                people.filter(users::mobile_key.ge(start)).filter(users::mobile_key.lt(end))
            }
            Self::DisplayName => {
                people.filter(users::display_key.ge(start)).filter(users::display_key.lt(end))
            }
        }
    }

    /// In the order of this column's index: a unique key needs no second.
    fn in_order(self, people: People) -> People {
        match self {
            Self::Username => people.order(users::username_key),
            Self::Email => people.order(users::email_key),
            Self::Mobile => people.order(users::mobile_key),
            Self::DisplayName => people.order((users::display_key, users::number)),
        }
    }
}

/// Who is behind `after` and has its display name. They are asked for by themselves: there may be any
/// number of them, and no condition on two columns at once is a range of an index on every engine.
fn namesakes(people: People, after: &MatchCursor) -> People {
    people
        .filter(users::display_key.eq(after.key.clone()))
        .filter(users::number.gt(after.number))
        .order(users::number)
}

fn first(connection: &mut AnyConnection, people: People, size: usize) -> QueryResult<Vec<Sketch>> {
    let size = i64::try_from(size).unwrap_or(i64::MAX);
    people.limit(size).select(Sketch::as_select()).load(connection)
}
