//! The service of chatrooms: the checks that everything in it begins with.

use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};

use crate::Ports;
use crate::audit::Ledger;
use crate::chatrooms::{
    Chatroom, ChatroomId, ChatroomKey, ChatroomStore, Doorbell, MessageKey, MessageStore,
    MessageView, RoomView,
};
use crate::entropy::Entropy;
use crate::problem::{Problem, Thing};
use crate::sealing::{Sealed, Sealer};
use crate::sessions::Gate;
use crate::time::Clock;
use crate::users::{Turns, User};

/// How often a change that names no version is tried again when the row changes under it.
pub(super) const ATTEMPTS: usize = 8;

/// Serves every surface alike; whoever calls is named by `actor`.
pub struct ChatroomService {
    pub(super) rooms: Arc<dyn ChatroomStore>,
    pub(super) messages: Arc<dyn MessageStore>,
    pub(super) doorbell: Arc<dyn Doorbell>,
    pub(super) sealer: Arc<dyn Sealer>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) entropy: Arc<dyn Entropy>,
    pub(super) gate: Gate,
    pub(super) turns: Turns,
    pub(super) ledger: Ledger,
}

impl ChatroomService {
    /// Built once by [`Services`](crate::Services).
    pub(crate) fn new(ports: &Ports, gate: Gate) -> Self {
        Self {
            rooms: Arc::clone(&ports.chatrooms),
            messages: Arc::clone(&ports.messages),
            doorbell: Arc::clone(&ports.doorbell),
            sealer: Arc::clone(&ports.sealer),
            clock: Arc::clone(&ports.clock),
            entropy: Arc::clone(&ports.entropy),
            gate,
            turns: Turns::default(),
            ledger: Ledger::new(ports),
        }
    }

    /// One room, whoever asks: surfaces show strangers a part only.
    ///
    /// # Errors
    /// `NotFound`, `Unavailable`.
    pub async fn find(&self, key: &ChatroomKey) -> Result<RoomView, Problem> {
        self.rooms.find(key).await?.ok_or(Problem::NotFound(Thing::Chatroom))
    }

    /// The room with all who are in it, if the person is one of them.
    ///
    /// # Errors
    /// `NotFound`, `NotMember`, `Unavailable`.
    pub async fn entered(&self, actor: &User, key: &ChatroomKey) -> Result<RoomView, Problem> {
        let view = self.find(key).await?;
        if view.has(actor.id) { Ok(view) } else { Err(Problem::NotMember) }
    }

    /// As [`entered`](Self::entered), for who needs to know no more of a room than what it is: nobody
    /// in it is read, and nothing counted.
    ///
    /// # Errors
    /// `NotFound`, `NotMember`, `Unavailable`.
    pub async fn admitted(&self, actor: &User, key: &ChatroomKey) -> Result<Chatroom, Problem> {
        let (room, is_in) = self.seen_by(actor, key).await?;
        if is_in { Ok(room) } else { Err(Problem::NotMember) }
    }

    pub(super) async fn seen_by(
        &self,
        actor: &User,
        key: &ChatroomKey,
    ) -> Result<(Chatroom, bool), Problem> {
        self.rooms.seen_by(key, actor.id).await?.ok_or(Problem::NotFound(Thing::Chatroom))
    }

    /// Whether the person is in the room now.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn is_member(&self, actor: &User, id: ChatroomId) -> Result<bool, Problem> {
        Ok(self.rooms.is_member(id, actor.id).await?)
    }

    /// A message, if the person is in its room.
    pub(super) async fn read(
        &self,
        actor: &User,
        key: &MessageKey,
    ) -> Result<MessageView, Problem> {
        let view = self.any_message(key).await?;
        if self.rooms.is_member(view.message.chatroom_id, actor.id).await? {
            Ok(view)
        } else {
            Err(Problem::NotMember)
        }
    }

    /// A message, if the person said it: the one place that says who may change it.
    pub(super) async fn own(&self, actor: &User, key: &MessageKey) -> Result<MessageView, Problem> {
        let view = self.any_message(key).await?;
        if view.message.author == actor.id {
            Ok(view)
        } else {
            Err(Problem::NotYours(Thing::Message))
        }
    }

    async fn any_message(&self, key: &MessageKey) -> Result<MessageView, Problem> {
        self.messages.find(key).await?.ok_or(Problem::NotFound(Thing::Message))
    }

    /// Whether the person may remove the room or change its passkey.
    pub(super) fn ensure_owner(actor: &User, room: &Chatroom) -> Result<(), Problem> {
        if room.creator == Some(actor.id) || actor.is_admin() {
            Ok(())
        } else {
            Err(Problem::NotYours(Thing::Chatroom))
        }
    }

    pub(super) fn seal_passkey(
        &self,
        id: ChatroomId,
        passkey: Option<SecretString>,
    ) -> Result<Option<Sealed>, Problem> {
        let seal = |key: SecretString| {
            self.sealer.seal(&passkey_purpose(id), key.expose_secret().as_bytes())
        };
        Ok(passkey.map(seal).transpose()?)
    }

    /// The passkey in the clear.
    pub(super) fn open_passkey(&self, room: &Chatroom) -> Result<Option<SecretString>, Problem> {
        let Some(sealed) = &room.passkey else { return Ok(None) };
        let plain = self.sealer.open(&passkey_purpose(room.id), sealed)?;
        let text = String::from_utf8_lossy(&plain).into_owned();
        Ok(Some(text.into()))
    }
}

/// What a passkey is bound to: one that is copied into another room's row opens nothing.
pub(crate) fn passkey_purpose(id: ChatroomId) -> String {
    format!("passkey {id}")
}
