//! What may be done with rooms: making, entering, leaving, changing and removing them.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;

use crate::chatrooms::service::ATTEMPTS;
use crate::chatrooms::{
    Chatroom, ChatroomId, ChatroomKey, ChatroomService, MemberCursor, Person, RoomCursor, RoomView,
    values,
};
use crate::entropy::uuid;
use crate::page::{Page, PageRequest};
use crate::problem::{Fault, Field, FieldError, Problem};
use crate::sessions::ThrottleKey;
use crate::users::{Change, User, UserId, UserKey};

/// How many passkeys a person may try at one room within [`GUESS_WINDOW`].
const GUESSES: u32 = 10;
const GUESS_WINDOW: Duration = Duration::from_secs(10 * 60);

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
        let mut members = vec![actor.id];
        for key in &sent.members {
            match self.person(key).await? {
                Ok(id) if members.contains(&id) => {}
                Ok(id) => members.push(id),
                Err(fault) => take(Field::Members, fault),
            }
        }
        let (Ok(name), Ok(passkey), true) = (name, passkey, faults.is_empty()) else {
            return Err(Problem::Invalid(faults));
        };
        let now = self.clock.now();
        let id = ChatroomId(uuid(self.entropy.as_ref(), now)?);
        let passkey = self.seal_passkey(id, passkey)?;
        let (created_at, updated_at, creator) = (now, now, Some(actor.id));
        let room =
            Chatroom { id, number: 0, name, passkey, creator, created_at, updated_at, version: 1 };
        self.rooms.create(&room, &members).await?;
        self.find(&ChatroomKey::Id(id)).await
    }

    /// The person that a member is named as, or that nobody is.
    async fn person(&self, key: &MemberKey) -> Result<Result<UserId, Fault>, Problem> {
        let (key, shown) = match key {
            MemberKey::Id(id) => (UserKey::Id(*id), id.to_string()),
            MemberKey::Number(number) => (UserKey::Number(*number), number.to_string()),
            MemberKey::Nobody(text) => {
                return Ok(Err(Fault::Nobody(text.chars().take(64).collect())));
            }
        };
        let found = self.users.find(&key).await?;
        Ok(found.map(|user| user.id).ok_or(Fault::Nobody(shown)))
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

    /// What opens a room, for its members; nothing, where it is public.
    ///
    /// # Errors
    /// `NotFound`, `NotMember`, `Unavailable`.
    pub async fn passkey(
        &self,
        actor: &User,
        key: &ChatroomKey,
    ) -> Result<Option<SecretString>, Problem> {
        self.open_passkey(&self.entered(actor, key).await?.room)
    }

    /// A page of the members, for members.
    ///
    /// # Errors
    /// `NotFound`, `NotMember`, `Unavailable`.
    pub async fn members(
        &self,
        actor: &User,
        key: &ChatroomKey,
        page: &PageRequest<MemberCursor>,
    ) -> Result<Page<Person, MemberCursor>, Problem> {
        let room = self.entered(actor, key).await?.room;
        Ok(self.rooms.members(room.id, page).await?)
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
            if self.rooms.replace(&room).await? {
                return Ok(RoomView { room, ..view });
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

    /// Enters a room; a private one with its passkey. Who is in it already stays in it.
    ///
    /// # Errors
    /// `NotFound`, `WrongPasskey`, `Throttled`, `Unavailable`.
    pub async fn join(
        &self,
        actor: &User,
        key: &ChatroomKey,
        passkey: &str,
    ) -> Result<RoomView, Problem> {
        let view = self.find(key).await?;
        if view.has(actor.id) {
            return Ok(view);
        }
        if let Some(expected) = self.open_passkey(&view.room)? {
            let guess = ThrottleKey::new("passkey", &format!("{} {}", actor.id, view.room.id));
            self.gate.pass(guess, GUESSES, GUESS_WINDOW).await?;
            let expected = expected.expose_secret().as_bytes();
            if !bool::from(expected.ct_eq(passkey.as_bytes())) {
                return Err(Problem::WrongPasskey);
            }
        }
        self.rooms.join(view.room.id, actor.id, self.clock.now()).await?;
        self.find(&ChatroomKey::Id(view.room.id)).await
    }

    /// Leaves a room.
    ///
    /// # Errors
    /// `NotFound`, `NotMember`, `Unavailable`.
    pub async fn leave(&self, actor: &User, key: &ChatroomKey) -> Result<RoomView, Problem> {
        let mut view = self.entered(actor, key).await?;
        if !self.rooms.leave(view.room.id, actor.id).await? {
            return Err(Problem::NotMember);
        }
        view.members.retain(|member| member.id != actor.id);
        Ok(view)
    }
}
