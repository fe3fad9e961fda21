//! Keyset pages of the directory.
#![expect(missing_docs, reason = "the name of a contract is its sentence")]

use std::collections::HashSet;
use std::time::Duration;

use domain::page::PageRequest;
use domain::post::Sequel;
use domain::time::Timestamp;
use domain::users::{DirectoryQuery, Prefix, SortOrder, User, UserId};

use super::StoreSet;
use super::steps::added;
use crate::builders::a_user;
use crate::time::noon;

/// The moment `seconds` after noon.
fn after_noon(seconds: u64) -> Timestamp {
    noon().plus(Duration::from_secs(seconds))
}

/// Reads all pages of `limit`; calls `between` after each.
async fn read_all(
    stores: &StoreSet,
    query: &DirectoryQuery,
    limit: u16,
    mut between: impl AsyncFnMut(),
) -> Vec<UserId> {
    let mut seen = Vec::new();
    let mut request = PageRequest::first(limit);
    loop {
        let page = stores.users.list(query, &request).await.unwrap();
        assert!(page.items.len() <= usize::from(limit));
        assert!(seen.len() < 100, "the pages go round in circles");
        seen.extend(page.items.iter().map(|user| user.id));
        between().await;
        let Some(next) = page.next else { return seen };
        assert_eq!(page.items.len(), usize::from(limit), "only the last page is not full");
        request = PageRequest::after(limit, next);
    }
}

async fn added_at(stores: &StoreSet, at: Timestamp, count: usize) -> Vec<User> {
    let mut people = Vec::new();
    for _ in 0..count {
        people.push(added(stores, a_user().arrived_at(at)).await);
    }
    people
}

fn in_order(people: &[User], sort: SortOrder) -> Vec<UserId> {
    let mut people: Vec<&User> = people.iter().collect();
    people.sort_by_key(|user| (user.created_at, user.number));
    match sort {
        SortOrder::OldestFirst => (),
        SortOrder::NewestFirst => people.reverse(),
    }
    people.iter().map(|user| user.id).collect()
}

const BOTH_WAYS: [SortOrder; 2] = [SortOrder::OldestFirst, SortOrder::NewestFirst];

pub async fn pages_in_a_row_are_the_whole_directory(stores: StoreSet) {
    let mut people = Vec::new();
    for seconds in [5, 1, 4, 2, 3, 0, 6] {
        people.extend(added_at(&stores, after_noon(seconds), 1).await);
    }
    for sort in BOTH_WAYS {
        let query = DirectoryQuery { sort, ..Default::default() };
        for limit in [1, 2, 3, 7, 8] {
            let seen = read_all(&stores, &query, limit, async || ()).await;
            assert_eq!(seen, in_order(&people, sort), "{sort:?}, {limit} a page");
        }
    }
}

pub async fn people_of_one_moment_are_paged_by_number(stores: StoreSet) {
    let mut people = added_at(&stores, after_noon(1), 5).await;
    people.extend(added_at(&stores, after_noon(0), 2).await);
    people.extend(added_at(&stores, after_noon(2), 2).await);
    for sort in BOTH_WAYS {
        let query = DirectoryQuery { sort, ..Default::default() };
        let seen = read_all(&stores, &query, 2, async || ()).await;
        assert_eq!(seen, in_order(&people, sort), "{sort:?}");
    }
}

pub async fn a_full_last_page_says_that_nothing_follows(stores: StoreSet) {
    let people = added_at(&stores, noon(), 4).await;
    let query = DirectoryQuery::default();
    let first = stores.users.list(&query, &PageRequest::first(2)).await.unwrap();
    let next = first.next.expect("two more follow");
    assert_eq!((next.created_at, next.number), (people[1].created_at, people[1].number));
    let last = stores.users.list(&query, &PageRequest::after(2, next)).await.unwrap();
    assert_eq!(last.items, people[2..]);
    assert_eq!(last.next, None);
}

pub async fn nobody_is_missed_or_repeated_while_others_come_and_go(stores: StoreSet) {
    for sort in BOTH_WAYS {
        let mut people = Vec::new();
        for seconds in 10..20 {
            people.extend(added_at(&stores, after_noon(seconds), 1).await);
        }
        let leaver = added_at(&stores, after_noon(5), 1).await.remove(0);
        let query = DirectoryQuery { sort, ..Default::default() };
        let seen = read_all(&stores, &query, 3, async || {
            added_at(&stores, after_noon(1), 1).await;
            added_at(&stores, after_noon(50), 1).await;
            stores.users.delete(leaver.id, None, &Sequel::none()).await.unwrap();
        });
        let mut seen = seen.await;
        let distinct: HashSet<_> = seen.iter().collect();
        assert_eq!(distinct.len(), seen.len(), "nobody is repeated");
        seen.retain(|id| people.iter().any(|user| user.id == *id));
        assert_eq!(seen, in_order(&people, sort), "{sort:?}");
        for user in &people {
            assert!(stores.users.delete(user.id, None, &Sequel::none()).await.unwrap());
        }
    }
}

pub async fn a_page_goes_on_where_it_ended_when_that_person_is_gone(stores: StoreSet) {
    let people = added_at(&stores, noon(), 4).await;
    let query = DirectoryQuery::default();
    let first = stores.users.list(&query, &PageRequest::first(2)).await.unwrap();
    assert!(stores.users.delete(people[1].id, None, &Sequel::none()).await.unwrap());
    let after = PageRequest::after(2, first.next.unwrap());
    assert_eq!(stores.users.list(&query, &after).await.unwrap().items, people[2..]);
}

pub async fn filters_hold_on_every_page(stores: StoreSet) {
    let mut ours = Vec::new();
    for turn in 0..5 {
        added(&stores, a_user().shown_as("Other").named(&format!("other{turn}"))).await;
        ours.push(added(&stores, a_user().shown_as(&format!("Our {turn}"))).await);
    }
    for sort in BOTH_WAYS {
        let query = DirectoryQuery { sort, prefix: Prefix::new("our"), ..Default::default() };
        let seen = read_all(&stores, &query, 2, async || ()).await;
        assert_eq!(seen, in_order(&ours, sort), "{sort:?}");
    }
}
