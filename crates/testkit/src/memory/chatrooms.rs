//! Chatrooms in memory.

use async_trait::async_trait;
use domain::chatrooms::{
    Chatroom, ChatroomId, ChatroomKey, ChatroomStore, MemberCursor, Person, RoomCursor, RoomView,
};
use domain::page::{Page, PageRequest};
use domain::post::Sequel;
use domain::store::StoreError;
use domain::time::Timestamp;
use domain::users::UserId;

use super::Shared;
use super::state::{Room, State};

#[async_trait]
impl ChatroomStore for Shared {
    async fn create(
        &self,
        room: &Chatroom,
        members: &[UserId],
        sequel: &Sequel,
    ) -> Result<i64, StoreError> {
        let mut state = self.state_for(sequel)?;
        state.keep(sequel);
        state.last_room += 1;
        let number = state.last_room;
        let members = members.iter().filter(|id| state.users.contains_key(id)).copied().collect();
        let room = Chatroom { number, ..room.clone() };
        state.rooms.insert(room.id, Room { room, members, last_sequence: 0 });
        Ok(number)
    }

    async fn find(&self, key: &ChatroomKey) -> Result<Option<RoomView>, StoreError> {
        let state = self.state()?;
        Ok(find(&state, key).map(|room| view(&state, room)))
    }

    async fn seen_by(
        &self,
        key: &ChatroomKey,
        user: UserId,
    ) -> Result<Option<(Chatroom, bool)>, StoreError> {
        let state = self.state()?;
        Ok(find(&state, key).map(|kept| (kept.room.clone(), kept.members.contains(&user))))
    }

    async fn known(
        &self,
        ids: &[UserId],
        numbers: &[i64],
    ) -> Result<Vec<(UserId, i64)>, StoreError> {
        let state = self.state()?;
        let known = state.users.values();
        let known = known.filter(|user| ids.contains(&user.id) || numbers.contains(&user.number));
        Ok(known.map(|user| (user.id, user.number)).collect())
    }

    async fn list(
        &self,
        member: Option<UserId>,
        page: &PageRequest<RoomCursor>,
    ) -> Result<Page<RoomView, RoomCursor>, StoreError> {
        let state = self.state()?;
        let mut found: Vec<&Room> = state
            .rooms
            .values()
            .filter(|kept| member.is_none_or(|id| kept.members.contains(&id)))
            .filter(|kept| page.after.is_none_or(|last| kept.room.number > last.number))
            .collect();
        found.sort_by_key(|kept| kept.room.number);
        let rows = found.into_iter().take(page.limit() + 1).map(|room| view(&state, room));
        Ok(Page::from_surplus(rows.collect(), page.limit(), |view: &RoomView| RoomCursor {
            number: view.room.number,
        }))
    }

    async fn replace(&self, room: &Chatroom, sequel: &Sequel) -> Result<bool, StoreError> {
        let mut state = self.state_for(sequel)?;
        let Some(kept) = state.rooms.get_mut(&room.id) else { return Ok(false) };
        if kept.room.version.checked_add(1) != Some(room.version) {
            return Ok(false);
        }
        kept.room = Chatroom {
            name: room.name.clone(),
            passkey: room.passkey.clone(),
            updated_at: room.updated_at,
            version: room.version,
            ..kept.room.clone()
        };
        state.keep(sequel);
        Ok(true)
    }

    async fn delete(&self, id: ChatroomId, version: Option<i64>) -> Result<bool, StoreError> {
        let mut state = self.state()?;
        let kept = state.rooms.get(&id);
        if kept.is_none_or(|kept| version.is_some_and(|version| version != kept.room.version)) {
            return Ok(false);
        }
        state.messages.retain(|_, said| said.message.chatroom_id != id);
        Ok(state.rooms.remove(&id).is_some())
    }

    async fn join(
        &self,
        id: ChatroomId,
        user: UserId,
        _: Timestamp,
        sequel: &Sequel,
    ) -> Result<bool, StoreError> {
        let mut state = self.state_for(sequel)?;
        let exists = state.users.contains_key(&user);
        let Some(kept) = state.rooms.get_mut(&id).filter(|_| exists) else { return Ok(false) };
        let is_new = !kept.members.contains(&user);
        if is_new {
            kept.members.push(user);
            state.keep(sequel);
        }
        Ok(is_new)
    }

    async fn leave(&self, id: ChatroomId, user: UserId) -> Result<bool, StoreError> {
        let mut state = self.state()?;
        let Some(kept) = state.rooms.get_mut(&id) else { return Ok(false) };
        let before = kept.members.len();
        kept.members.retain(|member| *member != user);
        Ok(kept.members.len() < before)
    }

    async fn is_member(&self, id: ChatroomId, user: UserId) -> Result<bool, StoreError> {
        Ok(self.state()?.rooms.get(&id).is_some_and(|kept| kept.members.contains(&user)))
    }

    async fn members(
        &self,
        id: ChatroomId,
        page: &PageRequest<MemberCursor>,
    ) -> Result<Page<Person, MemberCursor>, StoreError> {
        let state = self.state()?;
        let members = state.rooms.get(&id).map(|kept| state.people(&kept.members));
        let mut members = members.unwrap_or_default();
        members.retain(|person| page.after.is_none_or(|last| person.number > last.number));
        members.sort_by_key(|person| person.number);
        Ok(Page::from_surplus(members, page.limit(), |person| MemberCursor {
            number: person.number,
        }))
    }

    async fn latest(&self, rooms: &[ChatroomId]) -> Result<Vec<(ChatroomId, i64)>, StoreError> {
        let state = self.state()?;
        let latest = |id: &ChatroomId| state.rooms.get(id).map(|kept| (*id, kept.last_sequence));
        Ok(rooms.iter().filter_map(latest).collect())
    }
}

fn find<'a>(state: &'a State, key: &ChatroomKey) -> Option<&'a Room> {
    state.rooms.values().find(|kept| match key {
        ChatroomKey::Id(id) => kept.room.id == *id,
        ChatroomKey::Number(number) => kept.room.number == *number,
    })
}

fn view(state: &State, kept: &Room) -> RoomView {
    let said = state.messages.values().filter(|said| said.message.chatroom_id == kept.room.id);
    RoomView {
        room: kept.room.clone(),
        members: state.people(&kept.members),
        message_count: said.map(|_| 1).sum(),
    }
}
