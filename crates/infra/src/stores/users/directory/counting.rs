//! How many people there are of a kind.

use diesel::{QueryDsl, QueryResult, RunQueryDsl};
use domain::users::{DirectoryFilter, DirectoryQuery, Prefix};

use super::filter::{filtered, on_the_way, unlike};
use super::key_column::KeyColumn;
use super::rare::{self, Few};
use crate::db::{AnyConnection, users};

/// How many people `query` asks for. It reads all that match and, where many match a prefix, all people.
pub(in crate::stores::users) fn count(
    connection: &mut AnyConnection,
    few: Few,
    query: &DirectoryQuery,
) -> QueryResult<i64> {
    let DirectoryQuery { prefix, filter, sort: _ } = query;
    let Some(prefix) = prefix else {
        return filtered(filter).count().get_result(connection);
    };
    if let Some(found) = rare::by_filter(connection, few, filter, Some(prefix))? {
        return Ok(i64::try_from(found.len()).unwrap_or(i64::MAX));
    }
    if rare::is_rare_by_columns(connection, few.to_count, prefix)? {
        return by_columns(connection, filter, prefix);
    }
    let people = on_the_way(users::table.into_boxed(), filter, Some(prefix));
    people.count().get_result(connection)
}

/// The sum of those who match by each column, and by none before it.
fn by_columns(
    connection: &mut AnyConnection,
    filter: &DirectoryFilter,
    prefix: &Prefix,
) -> QueryResult<i64> {
    let mut sum = 0;
    for (index, column) in KeyColumn::ALL.into_iter().enumerate() {
        let matching = column.matching(users::table.into_boxed(), prefix);
        let mut people = on_the_way(matching, filter, None);
        for before in KeyColumn::ALL.into_iter().take(index) {
            people = unlike(people, before, prefix);
        }
        let count: i64 = people.count().get_result(connection)?;
        sum += count;
    }
    Ok(sum)
}
