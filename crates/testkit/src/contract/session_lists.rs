//! `SessionStore::list`.
#![expect(missing_docs, reason = "the name of a contract is its sentence")]

use domain::page::PageRequest;
use domain::sessions::{Session, SessionFilter, SessionId};
use domain::users::User;
use uuid::Uuid;

use super::StoreSet;
use super::steps::{added, open_sessions_of, opened, signed_in};
use crate::builders::{a_session, a_user};
use crate::time::moment;

async fn listed(stores: &StoreSet, of: &SessionFilter) -> Vec<Session> {
    let page = stores.sessions.list(of, &PageRequest::first(50)).await.unwrap();
    assert_eq!(page.next, None);
    page.items
}

/// Opens a session at each of these minutes after noon, in this order.
async fn opened_at(stores: &StoreSet, user: &User, minutes: &[u64]) -> Vec<Session> {
    let mut sessions = Vec::new();
    for minute in minutes {
        let at = moment(&format!("2026-11-20T12:{minute:02}:00.000001Z"));
        sessions.push(opened(stores, a_session().of(user).at(at).build()).await);
    }
    sessions
}

pub async fn a_person_without_sessions_has_an_empty_list(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    assert_eq!(listed(&stores, &open_sessions_of(&ada)).await, []);
    assert_eq!(listed(&stores, &open_sessions_of(&a_user().build())).await, []);
}

pub async fn the_newest_session_comes_first_and_other_peoples_are_left_out(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    signed_in(&stores, &added(&stores, a_user()).await).await;
    let mut sessions = opened_at(&stores, &ada, &[2, 1, 3]).await;
    sessions.sort_by_key(|session| std::cmp::Reverse(session.created_at));
    assert_eq!(listed(&stores, &open_sessions_of(&ada)).await, sessions);
}

pub async fn sessions_of_another_epoch_are_left_out(stores: StoreSet) {
    let ada = added(&stores, a_user().with(|user| user.epoch = 5)).await;
    for epoch in [4, 6] {
        opened(&stores, a_session().of(&ada).with(|session| session.epoch = epoch).build()).await;
    }
    let present = signed_in(&stores, &ada).await;
    assert_eq!(listed(&stores, &open_sessions_of(&ada)).await, [present]);
}

pub async fn a_session_is_left_out_from_the_moment_it_ends(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let end = moment("2026-11-20T13:00:00.000005Z");
    let session = opened(&stores, a_session().of(&ada).expires_at(end).build()).await;
    let at = |now| SessionFilter { now, ..open_sessions_of(&ada) };
    let before = moment("2026-11-20T13:00:00.000004Z");
    assert_eq!(listed(&stores, &at(before)).await, [session]);
    assert_eq!(listed(&stores, &at(end)).await, []);
    assert_eq!(listed(&stores, &at(moment("2026-11-20T13:00:00.000006Z"))).await, []);
}

pub async fn a_session_is_left_out_when_it_was_last_used_at_the_bound_or_before(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let seen = moment("2026-11-20T12:00:00.000005Z");
    let session = opened(&stores, a_session().of(&ada).last_seen_at(seen).build()).await;
    let since = |idle_since| SessionFilter { idle_since, ..open_sessions_of(&ada) };
    let before = moment("2026-11-20T12:00:00.000004Z");
    assert_eq!(listed(&stores, &since(before)).await, [session]);
    assert_eq!(listed(&stores, &since(seen)).await, []);
    assert_eq!(listed(&stores, &since(moment("2026-11-20T12:00:00.000006Z"))).await, []);
}

pub async fn sessions_of_one_moment_are_listed_by_id_downward(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let ids = [0x01_u128 << 120, 0x7f << 120, 0x80 << 120, 0xff << 120, 0x80 << 56, 0x7f << 56];
    let mut sessions = Vec::new();
    for id in ids {
        let session =
            a_session().of(&ada).with(|session| session.id = SessionId(Uuid::from_u128(id)));
        sessions.push(opened(&stores, session.build()).await);
    }
    sessions.sort_by_key(|session| std::cmp::Reverse(session.id));
    assert_eq!(listed(&stores, &open_sessions_of(&ada)).await, sessions);
    assert_eq!(paged(&stores, &open_sessions_of(&ada), 1).await, sessions);
}

/// All pages of `limit` sessions.
async fn paged(stores: &StoreSet, of: &SessionFilter, limit: u16) -> Vec<Session> {
    let mut sessions = Vec::new();
    let mut request = PageRequest::first(limit);
    loop {
        let page = stores.sessions.list(of, &request).await.unwrap();
        assert!(page.items.len() <= usize::from(limit));
        assert!(sessions.len() < 100, "the pages go round in circles");
        sessions.extend(page.items);
        let Some(next) = page.next else { return sessions };
        request = PageRequest::after(limit, next);
    }
}

pub async fn session_pages_in_a_row_are_the_whole_list(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let mut sessions = opened_at(&stores, &ada, &[3, 1, 2, 2, 2, 5, 4]).await;
    sessions.sort_by_key(|session| std::cmp::Reverse((session.created_at, session.id)));
    for limit in [1, 2, 3, 7, 8] {
        let all = paged(&stores, &open_sessions_of(&ada), limit).await;
        assert_eq!(all, sessions, "{limit} a page");
    }
}

pub async fn a_full_last_page_of_sessions_says_that_nothing_follows(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let sessions = opened_at(&stores, &ada, &[2, 1]).await;
    let of = open_sessions_of(&ada);
    let first = stores.sessions.list(&of, &PageRequest::first(1)).await.unwrap();
    let next = first.next.expect("one more follows");
    assert_eq!((next.created_at, next.id), (sessions[0].created_at, sessions[0].id));
    let last = stores.sessions.list(&of, &PageRequest::after(1, next)).await.unwrap();
    assert_eq!((last.items.as_slice(), last.next), (&sessions[1..], None));
}
