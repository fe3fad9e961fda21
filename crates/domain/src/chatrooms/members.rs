//! Who is in a room: entering, leaving, and what only members see.

use std::net::IpAddr;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;

use crate::audit::{Action, Entry};
use crate::chatrooms::{ChatroomId, ChatroomKey, ChatroomService, MemberCursor, Person, RoomView};
use crate::page::{Page, PageRequest};
use crate::problem::Problem;
use crate::sessions::{Budget, Client, ThrottleKey};
use crate::users::{User, network};

/// How many wrong passkeys a person may try at one room within [`GUESS_WINDOW`].
const GUESSES: u32 = 10;
/// How many a network may try at all rooms: its people share it, and each has a budget already.
const GUESSES_OF_NETWORK: u32 = 100;
const GUESS_WINDOW: Duration = Duration::from_secs(10 * 60);

impl ChatroomService {
    /// What opens a room, for its members; nothing, where it is public.
    ///
    /// # Errors
    /// `NotFound`, `NotMember`, `Unavailable`.
    pub async fn passkey(
        &self,
        actor: &User,
        key: &ChatroomKey,
    ) -> Result<Option<SecretString>, Problem> {
        self.open_passkey(&self.admitted(actor, key).await?)
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
        let room = self.admitted(actor, key).await?;
        Ok(self.rooms.members(room.id, page).await?)
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
        client: &Client,
    ) -> Result<RoomView, Problem> {
        let (room, is_in) = self.seen_by(actor, key).await?;
        if !is_in {
            if let Some(expected) = self.open_passkey(&room)? {
                self.guess(actor, room.id, &expected, passkey, client).await?;
            }
            let joined = self.ledger.nothing();
            self.rooms.join(room.id, actor.id, self.clock.now(), &joined).await?;
        }
        self.find(&ChatroomKey::Id(room.id)).await
    }

    /// Compares a passkey. A guess is taken from each budget *before*, so that parallel guesses cannot
    /// all see the same remainder, and given back if it was right.
    async fn guess(
        &self,
        actor: &User,
        room: ChatroomId,
        expected: &SecretString,
        passkey: &str,
        client: &Client,
    ) -> Result<(), Problem> {
        let (name, limit) = ("passkey", GUESSES);
        let key = ThrottleKey::new(name, &format!("{} {room}", actor.id));
        let of_person = Budget { name, key, limit, window: GUESS_WINDOW };
        let of_network = client.address.map(of_network);
        if let Some(budget) = &of_network {
            self.gate.pass(budget, client).await?;
        }
        let taken = self.gate.pass(&of_person, client).await;
        let is_right = expected.expose_secret().as_bytes().ct_eq(passkey.as_bytes());
        if taken.is_ok() && !bool::from(is_right) {
            self.ledger.note(Entry::of(Action::Passkey).by(actor.id).failed("wrong")).await?;
            return Err(Problem::WrongPasskey);
        }
        // What was taken is no guess: the passkey was right, or was not compared at all.
        for budget in of_network.iter().chain(taken.is_ok().then_some(&of_person)) {
            self.gate.give_back(budget, client).await?;
        }
        taken
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

fn of_network(address: IpAddr) -> Budget {
    let key = ThrottleKey::new("passkeys of network", &network(address));
    let (name, limit) = ("passkey-network", GUESSES_OF_NETWORK);
    Budget { name, key, limit, window: GUESS_WINDOW }
}
