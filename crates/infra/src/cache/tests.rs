//! What is remembered is what the store says, or no older than it may be.

use domain::audit::{Action, Event, Link, LinkHash};
use domain::post::Sequel;
use domain::sessions::{Rotation, Session, SessionStore, TokenHash};
use domain::users::{Status, User, UserStore};
use testkit::builders::{a_session, a_user, an_event};
use testkit::contract::StoreSet;
use testkit::memory::MemoryStores;
use testkit::time::noon;

use super::*;

/// Stores in memory, by way of a cache and behind its back.
struct House {
    memory: MemoryStores,
    plain: StoreSet,
    cache: SessionCache,
    users: WatchedUsers,
    sessions: CachedSessions,
    ada: User,
    session: Session,
}

impl House {
    async fn new(sole: bool, staleness: Option<Duration>) -> Self {
        let memory = MemoryStores::new();
        let plain = memory.set();
        let cache = SessionCache::new(staleness);
        cache.set_sole(sole);
        let users = WatchedUsers { inner: Arc::clone(&plain.users), cache: cache.clone() };
        let sessions = CachedSessions { inner: Arc::clone(&plain.sessions), cache: cache.clone() };
        let mut ada = a_user().build();
        ada.number = users.add(&ada, &Sequel::none()).await.unwrap();
        let session = a_session().of(&ada).build();
        assert!(sessions.open(&session, &Sequel::none()).await.unwrap());
        Self { memory, plain, cache, users, sessions, ada, session }
    }

    /// The status of the person as it is read by way of the session.
    async fn status(&self) -> Status {
        self.sessions.recent(self.session.id).await.unwrap().unwrap().user.status
    }

    async fn exact_status(&self) -> Status {
        self.sessions.find(self.session.id).await.unwrap().unwrap().1.status
    }

    /// Somebody else, who knows nothing of this cache, makes the person active or inactive.
    async fn set_behind(&self, status: Status) {
        let mut user = self.plain.users.find(&domain::users::UserKey::Id(self.ada.id)).await;
        let user = user.as_mut().unwrap().as_mut().unwrap();
        (user.status, user.version) = (status, user.version + 1);
        assert!(self.plain.users.replace(user, &Sequel::none()).await.unwrap());
    }
}

#[tokio::test]
async fn the_only_writer_asks_the_store_once() {
    let house = House::new(true, None).await;
    assert_eq!(house.status().await, Status::Active);
    house.memory.set_available(false);
    assert_eq!(house.status().await, Status::Active);
    assert_eq!(house.exact_status().await, Status::Active);
}

#[tokio::test]
async fn what_goes_through_the_cache_is_seen_at_once() {
    let house = House::new(true, None).await;
    let id = house.session.id;
    assert_eq!(house.status().await, Status::Active);
    let nothing = Sequel::none();
    let locked = house.users.set_status(house.ada.id, Status::Locked, noon(), &nothing);
    assert!(locked.await.unwrap());
    assert!(house.sessions.recent(id).await.unwrap().is_none());

    let house = House::new(true, None).await;
    let id = house.session.id;
    assert_eq!(house.status().await, Status::Active);
    assert!(house.sessions.close(house.ada.id, id, &Sequel::none()).await.unwrap());
    assert!(house.sessions.find(id).await.unwrap().is_none());

    let house = House::new(true, None).await;
    let id = house.session.id;
    assert_eq!(house.status().await, Status::Active);
    assert_eq!(house.sessions.close_all(house.ada.id, None, &Sequel::none()).await.unwrap(), 1);
    assert!(house.sessions.recent(id).await.unwrap().is_none());
}

#[tokio::test]
async fn a_rotation_is_remembered_as_the_store_keeps_it() {
    let house = House::new(true, None).await;
    let id = house.session.id;
    for known in [false, true] {
        if known {
            house.sessions.recent(id).await.unwrap();
        }
        let (session, _) = house.plain.sessions.find(id).await.unwrap().unwrap();
        let rotation = Rotation {
            id,
            spent: session.secret_hash,
            next: TokenHash([u8::from(known) + 7; 32]),
            at: noon().plus(Duration::from_secs(60)),
            sequel: Sequel::none(),
        };
        assert!(house.sessions.rotate(&rotation).await.unwrap());
        let kept = house.plain.sessions.find(id).await.unwrap();
        assert_eq!(house.sessions.find(id).await.unwrap(), kept);
        house.memory.set_available(false);
        assert_eq!(house.sessions.find(id).await.unwrap(), kept, "it is remembered");
        house.memory.set_available(true);
        // Somebody was faster: nothing of it is remembered.
        assert!(!house.sessions.rotate(&rotation).await.unwrap());
        assert_eq!(house.sessions.find(id).await.unwrap(), kept);
    }
}

#[tokio::test]
async fn a_change_that_may_yet_happen_is_not_overlooked() {
    let house = House::new(true, None).await;
    assert_eq!(house.status().await, Status::Active);
    house.memory.set_available(false);
    let at = noon();
    let locked = house.users.set_status(house.ada.id, Status::Locked, at, &Sequel::none()).await;
    assert!(locked.is_err());
    assert!(house.sessions.recent(house.session.id).await.is_err(), "the store is asked");
    house.memory.set_available(true);
    assert_eq!(house.status().await, Status::Active);
    // It happened after all.
    house.set_behind(Status::Inactive).await;
    assert_eq!(house.status().await, Status::Inactive);
}

#[tokio::test]
async fn whoever_is_not_alone_asks_each_time() {
    let house = House::new(false, None).await;
    for status in [Status::Active, Status::Inactive] {
        house.set_behind(status).await;
        assert_eq!((house.status().await, house.exact_status().await), (status, status));
    }
}

#[tokio::test]
async fn nothing_of_before_is_used_once_others_may_write_and_again_when_they_have() {
    let house = House::new(true, None).await;
    assert_eq!(house.status().await, Status::Active);
    house.cache.set_sole(false);
    house.set_behind(Status::Inactive).await;
    assert_eq!(house.status().await, Status::Inactive);
    house.set_behind(Status::Active).await;
    house.cache.set_sole(true);
    assert_eq!(house.status().await, Status::Active);
    house.set_behind(Status::Inactive).await;
    assert_eq!(house.status().await, Status::Active, "it is remembered again");
    house.cache.forget();
    assert_eq!(house.status().await, Status::Inactive);
}

#[tokio::test]
async fn what_may_be_old_is_used_for_reading_only_and_for_so_long() {
    let house = House::new(false, Some(Duration::from_secs(3600))).await;
    assert_eq!(house.status().await, Status::Active);
    house.set_behind(Status::Inactive).await;
    assert_eq!(house.status().await, Status::Active);
    assert_eq!(house.exact_status().await, Status::Inactive);

    let house = House::new(false, Some(Duration::ZERO)).await;
    assert_eq!(house.status().await, Status::Active);
    house.set_behind(Status::Inactive).await;
    assert_eq!(house.status().await, Status::Inactive);
}

/// What another node chained.
async fn chain(house: &House, event: Event) {
    house.plain.audit.append(&event).await.unwrap();
    let head = house.plain.audit.head().await.unwrap();
    let link = Link { id: event.id, sequence: head.sequence + 1, hash: LinkHash([9; 32]) };
    assert!(house.plain.audit.link(&head, &[link]).await.unwrap());
}

#[tokio::test]
async fn what_another_node_did_is_heard_of_long_before_it_is_too_old() {
    let house = House::new(false, Some(Duration::from_secs(3600))).await;
    let trail = Arc::clone(&house.plain.audit);
    let heard = house.cache.catch_up(trail.as_ref(), None).await;
    assert_eq!(house.status().await, Status::Active);
    house.set_behind(Status::Inactive).await;
    let subject = Some(house.ada.id);
    chain(&house, Event { action: Action::SignIn, subject, session: None, ..an_event() }).await;
    let heard = house.cache.catch_up(trail.as_ref(), heard).await;
    assert_eq!(house.status().await, Status::Active, "a sign-in changes nobody");
    chain(&house, Event { action: Action::Lock, subject, session: None, ..an_event() }).await;
    assert_eq!(house.cache.catch_up(trail.as_ref(), heard).await, Some(2));
    assert_eq!(house.status().await, Status::Inactive);
}

#[tokio::test]
async fn whoever_cannot_hear_forgets() {
    let house = House::new(false, Some(Duration::from_secs(3600))).await;
    let trail = Arc::clone(&house.plain.audit);
    let heard = house.cache.catch_up(trail.as_ref(), None).await;
    assert_eq!(house.status().await, Status::Active);
    house.set_behind(Status::Inactive).await;
    house.memory.set_available(false);
    assert_eq!(house.cache.catch_up(trail.as_ref(), heard).await, heard);
    house.memory.set_available(true);
    assert_eq!(house.status().await, Status::Inactive);
}
