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
}

impl PersonOfRow {
    /// The person.
    pub(super) fn into_person(self) -> QueryResult<Person> {
        Ok(Person {
            id: UserId(uuid("users.id", &self.id)?),
            number: self.number,
            username: self.username,
            display_name: self.display_name,
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
