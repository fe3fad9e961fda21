//! The steps that contracts are written in.

use std::sync::Arc;

use domain::post::Sequel;
use domain::problem::Field;
use domain::sessions::{Session, SessionFilter, SessionId};
use domain::store::StoreError;
use domain::users::{PasswordChange, PasswordHash, User, UserId, UserKey};
use tokio::sync::Barrier;

use super::StoreSet;
use crate::builders::{UserBuilder, a_session};
use crate::time::{moment, noon};

/// Adds the person and gives it back with its number.
pub(super) async fn added(stores: &StoreSet, person: UserBuilder) -> User {
    let person = person.build();
    let number = stores.users.add(&person, &Sequel::none()).await.unwrap();
    User { number, ..person }
}

/// The person as it is kept at this moment.
pub(super) async fn found(stores: &StoreSet, id: UserId) -> Option<User> {
    find(stores, &UserKey::Id(id)).await
}

/// Whom this key finds.
pub(super) async fn find(stores: &StoreSet, key: &UserKey) -> Option<User> {
    stores.users.find(key).await.unwrap()
}

/// Keeps the session and gives it back.
pub(super) async fn opened(stores: &StoreSet, session: Session) -> Session {
    assert!(stores.sessions.open(&session, &Sequel::none()).await.unwrap(), "its person exists");
    session
}

/// Opens a session of this person, in its present epoch.
pub(super) async fn signed_in(stores: &StoreSet, user: &User) -> Session {
    opened(stores, a_session().of(user).build()).await
}

/// The session as it is kept at this moment.
pub(super) async fn kept(stores: &StoreSet, id: SessionId) -> Option<Session> {
    stores.sessions.find(id).await.unwrap().map(|(session, _)| session)
}

/// Every session of this person and its present epoch that is open an hour after noon.
pub(super) fn open_sessions_of(user: &User) -> SessionFilter {
    SessionFilter {
        user_id: user.id,
        epoch: user.epoch,
        now: moment("2026-11-20T13:00:00Z"),
        idle_since: moment("2026-11-10T00:00:00Z"),
    }
}

/// The change of this person's password to `new_hash`, an hour after noon.
pub(super) fn password_change(user: &User, new_hash: &str) -> PasswordChange {
    PasswordChange {
        user_id: user.id,
        old_hash: user.password_hash.clone(),
        new_hash: PasswordHash::new(new_hash),
        keep: None,
        at: moment("2026-11-20T13:00:00Z"),
        sequel: Sequel::none(),
    }
}

/// The person's next version, with a change to it.
pub(super) fn changed(user: &User, change: impl FnOnce(&mut User)) -> User {
    let mut next = user.clone();
    next.version += 1;
    next.updated_at = noon();
    change(&mut next);
    next
}

/// The field that was named in a refusal.
pub(super) fn conflict<T: std::fmt::Debug>(result: Result<T, StoreError>) -> Field {
    match result {
        Err(StoreError::Conflict(field)) => field,
        Err(StoreError::Unavailable(source)) => panic!("unavailable: {source}"),
        Ok(value) => panic!("not refused: {value:?}"),
    }
}

/// Runs all of `tasks` at once, each begun when all are ready; gives their results in order.
pub(super) async fn at_once<R, T>(tasks: impl IntoIterator<Item = R>) -> Vec<T>
where
    R: Future<Output = T> + Send + 'static,
    T: Send + 'static,
{
    let tasks: Vec<R> = tasks.into_iter().collect();
    let start = Arc::new(Barrier::new(tasks.len()));
    let begin = |task: R| {
        let start = Arc::clone(&start);
        tokio::spawn(async move {
            start.wait().await;
            task.await
        })
    };
    let running: Vec<_> = tasks.into_iter().map(begin).collect();
    let mut results = Vec::new();
    for task in running {
        results.push(task.await.unwrap());
    }
    results
}
