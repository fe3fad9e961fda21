//! What the reference stores hold.

use std::collections::HashMap;

use domain::audit::Recorded;
use domain::books::{Book, BookId};
use domain::chatrooms::{Chatroom, ChatroomId, Message, MessageId, Person};
use domain::idempotency::Claim;
use domain::post::{Code, CodeHash, Dispatch, DispatchId, Sequel};
use domain::problem::Field;
use domain::sealing::Sealed;
use domain::sessions::{Session, SessionId, ThrottleKey};
use domain::store::StoreError;
use domain::time::Timestamp;
use domain::users::{Email, Mobile, User, UserId, UserKey, Username};
use uuid::Uuid;

#[derive(Clone, Default)]
pub(super) struct State {
    pub(super) away: bool,
    pub(super) users: HashMap<UserId, User>,
    pub(super) last_number: i64,
    pub(super) sessions: HashMap<SessionId, Session>,
    pub(super) windows: HashMap<ThrottleKey, Window>,
    pub(super) rooms: HashMap<ChatroomId, Room>,
    pub(super) last_room: i64,
    pub(super) messages: HashMap<MessageId, Said>,
    pub(super) last_message: i64,
    pub(super) books: HashMap<BookId, Book>,
    pub(super) last_book: i64,
    pub(super) codes: HashMap<CodeHash, Code>,
    pub(super) dispatches: HashMap<DispatchId, Dispatch>,
    pub(super) events: Vec<Recorded>,
    pub(super) keys: HashMap<[u8; 32], KeptKey>,
}

/// An idempotency key.
#[derive(Clone)]
pub(super) struct KeptKey {
    pub(super) holder: Uuid,
    pub(super) fingerprint: [u8; 32],
    pub(super) principal: Option<UserId>,
    pub(super) changed: bool,
    pub(super) reply: Option<Sealed>,
    pub(super) held_until: Timestamp,
    pub(super) expires_at: Timestamp,
}

/// The attempts counted under one key.
#[derive(Clone)]
pub(super) struct Window {
    pub(super) taken: u32,
    pub(super) ends_at: Timestamp,
}

/// A chatroom, who is in it in the order of joining, and how much was ever said there.
#[derive(Clone)]
pub(super) struct Room {
    pub(super) room: Chatroom,
    pub(super) members: Vec<UserId>,
    pub(super) last_sequence: i64,
}

/// A message and who likes it, in that order.
#[derive(Clone)]
pub(super) struct Said {
    pub(super) message: Message,
    pub(super) likers: Vec<UserId>,
}

/// One kind of unique key that a person may have.
type KeyOf = fn(&User) -> Option<&str>;

impl State {
    /// Refuses a person that has the key of somebody else.
    pub(super) fn check_unique(&self, user: &User) -> Result<(), StoreError> {
        let unique: [(Field, KeyOf); 3] = [
            (Field::Username, username_key),
            (Field::Email, email_key),
            (Field::Mobile, mobile_key),
        ];
        for (field, key_of) in unique {
            let holder = key_of(user).and_then(|key| self.find_by(key_of, key));
            if holder.is_some_and(|holder| holder.id != user.id) {
                return Err(StoreError::Conflict(field));
            }
        }
        Ok(())
    }

    /// The person with this key.
    pub(super) fn find(&self, key: &UserKey) -> Option<&User> {
        match key {
            UserKey::Id(id) => self.users.get(id),
            UserKey::Number(number) => self.users.values().find(|user| user.number == *number),
            UserKey::Username(name) => self.find_by(username_key, name.key()),
            UserKey::Email(email) => self.find_by(email_key, email.key()),
            UserKey::Mobile(mobile) => self.find_by(mobile_key, mobile.key()),
        }
    }

    /// Removes the sessions of this person that are not to stay; says how many.
    pub(super) fn close_sessions(&mut self, of: UserId, stays: impl Fn(&Session) -> bool) -> u64 {
        self.remove_sessions(usize::MAX, |session| session.user_id == of && !stays(session))
    }

    /// Removes the sessions of this person but for one, which goes on under this epoch.
    pub(super) fn end_others(&mut self, of: UserId, keep: Option<SessionId>, epoch: i64) {
        self.close_sessions(of, |session| Some(session.id) == keep);
        let kept = keep.and_then(|id| self.sessions.get_mut(&id));
        if let Some(kept) = kept.filter(|session| session.user_id == of) {
            kept.epoch = epoch;
        }
    }

    /// Removes at most `limit` sessions that `goes` is true of; says how many.
    pub(super) fn remove_sessions(&mut self, limit: usize, goes: impl Fn(&Session) -> bool) -> u64 {
        let gone = self.sessions.values().filter(|session| goes(session));
        let gone: Vec<SessionId> = gone.take(limit).map(|session| session.id).collect();
        gone.iter().filter_map(|id| self.sessions.remove(id)).map(|_| 1).sum()
    }

    /// Who these are to each other; those who are gone are left out.
    pub(super) fn people(&self, ids: &[UserId]) -> Vec<Person> {
        ids.iter().filter_map(|id| self.users.get(id)).map(Person::from).collect()
    }

    /// What goes with a person from the chatrooms: its memberships, likes and messages.
    pub(super) fn silence(&mut self, id: UserId) {
        for room in self.rooms.values_mut() {
            room.members.retain(|member| *member != id);
            if room.room.creator == Some(id) {
                room.room.creator = None;
            }
        }
        self.messages.retain(|_, said| said.message.author != id);
        self.messages.values_mut().for_each(|said| said.likers.retain(|liker| *liker != id));
    }

    /// Keeps what follows a change.
    pub(super) fn keep(&mut self, sequel: &Sequel) {
        self.codes.extend(sequel.codes.iter().map(|code| (code.handle_hash, code.clone())));
        let dispatches = sequel.dispatches.iter();
        self.dispatches.extend(dispatches.map(|dispatch| (dispatch.id, dispatch.clone())));
        let events = sequel.events.iter();
        self.events.extend(events.map(|event| Recorded { event: event.clone(), link: None }));
        if let Some(claim) = &sequel.claim
            && let Some(kept) = self.keys.get_mut(&claim.key)
        {
            kept.changed = true;
        }
    }

    /// Whether this holder still has its idempotency key.
    pub(super) fn is_held(&self, claim: &Claim) -> bool {
        self.keys.get(&claim.key).is_some_and(|kept| kept.holder == claim.holder)
    }

    /// Takes away what points to a person in what happened.
    pub(super) fn erase_traits(&mut self, id: UserId) {
        let is_its = |recorded: &&mut Recorded| {
            [recorded.event.actor, recorded.event.subject].contains(&Some(id))
        };
        self.events.iter_mut().filter(is_its).for_each(|recorded| recorded.event.traits = None);
    }

    fn find_by(&self, key_of: KeyOf, key: &str) -> Option<&User> {
        self.users.values().find(|user| key_of(user) == Some(key))
    }
}

fn username_key(user: &User) -> Option<&str> {
    user.username.as_ref().map(Username::key)
}

fn email_key(user: &User) -> Option<&str> {
    user.email.as_ref().map(Email::key)
}

fn mobile_key(user: &User) -> Option<&str> {
    user.mobile.as_ref().map(Mobile::key)
}
