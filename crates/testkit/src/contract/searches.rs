//! `UserStore::search`: people as in a phone book, and its pages.
#![expect(missing_docs, reason = "the name of a contract is its sentence")]

use std::collections::HashSet;

use domain::page::{Page, PageRequest};
use domain::post::Sequel;
use domain::users::{DirectoryFilter, MatchCursor, Prefix, Role, Status, User, UserId};

use super::StoreSet;
use super::steps::{added, changed};
use crate::builders::{UserBuilder, a_user};
use crate::time::moment;

async fn page(
    stores: &StoreSet,
    typed: &str,
    filter: &DirectoryFilter,
    request: &PageRequest<MatchCursor>,
) -> Page<User, MatchCursor> {
    stores.users.search(&Prefix::new(typed).unwrap(), filter, request).await.unwrap()
}

/// Reads all pages of `limit`; calls `between` after each.
async fn read_all(
    stores: &StoreSet,
    typed: &str,
    filter: &DirectoryFilter,
    limit: u16,
    mut between: impl AsyncFnMut(),
) -> Vec<UserId> {
    let mut seen = Vec::new();
    let mut request = PageRequest::first(limit);
    loop {
        let page = page(stores, typed, filter, &request).await;
        assert!(page.items.len() <= usize::from(limit));
        assert!(seen.len() < 300, "the pages go round in circles");
        seen.extend(page.items.iter().map(|user| user.id));
        between().await;
        let Some(next) = page.next else { return seen };
        request = PageRequest::after(limit, next);
    }
}

/// Who is found, which must be the same however many are on a page.
async fn found(stores: &StoreSet, typed: &str, filter: &DirectoryFilter) -> Vec<UserId> {
    let all = read_all(stores, typed, filter, 200, async || ()).await;
    for limit in [1, 2, 3] {
        let paged = read_all(stores, typed, filter, limit, async || ()).await;
        assert_eq!(paged, all, "{typed:?}, {limit} a page");
    }
    all
}

async fn anybody(stores: &StoreSet, typed: &str) -> Vec<UserId> {
    found(stores, typed, &DirectoryFilter::default()).await
}

fn ids<'a>(people: impl IntoIterator<Item = &'a User>) -> Vec<UserId> {
    people.into_iter().map(|user| user.id).collect()
}

fn bare() -> UserBuilder {
    a_user().bare()
}

pub async fn a_search_is_in_the_order_of_the_keys_that_match(stores: StoreSet) {
    let shown_last = added(&stores, bare().shown_as("Ada Z")).await;
    let named = added(&stores, bare().named("ada.m")).await;
    let written = added(&stores, bare().with_email("ada-x@example.org")).await;
    let shown_first = added(&stores, bare().shown_as("ADA a")).await;
    let accented = added(&stores, bare().shown_as("ada\u{e9}")).await;
    added(&stores, bare().named("adb").with_email("aca@example.org").shown_as("Not Ada")).await;
    // In bytes: a space, a hyphen, a full stop, letters beyond ASCII.
    let expected = ids([&shown_first, &shown_last, &written, &named, &accented]);
    assert_eq!(anybody(&stores, "Ada").await, expected);
    assert_eq!(anybody(&stores, "nobody").await, []);
}

pub async fn who_matches_by_several_keys_is_found_once_at_the_smallest(stores: StoreSet) {
    let by_email = bare().named("ada9").with_email("ada1@example.org").shown_as("ada5");
    let by_email = added(&stores, by_email).await;
    let by_name = bare().named("ada2").with_email("z@example.org").shown_as("Ada9");
    let by_name = added(&stores, by_name).await;
    let by_shown = bare().named("ada8").with_email("ada7@example.org").shown_as("ada0");
    let by_shown = added(&stores, by_shown).await;
    let same = bare().named("ada4").with_email("b@example.org").shown_as("Ada4");
    let same = added(&stores, same).await;
    assert_eq!(anybody(&stores, "ada").await, ids([&by_shown, &by_email, &by_name, &same]));
    // The smallest of the keys that match, not of all.
    assert_eq!(anybody(&stores, "ada9").await, ids([&by_email, &by_name]));
    assert_eq!(anybody(&stores, "ada7").await, ids([&by_shown]));
}

pub async fn a_number_is_found_among_texts_that_begin_alike(stores: StoreSet) {
    let mobile = added(&stores, bare().with_mobile("+4915123456789")).await;
    let name = added(&stores, bare().shown_as("+49 151 is my number")).await;
    let both = bare().with_mobile("+4915100000000").shown_as("+49 151 too");
    let both = added(&stores, both).await;
    assert_eq!(anybody(&stores, "+49 151").await, ids([&name, &both, &mobile]));
    assert_eq!(anybody(&stores, "+49151").await, ids([&both, &mobile]));
    assert_eq!(anybody(&stores, "+49 (151) 2").await, ids([&mobile]));
}

pub async fn people_of_one_name_are_found_by_number(stores: StoreSet) {
    let mut people = Vec::new();
    for turn in 0..7 {
        people.push(added(&stores, bare().shown_as("Ada")).await);
        let other = if turn % 2 == 0 { "ada lovelace" } else { "Ad" };
        added(&stores, bare().shown_as(other)).await;
    }
    // A name that somebody has for a username is in its place among them.
    people.push(added(&stores, bare().named("ada")).await);
    people.push(added(&stores, bare().shown_as("ADA")).await);
    let seen = anybody(&stores, "ada").await;
    assert_eq!(seen[..people.len()], ids(&people));
    assert_eq!(seen.len(), people.len() + 4);
}

pub async fn a_search_lets_through_whom_its_filter_does(stores: StoreSet) {
    let named = |name: &str| bare().named(name);
    let early = moment("2026-11-20T12:00:00.000001Z");
    let late = moment("2026-11-20T12:00:00.000002Z");
    let locked = added(&stores, named("ada3").locked().arrived_at(early)).await;
    let admin = added(&stores, named("ada2").admin().arrived_at(early)).await;
    let active = added(&stores, named("ada1").shown_as("Ada").arrived_at(late)).await;
    added(&stores, named("eve").locked().admin().arrived_at(late)).await;
    let all = DirectoryFilter::default();
    let cases = [
        (DirectoryFilter { status: Some(Status::Locked), ..all.clone() }, ids([&locked])),
        (DirectoryFilter { status: Some(Status::Active), ..all.clone() }, ids([&active, &admin])),
        (DirectoryFilter { role: Some(Role::Admin), ..all.clone() }, ids([&admin])),
        (DirectoryFilter { created_after: Some(early), ..all.clone() }, ids([&active])),
        (DirectoryFilter { created_before: Some(late), ..all.clone() }, ids([&admin, &locked])),
        (
            DirectoryFilter { status: Some(Status::Inactive), role: Some(Role::Admin), ..all },
            vec![],
        ),
    ];
    for (filter, expected) in cases {
        assert_eq!(found(&stores, "ada", &filter).await, expected, "{filter:?}");
    }
}

pub async fn a_search_ends_where_nobody_follows(stores: StoreSet) {
    let mut people = Vec::new();
    for turn in 0..4 {
        people.push(added(&stores, bare().named(&format!("ada{turn}")).shown_as("Ada")).await);
    }
    let everybody = DirectoryFilter::default();
    let first = page(&stores, "ada", &everybody, &PageRequest::first(2)).await;
    assert_eq!(first.items, people[..2]);
    let next = first.next.expect("two more follow");
    assert_eq!(next, MatchCursor { key: "ada".into(), number: people[1].number });
    let last = page(&stores, "ada", &everybody, &PageRequest::after(2, next)).await;
    assert_eq!((last.items.as_slice(), last.next), (&people[2..], None));
}

pub async fn a_search_misses_and_repeats_nobody_while_others_come_go_and_change(stores: StoreSet) {
    let mut people = Vec::new();
    for turn in 10..20 {
        let person = bare().named(&format!("m{turn}")).shown_as(&format!("M {turn}"));
        people.push(added(&stores, person).await);
    }
    let leaver = added(&stores, bare().named("m14z")).await;
    let mut fickle = added(&stores, bare().named("m99").shown_as("Other")).await;
    let mut turn = 0;
    let everybody = DirectoryFilter::default();
    let seen = read_all(&stores, "m", &everybody, 3, async || {
        turn += 1;
        added(&stores, bare().named(&format!("m0{turn}"))).await;
        added(&stores, bare().shown_as("M 10")).await;
        added(&stores, bare().with_email(&format!("mz{turn}@example.org"))).await;
        stores.users.delete(leaver.id, None, &Sequel::none()).await.unwrap();
        let name = if turn % 2 == 1 { "M 00" } else { "M 98" };
        fickle = changed(&fickle, |user| user.display_name = Some(name.into()));
        assert!(stores.users.replace(&fickle, &Sequel::none()).await.unwrap());
    });
    let mut seen = seen.await;
    seen.retain(|id| *id != fickle.id);
    let distinct: HashSet<_> = seen.iter().collect();
    assert_eq!(distinct.len(), seen.len(), "nobody who stayed the same is repeated");
    seen.retain(|id| people.iter().any(|user| user.id == *id));
    assert_eq!(seen, ids(&people));
}

pub async fn a_search_goes_on_where_it_ended_when_that_person_is_gone(stores: StoreSet) {
    let mut people = Vec::new();
    for turn in 0..4 {
        people.push(added(&stores, bare().named(&format!("ada{turn}"))).await);
    }
    let everybody = DirectoryFilter::default();
    let first = page(&stores, "ada", &everybody, &PageRequest::first(2)).await;
    assert!(stores.users.delete(people[1].id, None, &Sequel::none()).await.unwrap());
    let after = PageRequest::after(2, first.next.unwrap());
    assert_eq!(page(&stores, "ada", &everybody, &after).await.items, people[2..]);
}
