//! What may be done with rooms: making, listing, changing and removing them.

use std::collections::{HashMap, HashSet};

use crate::chatrooms::service::ATTEMPTS;
use crate::chatrooms::{
    Chatroom, ChatroomId, ChatroomKey, ChatroomService, RoomCursor, RoomView, values,
};
use crate::entropy::uuid;
use crate::page::{Page, PageRequest};
use crate::problem::{Fault, Field, FieldError, Problem};
use crate::users::{Change, User, UserId};

/// How many people a room may be made with, beside who makes it.
const MOST_MEMBERS: usize = 1_000;
/// How much of what is nobody's id is repeated, in characters.
const MOST_SHOWN: usize = 64;

/// How a member is named by who makes a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MemberKey {
    /// By id.
    Id(UserId),
    /// By number.
    Number(i64),
    /// By something that can be nobody's.
    Nobody(String),
}

/// A room about to be, as it was sent.
#[derive(Debug, Clone, Default)]
pub struct NewRoom {
    /// 1–20 characters.
    pub name: Option<String>,
    /// At most 20 characters; none or an empty one makes the room public.
    pub passkey: Option<String>,
    /// Who is to be in it, beside who makes it.
    pub members: Vec<MemberKey>,
}

/// A change to a room, as it was sent.
#[derive(Debug, Clone, Default)]
pub struct RoomChange {
    /// For members; cannot be cleared.
    pub name: Change<String>,
    /// For who made the room, and administrators.
    pub passkey: Change<String>,
}

impl ChatroomService {
    /// Makes a room; whoever makes it is in it.
    ///
    /// # Errors
    /// `Invalid` with all faults at once, unknown members among them; `Unavailable`.
    pub async fn create(&self, actor: &User, sent: &NewRoom) -> Result<RoomView, Problem> {
        let mut faults = Vec::new();
        let mut take = |field, fault| faults.push(FieldError::new(field, fault));
        let name = values::name(sent.name.as_deref().unwrap_or_default());
        let name = name.map_err(|fault| {
            take(Field::Name, if sent.name.is_none() { Fault::Missing } else { fault });
        });
        let passkey = values::passkey(sent.passkey.as_deref().unwrap_or_default());
        let passkey = passkey.map_err(|fault| take(Field::Passkey, fault));
        let members = self.people(actor, &sent.members).await?;
        let members = members.map_err(|unfit| {
            unfit.into_iter().for_each(|fault| take(Field::Members, fault));
        });
        let (Ok(name), Ok(passkey), Ok(members)) = (name, passkey, members) else {
            return Err(Problem::Invalid(faults));
        };
        let now = self.clock.now();
        let id = ChatroomId(uuid(self.entropy.as_ref(), now)?);
        let passkey = self.seal_passkey(id, passkey)?;
        let (created_at, updated_at, creator) = (now, now, Some(actor.id));
        let room =
            Chatroom { id, number: 0, name, passkey, creator, created_at, updated_at, version: 1 };
        self.rooms.create(&room, &members, &self.ledger.nothing()).await?;
        self.find(&ChatroomKey::Id(id)).await
    }

    /// Who is to be in a room, each once and who makes it first; or all that are nobody.
    async fn people(
        &self,
        actor: &User,
        keys: &[MemberKey],
    ) -> Result<Result<Vec<UserId>, Vec<Fault>>, Problem> {
        if keys.len() > MOST_MEMBERS {
            return Ok(Err(vec![Fault::TooMany(MOST_MEMBERS)]));
        }
        let (mut ids, mut numbers) = (Vec::new(), Vec::new());
        for key in keys {
            match key {
                MemberKey::Id(id) => ids.push(*id),
                MemberKey::Number(number) => numbers.push(*number),
                MemberKey::Nobody(_) => {}
            }
        }
        let known = self.rooms.known(&ids, &numbers).await?;
        let by_number: HashMap<i64, UserId> = known.iter().map(|(id, n)| (*n, *id)).collect();
        let ids: HashSet<UserId> = known.into_iter().map(|(id, _)| id).collect();
        let (mut members, mut unfit) = (vec![actor.id], Vec::new());
        let mut seen = HashSet::from([actor.id]);
        for key in keys {
            let found = match key {
                MemberKey::Id(id) => ids.get(id).ok_or_else(|| id.to_string()),
                MemberKey::Number(number) => {
                    by_number.get(number).ok_or_else(|| number.to_string())
                }
                MemberKey::Nobody(text) => Err(text.chars().take(MOST_SHOWN).collect()),
            };
            match found {
                Ok(id) if seen.insert(*id) => members.push(*id),
                Ok(_) => {}
                Err(shown) => unfit.push(Fault::Nobody(shown)),
            }
        }
        Ok(if unfit.is_empty() { Ok(members) } else { Err(unfit) })
    }

    /// A page of all rooms.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn list(
        &self,
        page: &PageRequest<RoomCursor>,
    ) -> Result<Page<RoomView, RoomCursor>, Problem> {
        Ok(self.rooms.list(None, page).await?)
    }

    /// A page of the rooms that a person is in.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn rooms_of(
        &self,
        user: UserId,
        page: &PageRequest<RoomCursor>,
    ) -> Result<Page<RoomView, RoomCursor>, Problem> {
        Ok(self.rooms.list(Some(user), page).await?)
    }

    /// Changes a room: its name by any member, its passkey by who made it or an administrator. With
    /// `version` only if the row still has it.
    ///
    /// # Errors
    /// `NotFound`, `NotMember`, `NotYours`, `VersionMismatch`, `Contended`, `Invalid`, `Unavailable`.
    pub async fn change(
        &self,
        actor: &User,
        key: &ChatroomKey,
        version: Option<i64>,
        change: &RoomChange,
    ) -> Result<RoomView, Problem> {
        let mut turn = None;
        for _ in 0..ATTEMPTS {
            let view = self.entered(actor, key).await?;
            if change.passkey.is_some() {
                Self::ensure_owner(actor, &view.room)?;
            }
            if version.is_some_and(|version| version != view.room.version) {
                return Err(Problem::VersionMismatch);
            }
            let room = self.changed(view.room.clone(), change)?;
            if room == view.room {
                return Ok(view);
            }
            let room = Chatroom { version: room.version + 1, updated_at: self.clock.now(), ..room };
            if self.rooms.replace(&room, &self.ledger.nothing()).await? {
                return Ok(RoomView { room, ..view });
            }
            if turn.is_none() {
                turn = Some(self.turns.take(room.id.0).await);
            }
        }
        Err(Problem::Contended)
    }

    fn changed(&self, mut room: Chatroom, change: &RoomChange) -> Result<Chatroom, Problem> {
        let mut faults = Vec::new();
        match &change.name {
            Change::Keep => {}
            Change::Clear => faults.push(FieldError::new(Field::Name, Fault::Missing)),
            Change::Set(raw) => match values::name(raw) {
                Ok(name) => room.name = name,
                Err(fault) => faults.push(FieldError::new(Field::Name, fault)),
            },
        }
        match &change.passkey {
            Change::Keep => {}
            Change::Clear => room.passkey = None,
            Change::Set(raw) => match values::passkey(raw) {
                Ok(passkey) => room.passkey = self.seal_passkey(room.id, passkey)?,
                Err(fault) => faults.push(FieldError::new(Field::Passkey, fault)),
            },
        }
        if faults.is_empty() { Ok(room) } else { Err(Problem::Invalid(faults)) }
    }

    /// Removes a room with all that was said in it, by who made it or an administrator; gives it back
    /// as it was. With `version` only if the row still has it.
    ///
    /// # Errors
    /// `NotFound`, `NotYours`, `VersionMismatch`, `Unavailable`.
    pub async fn delete(
        &self,
        actor: &User,
        key: &ChatroomKey,
        version: Option<i64>,
    ) -> Result<RoomView, Problem> {
        let view = self.find(key).await?;
        Self::ensure_owner(actor, &view.room)?;
        if self.rooms.delete(view.room.id, version).await? {
            return Ok(view);
        }
        // Nothing was removed: either it is gone, or the row has another version.
        self.find(&ChatroomKey::Id(view.room.id)).await.and(Err(Problem::VersionMismatch))
    }
}
