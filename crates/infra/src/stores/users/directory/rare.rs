//! Conditions that hold for few people: then all of those are read, whatever the order asked for.

use diesel::{ExpressionMethods, QueryDsl, QueryResult, RunQueryDsl, SelectableHelper};
use domain::users::{DirectoryFilter, Prefix};

use super::filter::{People, created, on_the_way, with_role};
use super::key_column::KeyColumn;
use super::sketch::Sketch;
use crate::db::{AnyConnection, users};

/// How many people are few.
#[derive(Debug, Clone, Copy)]
pub(in crate::stores::users) struct Few {
    /// For whom a part of a filter holds.
    pub(super) of_filter: i64,
    /// Who match by one of the columns of keys.
    pub(super) of_column: i64,
    /// Who match by one of them, where they need only be counted.
    pub(super) to_count: i64,
}

impl Few {
    /// So many are read within milliseconds. What holds for more is met soon enough on the way along
    /// any index, unless those for whom it holds are all at its end.
    pub(in crate::stores::users) const USUAL: Self =
        Self { of_filter: 4_000, of_column: 1_000, to_count: 50_000 };
}

/// All whom `filter` lets through and who match, if one part of `filter` holds for few people.
pub(super) fn by_filter(
    connection: &mut AnyConnection,
    few: Few,
    filter: &DirectoryFilter,
    prefix: Option<&Prefix>,
) -> QueryResult<Option<Vec<Sketch>>> {
    for people in parts(filter) {
        if is_rare(connection, people(), few.of_filter)? {
            return sketches(connection, on_the_way(people(), filter, prefix)).map(Some);
        }
    }
    Ok(None)
}

/// All whom `filter` lets through and who match, if few people match or one part of `filter` holds for
/// few.
pub(super) fn by_either(
    connection: &mut AnyConnection,
    few: Few,
    filter: &DirectoryFilter,
    prefix: Option<&Prefix>,
) -> QueryResult<Option<Vec<Sketch>>> {
    match (by_filter(connection, few, filter, prefix)?, prefix) {
        (None, Some(prefix)) => by_prefix(connection, few, filter, prefix),
        (found, _) => Ok(found),
    }
}

/// All whom `filter` lets through and who match, if few people match by any column.
fn by_prefix(
    connection: &mut AnyConnection,
    few: Few,
    filter: &DirectoryFilter,
    prefix: &Prefix,
) -> QueryResult<Option<Vec<Sketch>>> {
    let matching = |column: KeyColumn| column.matching(users::table.into_boxed(), prefix);
    if !is_rare_by_columns(connection, few.of_column, prefix)? {
        return Ok(None);
    }
    let mut found = Vec::new();
    for column in KeyColumn::ALL {
        found.extend(sketches(connection, on_the_way(matching(column), filter, None))?);
    }
    found.sort_by_key(|sketch| sketch.number);
    found.dedup_by_key(|sketch| sketch.number);
    Ok(Some(found))
}

/// Whether no more people than `few` match by any column.
pub(super) fn is_rare_by_columns(
    connection: &mut AnyConnection,
    few: i64,
    prefix: &Prefix,
) -> QueryResult<bool> {
    for column in KeyColumn::ALL {
        if !is_rare(connection, column.matching(users::table.into_boxed(), prefix), few)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Each part of `filter` by itself, in a form that its index answers.
fn parts(filter: &DirectoryFilter) -> Vec<Box<dyn Fn() -> People>> {
    let mut parts: Vec<Box<dyn Fn() -> People>> = Vec::new();
    if let Some(role) = filter.role {
        parts.push(Box::new(move || with_role(users::table.into_boxed(), role)));
    }
    if let Some(status) = filter.status {
        let of_status = move || users::table.into_boxed().filter(users::status.eq(status.name()));
        parts.push(Box::new(of_status));
    }
    let (after, before) = (filter.created_after, filter.created_before);
    if after.is_some() || before.is_some() {
        parts.push(Box::new(move || created(users::table.into_boxed(), after, before)));
    }
    parts
}

/// Whether `people` are no more than `few`. It reads that many entries of their index and nothing else.
fn is_rare(connection: &mut AnyConnection, people: People, few: i64) -> QueryResult<bool> {
    let beyond = people.offset(few).limit(1).select(users::number);
    Ok(beyond.load::<i64>(connection)?.is_empty())
}

fn sketches(connection: &mut AnyConnection, people: People) -> QueryResult<Vec<Sketch>> {
    people.select(Sketch::as_select()).load(connection)
}
