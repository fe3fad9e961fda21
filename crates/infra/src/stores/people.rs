//! People as others in a chatroom see them.

use std::collections::HashMap;

use diesel::{
    ExpressionMethods, QueryDsl, QueryResult, Queryable, RunQueryDsl, Selectable, SelectableHelper,
};
use domain::chatrooms::Person;
use domain::users::UserId;

use super::row::uuid;
use crate::db::{AnyConnection, MultiBackend, users};

#[derive(Queryable, Selectable)]
#[diesel(table_name = users, check_for_backend(MultiBackend))]
pub(super) struct PersonOfRow {
    id: Vec<u8>,
    number: i64,
    username: Option<String>,
    display_name: Option<String>,
    avatar: Option<String>,
}

impl PersonOfRow {
    /// The person.
    pub(super) fn into_person(self) -> QueryResult<Person> {
        Ok(Person {
            id: UserId(uuid("users.id", &self.id)?),
            number: self.number,
            username: self.username,
            display_name: self.display_name,
            avatar: self.avatar,
        })
    }
}

/// These people, by id.
pub(super) fn by_id(
    connection: &mut AnyConnection,
    ids: Vec<Vec<u8>>,
) -> QueryResult<HashMap<UserId, Person>> {
    let found = users::table.filter(users::id.eq_any(ids)).select(PersonOfRow::as_select());
    let rows: Vec<PersonOfRow> = found.load(connection)?;
    let people = rows.into_iter().map(PersonOfRow::into_person);
    people.map(|person| person.map(|person| (person.id, person))).collect()
}

/// Those of these people who exist, with their numbers.
pub(super) fn known(
    connection: &mut AnyConnection,
    ids: &[UserId],
    numbers: &[i64],
) -> QueryResult<Vec<(UserId, i64)>> {
    let mut rows: Vec<(Vec<u8>, i64)> = Vec::new();
    if !ids.is_empty() {
        let ids: Vec<Vec<u8>> = ids.iter().map(|id| id.0.as_bytes().to_vec()).collect();
        let found = users::table.filter(users::id.eq_any(ids));
        rows.extend(found.select((users::id, users::number)).load::<(Vec<u8>, i64)>(connection)?);
    }
    if !numbers.is_empty() {
        let found = users::table.filter(users::number.eq_any(numbers.to_vec()));
        rows.extend(found.select((users::id, users::number)).load::<(Vec<u8>, i64)>(connection)?);
    }
    rows.into_iter().map(|(id, number)| Ok((UserId(uuid("users.id", &id)?), number))).collect()
}
