//! `UserStore::list` and `UserStore::count`: whom the directory shows.
#![expect(missing_docs, reason = "the name of a contract is its sentence")]

use std::collections::BTreeSet;

use domain::page::{MAX_LIMIT, PageRequest};
use domain::users::{
    DirectoryFilter, DirectoryQuery, Prefix, Role, SortOrder, Status, User, UserId,
};

use super::StoreSet;
use super::steps::added;
use crate::builders::{UserBuilder, a_user};
use crate::time::moment;

/// The ids of whom `query` gives, which must be as many as it counts.
async fn asked(stores: &StoreSet, query: &DirectoryQuery) -> Vec<UserId> {
    let page = stores.users.list(query, &PageRequest::first(MAX_LIMIT)).await.unwrap();
    let count = stores.users.count(query).await.unwrap();
    assert_eq!(page.items.len() as u64, count, "list and count agree on {query:?}");
    assert_eq!(page.next, None);
    page.items.iter().map(|user| user.id).collect()
}

/// Whom a list of this prefix gives, the oldest first; a search for it must find the same people.
async fn starting(stores: &StoreSet, prefix: &str) -> Vec<UserId> {
    let query = DirectoryQuery { prefix: Prefix::new(prefix), ..Default::default() };
    let people = asked(stores, &query).await;
    let first = PageRequest::first(MAX_LIMIT);
    let prefix = query.prefix.unwrap();
    let found = stores.users.search(&prefix, &query.filter, &first).await.unwrap();
    let ids = |people: Vec<UserId>| people.into_iter().collect::<BTreeSet<_>>();
    let found: Vec<UserId> = found.items.iter().map(|user| user.id).collect();
    assert_eq!(found.len(), people.len(), "{prefix:?}");
    assert_eq!(ids(found), ids(people.clone()), "{prefix:?}");
    people
}

fn ids<const N: usize>(people: [&User; N]) -> Vec<UserId> {
    people.map(|user| user.id).to_vec()
}

/// Nobody's identifiers, and this name shown to others.
fn shown(name: &str) -> UserBuilder {
    a_user().bare().shown_as(name)
}

pub async fn an_empty_store_lists_and_counts_nobody(stores: StoreSet) {
    assert_eq!(asked(&stores, &DirectoryQuery::default()).await, []);
    assert_eq!(starting(&stores, "a").await, []);
}

pub async fn everybody_is_listed_whole_and_the_oldest_first(stores: StoreSet) {
    let late = added(&stores, a_user().arrived_at(moment("2026-11-20T12:00:00.000002Z"))).await;
    let early = added(&stores, a_user().arrived_at(moment("2026-11-20T12:00:00.000001Z"))).await;
    let bare = a_user().bare().locked().arrived_at(moment("2026-11-20T12:00:01Z"));
    let bare = added(&stores, bare).await;
    let page = stores.users.list(&Default::default(), &PageRequest::first(10)).await.unwrap();
    assert_eq!(page.items, [early, late, bare]);
}

pub async fn the_newest_come_first_when_asked_for(stores: StoreSet) {
    let early = added(&stores, a_user().arrived_at(moment("2026-11-20T12:00:00.000001Z"))).await;
    let late = added(&stores, a_user().arrived_at(moment("2026-11-20T12:00:00.000002Z"))).await;
    let newest = DirectoryQuery { sort: SortOrder::NewestFirst, ..Default::default() };
    assert_eq!(asked(&stores, &newest).await, ids([&late, &early]));
}

pub async fn a_status_and_a_role_narrow_the_directory(stores: StoreSet) {
    let active = added(&stores, a_user()).await;
    let inactive = added(&stores, a_user().inactive()).await;
    let locked = added(&stores, a_user().locked().admin()).await;
    let admin = added(&stores, a_user().admin()).await;
    let of = |status, role| DirectoryQuery {
        filter: DirectoryFilter { status, role, ..Default::default() },
        ..Default::default()
    };
    let cases = [
        (of(Some(Status::Active), None), ids([&active, &admin])),
        (of(Some(Status::Inactive), None), ids([&inactive])),
        (of(Some(Status::Locked), None), ids([&locked])),
        (of(None, Some(Role::Admin)), ids([&locked, &admin])),
        (of(Some(Status::Active), Some(Role::Admin)), ids([&admin])),
        (of(Some(Status::Inactive), Some(Role::Admin)), vec![]),
    ];
    for (query, expected) in cases {
        assert_eq!(asked(&stores, &query).await, expected, "{query:?}");
    }
}

pub async fn times_of_creation_narrow_the_directory_without_their_own_moment(stores: StoreSet) {
    let moments = [1, 2, 3].map(|micros| moment(&format!("2026-11-20T12:00:00.00000{micros}Z")));
    let mut people = Vec::new();
    for at in moments {
        people.push(added(&stores, a_user().arrived_at(at)).await);
    }
    let between = |created_after, created_before| DirectoryQuery {
        filter: DirectoryFilter { created_after, created_before, ..Default::default() },
        ..Default::default()
    };
    let [first, second, third] = moments;
    let cases = [
        (between(Some(second), None), ids([&people[2]])),
        (between(None, Some(second)), ids([&people[0]])),
        (between(Some(first), Some(third)), ids([&people[1]])),
        (between(Some(first), Some(second)), vec![]),
    ];
    for (query, expected) in cases {
        assert_eq!(asked(&stores, &query).await, expected, "{query:?}");
    }
}

pub async fn a_prefix_matches_username_email_mobile_and_display_name(stores: StoreSet) {
    let username = added(&stores, a_user().bare().named("zaphod")).await;
    let email = added(&stores, a_user().bare().with_email("zaphod@example.org")).await;
    let name = added(&stores, shown("Zaphod Beeblebrox")).await;
    let mobile = added(&stores, a_user().bare().with_mobile("+4915123456789")).await;
    let first_name = a_user().bare().with(|user| user.first_name = Some("Zaphod".into()));
    added(&stores, first_name).await;
    added(&stores, shown("Not Zaphod")).await;
    assert_eq!(starting(&stores, "zaphod").await, ids([&username, &email, &name]));
    assert_eq!(starting(&stores, "zaphod b").await, ids([&name]));
    for written in ["+49151", "+49 151", "+49 (151) 2"] {
        assert_eq!(starting(&stores, written).await, ids([&mobile]), "{written:?}");
    }
    assert_eq!(starting(&stores, "( )").await, [], "nothing but separators is no number");
    assert_eq!(starting(&stores, "zaphod beeblebrox the third").await, []);
}

pub async fn who_matches_twice_is_listed_once(stores: StoreSet) {
    let ada = a_user().named("ada").with_email("ada@example.org").shown_as("Ada");
    let ada = added(&stores, ada).await;
    assert_eq!(starting(&stores, "ada").await, ids([&ada]));
}

pub async fn a_prefix_is_compared_whatever_its_case_and_width(stores: StoreSet) {
    let ada = added(&stores, shown("ÅDA Lovelace")).await;
    let greek = added(&stores, shown("Ωmega")).await;
    let wide = added(&stores, shown("ＦＵＬＬ width")).await;
    for prefix in ["åda", "ÅDA", "Åda L", "A\u{30a}da"] {
        assert_eq!(starting(&stores, prefix).await, ids([&ada]), "{prefix:?}");
    }
    assert_eq!(starting(&stores, "ωM").await, ids([&greek]));
    assert_eq!(starting(&stores, "Full").await, ids([&wide]));
}

pub async fn a_prefix_confuses_no_letters(stores: StoreSet) {
    let pairs =
        [("cure", "cüre"), ("strasse", "straße"), ("😀", "😁"), ("かな", "カナ"), ("ilk", "ılk")];
    for (one, other) in pairs {
        let one_person = added(&stores, shown(one)).await;
        let other_person = added(&stores, shown(other)).await;
        assert_eq!(starting(&stores, one).await, ids([&one_person]), "{one:?}");
        assert_eq!(starting(&stores, other).await, ids([&other_person]), "{other:?}");
    }
}

pub async fn every_sign_in_a_prefix_stands_for_itself(stores: StoreSet) {
    let mut people = Vec::new();
    let signs: Vec<char> = (' '..='~').filter(|sign| !sign.is_ascii_alphanumeric()).collect();
    added(&stores, shown("axb")).await;
    added(&stores, shown("ab")).await;
    for sign in &signs {
        people.push(added(&stores, shown(&format!("a{sign}b"))).await);
    }
    for (sign, person) in signs.iter().zip(&people) {
        assert_eq!(starting(&stores, &format!("a{sign}")).await, ids([person]), "{sign:?}");
        assert_eq!(starting(&stores, &format!("a{sign}b")).await, ids([person]), "{sign:?}");
        assert_eq!(starting(&stores, &format!("{sign}")).await, [], "{sign:?}");
    }
}

/// The greatest character is one that names may hold, and no upper end of a range.
pub async fn a_prefix_finds_every_letter_that_may_follow(stores: StoreSet) {
    let last = char::MAX;
    let names = [
        "zoe".to_owned(),
        "zoe\u{308}".to_owned(),
        format!("zoe{last}"),
        format!("zoe{last}{last}z"),
        "zoe\u{d7ff}".to_owned(),
        "zoe\u{e000}".to_owned(),
        "zoe\u{1f469}\u{200d}\u{1f52c}".to_owned(),
    ];
    let mut people = Vec::new();
    for name in &names {
        people.push(added(&stores, shown(name)).await);
    }
    added(&stores, shown("zof")).await;
    let last_of_all = added(&stores, shown(&last.to_string().repeat(50))).await;
    let plain: Vec<UserId> = [0, 2, 3, 4, 5, 6].map(|at: usize| people[at].id).to_vec();
    assert_eq!(starting(&stores, "zoe").await, plain, "a letter and its accent are one letter");
    assert_eq!(starting(&stores, "zo\u{eb}").await, ids([&people[1]]));
    assert_eq!(starting(&stores, &format!("zoe{last}")).await, ids([&people[2], &people[3]]));
    assert_eq!(starting(&stores, "zoe\u{d7ff}").await, ids([&people[4]]));
    assert_eq!(starting(&stores, &last.to_string()).await, ids([&last_of_all]));
    assert_eq!(starting(&stores, &last.to_string().repeat(2)).await, ids([&last_of_all]));
}
