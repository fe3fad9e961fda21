//! What holds when sessions are opened, rotated and closed at once, and attempts counted.
#![expect(missing_docs, reason = "the name of a contract is its sentence")]

use std::time::Duration;

use domain::page::PageRequest;
use domain::post::Sequel;
use domain::sessions::{Budget, LastUse, Session};
use domain::time::Timestamp;
use domain::users::{Status, User};

use super::StoreSet;
use super::rotating::rotation;
use super::steps::{added, at_once, found, kept, open_sessions_of, password_change, signed_in};
use super::throttling::{at_micros, budget};
use crate::builders::{a_session, a_user};
use crate::time::noon;

/// Races are run this many times: each run is another order of events.
const ROUNDS: u32 = 10;

pub async fn of_20_rotations_of_one_secret_one_is_told_true(stores: StoreSet) {
    let session = signed_in(&stores, &added(&stores, a_user()).await).await;
    let rotating = |turn: u8| {
        let (stores, rotation) = (stores.clone(), rotation(&session, turn));
        async move { stores.sessions.rotate(&rotation).await.unwrap().then_some(rotation.next) }
    };
    let results = at_once((1..=20).map(rotating)).await;
    let winners: Vec<_> = results.into_iter().flatten().collect();
    assert_eq!(winners.len(), 1);
    let present = kept(&stores, session.id).await.unwrap();
    assert_eq!((Some(&present.secret_hash), present.generation), (winners.first(), 1));
}

pub async fn of_20_uses_within_a_minute_one_is_noted(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    for round in 0..ROUNDS {
        let session = signed_in(&stores, &ada).await;
        let at = noon().plus(Duration::from_secs(90));
        let touching = |_| {
            let stores = stores.clone();
            let noted = LastUse { session: session.id, at, unless_since: noon() };
            async move { stores.sessions.touch(&[noted]).await.unwrap() }
        };
        let noted = at_once((0..20).map(touching)).await;
        assert_eq!(noted.iter().sum::<u64>(), 1, "round {round}");
    }
}

pub async fn of_8_who_close_one_session_one_is_told_true(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    for round in 0..ROUNDS {
        let session = signed_in(&stores, &ada).await;
        let closing = |_| {
            let (stores, user_id, id) = (stores.clone(), session.user_id, session.id);
            async move { stores.sessions.close(user_id, id, &Sequel::none()).await.unwrap() }
        };
        let closed = at_once((0..8).map(closing)).await;
        assert_eq!(closed.iter().filter(|closed| **closed).count(), 1, "round {round}");
    }
}

pub async fn a_rotation_never_brings_a_closed_session_back(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    for round in 0..ROUNDS {
        let session = signed_in(&stores, &ada).await;
        let of = |close: bool| {
            let (stores, rotation) = (stores.clone(), rotation(&session, 1));
            let (user_id, id) = (session.user_id, session.id);
            async move {
                match close {
                    true => stores.sessions.close(user_id, id, &Sequel::none()).await.unwrap(),
                    false => stores.sessions.rotate(&rotation).await.unwrap(),
                }
            }
        };
        let results = at_once([of(true), of(false)]).await;
        assert!(results[0], "round {round}: there was one to close");
        assert_eq!(kept(&stores, session.id).await, None, "round {round}");
    }
}

/// Runs `end` while 8 sessions of `user` are being opened; gives those sessions.
async fn opened_beside<R>(stores: &StoreSet, user: &User, end: R) -> Vec<Session>
where
    R: Future<Output = bool> + Send + 'static,
{
    let sessions: Vec<Session> = (0..8).map(|_| a_session().of(user).build()).collect();
    let opening = |session: Session| -> std::pin::Pin<Box<dyn Future<Output = bool> + Send>> {
        let stores = stores.clone();
        Box::pin(async move {
            stores.sessions.open(&session, &Sequel::none()).await.unwrap();
            true
        })
    };
    let mut tasks: Vec<_> = sessions.iter().cloned().map(opening).collect();
    tasks.insert(4, Box::pin(end));
    assert!(at_once(tasks).await[4], "it was done");
    sessions
}

/// The sessions of this person's present epoch.
async fn of_present_epoch(stores: &StoreSet, user: &User) -> Vec<Session> {
    let present = found(stores, user.id).await.unwrap();
    let of = open_sessions_of(&present);
    stores.sessions.list(&of, &PageRequest::first(50)).await.unwrap().items
}

pub async fn no_session_opened_beside_a_lock_outlives_it(stores: StoreSet) {
    for round in 0..ROUNDS {
        let ada = added(&stores, a_user()).await;
        let (racing, id) = (stores.clone(), ada.id);
        let lock = async move {
            racing.users.set_status(id, Status::Locked, noon(), &Sequel::none()).await.unwrap()
        };
        opened_beside(&stores, &ada, lock).await;
        assert_eq!(of_present_epoch(&stores, &ada).await, [], "round {round}");
        let present = found(&stores, ada.id).await.unwrap();
        let later = signed_in(&stores, &present).await;
        assert_eq!(of_present_epoch(&stores, &ada).await, [later], "round {round}: opened after");
    }
}

pub async fn no_session_opened_beside_a_password_change_outlives_it(stores: StoreSet) {
    for round in 0..ROUNDS {
        let ada = added(&stores, a_user()).await;
        let (racing, change) = (stores.clone(), password_change(&ada, "new"));
        let change = async move { racing.users.change_password(&change).await.unwrap() };
        opened_beside(&stores, &ada, change).await;
        assert_eq!(of_present_epoch(&stores, &ada).await, [], "round {round}");
    }
}

pub async fn no_session_opened_beside_a_deletion_stays(stores: StoreSet) {
    for round in 0..ROUNDS {
        let ada = added(&stores, a_user()).await;
        let (racing, id) = (stores.clone(), ada.id);
        let deletion = async move { racing.users.delete(id, None, &Sequel::none()).await.unwrap() };
        for session in opened_beside(&stores, &ada, deletion).await {
            assert_eq!(kept(&stores, session.id).await, None, "round {round}");
        }
        assert_eq!(
            stores.sessions.close_all(ada.id, None, &Sequel::none()).await.unwrap(),
            0,
            "round {round}"
        );
    }
}

/// How many of 50 attempts at once are granted.
async fn granted_of_50(stores: &StoreSet, budget: &Budget, at: Timestamp) -> usize {
    let taking = |_| {
        let (stores, budget) = (stores.clone(), budget.clone());
        async move { stores.throttle.take(&budget, at).await.unwrap() }
    };
    let answers = at_once((0..50).map(taking)).await;
    answers.iter().filter(|answer| answer.is_granted()).count()
}

pub async fn of_50_attempts_at_once_exactly_the_limit_is_granted(stores: StoreSet) {
    let budget = budget("ada", 10);
    assert_eq!(granted_of_50(&stores, &budget, noon()).await, 10);
}

pub async fn of_50_attempts_at_the_turn_of_a_window_exactly_the_limit_is_granted(stores: StoreSet) {
    let budget = budget("ada", 10);
    for window in 0..4 {
        let at = at_micros(window * 60_000_000);
        assert_eq!(granted_of_50(&stores, &budget, at).await, 10, "window {window}");
    }
}

pub async fn no_attempt_given_back_at_once_is_lost(stores: StoreSet) {
    let budget = budget("ada", 10);
    assert_eq!(granted_of_50(&stores, &budget, noon()).await, 10);
    let giving_back = |_| {
        let (stores, key) = (stores.clone(), budget.key);
        async move { stores.throttle.give_back(&key).await.unwrap() }
    };
    at_once((0..8).map(giving_back)).await;
    assert_eq!(granted_of_50(&stores, &budget, noon()).await, 8);
}
