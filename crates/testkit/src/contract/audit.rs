//! `AuditStore`, and the events that are kept with a change.
#![expect(missing_docs, reason = "the name of a contract is its sentence")]

use domain::audit::{
    Action, AuditCursor, AuditQuery, Event, Head, Link, LinkHash, Outcome, Recorded,
};
use domain::page::PageRequest;
use domain::post::Sequel;
use domain::sessions::Door;
use domain::users::Status;

use super::StoreSet;
use super::steps::{added, at_once, conflict, signed_in};
use crate::builders::{a_session, a_user, an_event};
use crate::time::{moment, noon};

async fn recorded(stores: &StoreSet, event: Event) -> Event {
    stores.audit.append(&event).await.unwrap();
    event
}

async fn pending(stores: &StoreSet) -> Vec<Event> {
    stores.audit.pending(100).await.unwrap()
}

/// The places of these events behind `from`, each with a digest of its own.
fn links(from: &Head, events: &[Event]) -> Vec<Link> {
    let link = |(event, place): (&Event, u8)| Link {
        id: event.id,
        sequence: from.sequence + i64::from(place),
        hash: LinkHash([place; 32]),
    };
    events.iter().zip(1..).map(link).collect()
}

fn end(links: &[Link]) -> Head {
    let last = links.last().unwrap();
    Head { sequence: last.sequence, hash: last.hash }
}

async fn listed(stores: &StoreSet, query: &AuditQuery) -> Vec<Event> {
    let page = stores.audit.list(query, &PageRequest::first(50)).await.unwrap();
    page.items.into_iter().map(|recorded| recorded.event).collect()
}

pub async fn an_event_comes_back_whole_and_is_pending_until_it_is_chained(stores: StoreSet) {
    let (ada, eve) = (added(&stores, a_user()).await, added(&stores, a_user()).await);
    let full = Event {
        actor: Some(ada.id),
        subject: Some(eve.id),
        session: Some(signed_in(&stores, &ada).await.id),
        door: Some(Door::ChitChat),
        request_id: Some("r-1".into()),
        detail: Some("a reason \u{1f511}".into()),
        ..an_event()
    };
    let bare = Event { traits: None, outcome: Outcome::Denied, ..an_event() };
    let mut expected = [recorded(&stores, full).await, recorded(&stores, bare).await];
    expected.sort_by_key(|event| event.id);
    assert_eq!(pending(&stores).await, expected);
    assert_eq!(stores.audit.pending(1).await.unwrap(), expected[..1]);
    let links = links(&Head::start(), &expected);
    assert!(stores.audit.link(&Head::start(), &links).await.unwrap());
    assert_eq!(pending(&stores).await, []);
    let chained = stores.audit.chained(0, 10).await.unwrap();
    let both = expected.into_iter().zip(links);
    let both: Vec<Recorded> =
        both.map(|(event, link)| Recorded { event, link: Some(link) }).collect();
    assert_eq!(chained, both);
}

pub async fn what_follows_a_change_is_recorded_with_it_or_not_at_all(stores: StoreSet) {
    let sequel = || Sequel { events: vec![an_event()], ..Sequel::none() };
    let ada = added(&stores, a_user().named("ada")).await;
    let session = a_session().of(&ada).build();
    assert!(stores.sessions.open(&session, &sequel()).await.unwrap());
    assert!(stores.users.set_status(ada.id, Status::Active, noon(), &sequel()).await.unwrap());
    assert!(stores.sessions.close(ada.id, session.id, &sequel()).await.unwrap());
    assert_eq!(pending(&stores).await.len(), 3);
    let gone = a_user().build();
    assert!(!stores.sessions.open(&a_session().of(&gone).build(), &sequel()).await.unwrap());
    assert!(!stores.sessions.close(ada.id, session.id, &sequel()).await.unwrap());
    assert!(!stores.users.set_status(gone.id, Status::Locked, noon(), &sequel()).await.unwrap());
    assert!(!stores.users.delete(gone.id, None, &sequel()).await.unwrap());
    conflict(stores.users.add(&a_user().named("ada").build(), &sequel()).await);
    assert_eq!(pending(&stores).await.len(), 3);
    assert!(stores.users.delete(ada.id, None, &sequel()).await.unwrap());
    assert_eq!(pending(&stores).await.len(), 4);
}

pub async fn events_are_chained_once_from_where_the_chain_ends(stores: StoreSet) {
    assert_eq!(stores.audit.head().await.unwrap(), Head::start());
    let first = recorded(&stores, an_event()).await;
    let once = links(&Head::start(), &[first]);
    assert!(stores.audit.link(&Head::start(), &once).await.unwrap());
    assert_eq!(stores.audit.head().await.unwrap(), end(&once));
    let second = recorded(&stores, an_event()).await;
    assert!(!stores.audit.link(&Head::start(), &links(&Head::start(), &[second])).await.unwrap());
    let other = Head { hash: LinkHash([9; 32]), ..end(&once) };
    let second = pending(&stores).await;
    assert!(!stores.audit.link(&other, &links(&other, &second)).await.unwrap());
    let twice = links(&end(&once), &second);
    assert!(stores.audit.link(&end(&once), &twice).await.unwrap());
    assert_eq!(stores.audit.head().await.unwrap(), end(&twice));
}

pub async fn of_8_who_chain_from_one_head_one_is_told_true(stores: StoreSet) {
    for _ in 0..3 {
        recorded(&stores, an_event()).await;
    }
    let links = links(&Head::start(), &pending(&stores).await);
    let chaining = |_| {
        let (stores, links) = (stores.clone(), links.clone());
        async move { stores.audit.link(&Head::start(), &links).await.unwrap() }
    };
    let told = at_once((0..8).map(chaining)).await;
    assert_eq!(told.iter().filter(|told| **told).count(), 1);
    assert_eq!(stores.audit.chained(0, 10).await.unwrap().len(), 3);
}

pub async fn nothing_is_chained_where_one_event_is_chained_already(stores: StoreSet) {
    let (first, second) = (an_event(), an_event());
    let first = recorded(&stores, first).await;
    let once = links(&Head::start(), std::slice::from_ref(&first));
    assert!(stores.audit.link(&Head::start(), &once).await.unwrap());
    let second = recorded(&stores, second).await;
    let again = links(&end(&once), &[second, first]);
    assert!(!stores.audit.link(&end(&once), &again).await.unwrap());
    assert_eq!(stores.audit.head().await.unwrap(), end(&once));
    assert_eq!(pending(&stores).await.len(), 1);
}

pub async fn chained_events_are_read_by_place(stores: StoreSet) {
    for _ in 0..3 {
        recorded(&stores, an_event()).await;
    }
    let mut events = pending(&stores).await;
    events.reverse();
    let links = links(&Head::start(), &events);
    assert!(stores.audit.link(&Head::start(), &links).await.unwrap());
    let ids = |chained: Vec<Recorded>| -> Vec<_> {
        chained.into_iter().map(|recorded| recorded.event.id).collect()
    };
    let all: Vec<_> = events.iter().map(|event| event.id).collect();
    assert_eq!(ids(stores.audit.chained(0, 10).await.unwrap()), all);
    assert_eq!(ids(stores.audit.chained(1, 1).await.unwrap()), all[1..2]);
    assert_eq!(ids(stores.audit.chained(3, 10).await.unwrap()), []);
}

pub async fn events_are_listed_the_latest_first_and_each_once(stores: StoreSet) {
    let at = ["2026-11-20T12:00:01Z", "2026-11-20T12:00:00Z", "2026-11-20T12:00:00Z"];
    let mut expected = Vec::new();
    for at in at {
        expected.push(recorded(&stores, Event { at: moment(at), ..an_event() }).await);
    }
    expected.sort_by_key(|event| std::cmp::Reverse((event.at, event.id)));
    let (query, mut page) = (AuditQuery::default(), PageRequest::first(1));
    for event in &expected {
        let found = stores.audit.list(&query, &page).await.unwrap();
        assert_eq!(found.items, [Recorded { event: event.clone(), link: None }]);
        page = PageRequest::after(1, AuditCursor { at: event.at, id: event.id });
    }
    assert_eq!(stores.audit.list(&query, &page).await.unwrap().items, []);
}

pub async fn a_list_gives_what_is_asked_for_alone(stores: StoreSet) {
    let (ada, eve) = (a_user().build(), a_user().build());
    let later = moment("2026-11-20T13:00:00Z");
    let one = Event {
        actor: Some(ada.id),
        subject: Some(eve.id),
        action: Action::Lock,
        outcome: Outcome::Failure,
        request_id: Some("r-1".into()),
        at: later,
        ..an_event()
    };
    let one = recorded(&stores, one).await;
    let other = recorded(&stores, Event { actor: Some(eve.id), ..an_event() }).await;
    let all = AuditQuery::default;
    for query in [
        AuditQuery { actor: Some(ada.id), ..all() },
        AuditQuery { subject: Some(eve.id), ..all() },
        AuditQuery { action: Some(Action::Lock), ..all() },
        AuditQuery { outcome: Some(Outcome::Failure), ..all() },
        AuditQuery { request_id: Some("r-1".into()), ..all() },
        AuditQuery { from: Some(later), ..all() },
    ] {
        assert_eq!(listed(&stores, &query).await, std::slice::from_ref(&one), "{query:?}");
    }
    let before = AuditQuery { before: Some(later), ..all() };
    assert_eq!(listed(&stores, &before).await, [other]);
}

pub async fn the_traits_go_with_the_person_and_the_event_stays(stores: StoreSet) {
    let (ada, eve) = (added(&stores, a_user()).await, added(&stores, a_user()).await);
    let did = recorded(&stores, Event { actor: Some(ada.id), ..an_event() }).await;
    let suffered = Event { actor: Some(eve.id), subject: Some(ada.id), ..an_event() };
    let suffered = recorded(&stores, suffered).await;
    let other = recorded(&stores, Event { actor: Some(eve.id), ..an_event() }).await;
    let farewell = an_event();
    let sequel = Sequel { events: vec![farewell.clone()], ..Sequel::none() };
    assert!(stores.users.delete(ada.id, None, &sequel).await.unwrap());
    let bare = |event: Event| Event { traits: None, ..event };
    let mut expected = [bare(did), bare(suffered), other, farewell];
    expected.sort_by_key(|event| event.id);
    assert_eq!(pending(&stores).await, expected);
}
