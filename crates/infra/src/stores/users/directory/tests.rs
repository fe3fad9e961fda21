//! Whichever way a page is found, the same people are on it.

use domain::page::{Page, PageRequest};
use domain::post::Sequel;
use domain::users::{DirectoryQuery, Role, SortOrder, Status, User, UserCursor, UserStore};
use testkit::builders::a_user;
use testkit::time::moment;

use super::*;
use crate::db::Database;
use crate::db::testing::{Engine, TestDatabase};
use crate::stores::users::Users;

/// One is many: whoever there is, is found on the way along an index.
const NOBODY: Few = Few { of_filter: 0, of_column: 0, to_count: 0 };

/// People who match by any column, several or none, of every status, by threes at one moment.
async fn settle(users: &Users) {
    for turn in 0..24 {
        let person =
            a_user().bare().arrived_at(moment(&format!("2026-11-20T12:00:{:02}Z", turn / 3)));
        let person = match turn % 6 {
            0 => person.named(&format!("ada{turn}")).with_email(&format!("ada{turn}@example.org")),
            1 => person.shown_as("Ada").named(&format!("ada.{turn}")).admin(),
            2 => person.with_email(&format!("ada-{turn}@example.org")).shown_as("Ada").locked(),
            3 => person.with_mobile(&format!("ADA1{turn}")).shown_as("Ada B").inactive(),
            4 => person.shown_as("Ada").locked().admin(),
            _ => person.named(&format!("bob{turn}")),
        };
        users.add(&person.build(), &Sequel::none()).await.unwrap();
    }
}

fn filters() -> Vec<DirectoryFilter> {
    let mut filters = Vec::new();
    let (early, late) = (moment("2026-11-20T12:00:01Z"), moment("2026-11-20T12:00:06Z"));
    for status in [None, Some(Status::Locked), Some(Status::Active)] {
        for role in [None, Some(Role::Admin)] {
            for created_after in [None, Some(early)] {
                for created_before in [None, Some(late)] {
                    filters.push(DirectoryFilter { status, role, created_after, created_before });
                }
            }
        }
    }
    filters
}

/// All pages of `limit`, read by `next`.
fn read_all<K: Clone>(
    limit: u16,
    mut next: impl FnMut(&PageRequest<K>) -> Page<User, K>,
) -> Vec<i64> {
    let mut numbers = Vec::new();
    let mut request = PageRequest::first(limit);
    loop {
        let page = next(&request);
        numbers.extend(page.items.iter().map(|user| user.number));
        let Some(next) = page.next else { return numbers };
        request = PageRequest::after(limit, next);
    }
}

fn both_ways_agree(connection: &mut AnyConnection, typed: &str, filter: &DirectoryFilter) {
    let prefix = Prefix::new(typed).unwrap();
    for limit in [2, 200] {
        let mut found = [Few::USUAL, NOBODY].map(|few| {
            read_all(limit, |page| search(connection, few, &prefix, filter, page).unwrap())
        });
        assert_eq!(found[0], found[1], "{typed}, {filter:?}, {limit} a page");
        for sort in [SortOrder::OldestFirst, SortOrder::NewestFirst] {
            let query =
                DirectoryQuery { prefix: Some(prefix.clone()), filter: filter.clone(), sort };
            let listed = [Few::USUAL, NOBODY].map(|few| {
                read_all(limit, |asked: &PageRequest<UserCursor>| {
                    page(connection, few, &query, asked).unwrap()
                })
            });
            assert_eq!(listed[0], listed[1], "{query:?}, {limit} a page");
            for few in [Few::USUAL, NOBODY, Few { to_count: 50_000, ..NOBODY }] {
                let counted = count(connection, few, &query).unwrap();
                assert_eq!(usize::try_from(counted), Ok(listed[0].len()), "{query:?}, {few:?}");
            }
            let mut listed = listed[0].clone();
            listed.sort_unstable();
            found[0].sort_unstable();
            assert_eq!(listed, found[0], "{query:?}");
        }
    }
}

async fn few_and_many_are_found_alike(engine: Engine) {
    let Ok(test) = TestDatabase::migrated(engine) else { return };
    let database: Database = test.database().clone();
    settle(&Users(database.clone())).await;
    let checked = database.read(|connection| {
        for typed in ["ada", "ada1", "nobody"] {
            for filter in filters() {
                both_ways_agree(connection, typed, &filter);
            }
        }
        Ok(())
    });
    checked.await.unwrap();
}

#[tokio::test]
async fn few_and_many_are_found_alike_on_sqlite() {
    few_and_many_are_found_alike(Engine::Sqlite).await;
}

#[tokio::test]
async fn few_and_many_are_found_alike_on_mysql() {
    few_and_many_are_found_alike(Engine::Mysql).await;
}

#[tokio::test]
async fn few_and_many_are_found_alike_on_postgres() {
    few_and_many_are_found_alike(Engine::Postgres).await;
}
