//! Messages in memory.

use async_trait::async_trait;
use domain::chatrooms::{
    ChatroomId, Message, MessageCursor, MessageId, MessageKey, MessageStore, MessageView, Posted,
};
use domain::page::{Page, PageRequest};
use domain::post::Sequel;
use domain::store::StoreError;
use domain::time::Timestamp;
use domain::users::{UserId, long_search_key};

use super::Shared;
use super::state::{Said, State};

#[async_trait]
impl MessageStore for Shared {
    async fn post(&self, message: &Message, sequel: &Sequel) -> Result<Option<Posted>, StoreError> {
        let mut state = self.state_for(sequel)?;
        let room = state.rooms.get_mut(&message.chatroom_id);
        let Some(room) = room.filter(|room| room.members.contains(&message.author)) else {
            return Ok(None);
        };
        room.last_sequence += 1;
        let sequence = room.last_sequence;
        state.last_message += 1;
        let number = state.last_message;
        let message = Message { number, sequence, ..message.clone() };
        state.messages.insert(message.id, Said { message, likers: Vec::new() });
        state.keep(sequel);
        Ok(Some(Posted { number, sequence }))
    }

    async fn find(&self, key: &MessageKey) -> Result<Option<MessageView>, StoreError> {
        let state = self.state()?;
        let found = state.messages.values().find(|said| match key {
            MessageKey::Id(id) => said.message.id == *id,
            MessageKey::Number(number) => said.message.number == *number,
        });
        Ok(found.and_then(|said| view(&state, said)))
    }

    async fn edit(&self, message: &Message, sequel: &Sequel) -> Result<bool, StoreError> {
        let mut state = self.state_for(sequel)?;
        let said = state.messages.get_mut(&message.id);
        let said = said.filter(|said| said.message.version.checked_add(1) == Some(message.version));
        let Some(said) = said else { return Ok(false) };
        said.message.text = message.text.clone();
        said.message.updated_at = message.updated_at;
        said.message.version = message.version;
        state.keep(sequel);
        Ok(true)
    }

    async fn delete(&self, id: MessageId, version: Option<i64>) -> Result<bool, StoreError> {
        let mut state = self.state()?;
        let said = state.messages.get(&id);
        if said.is_none_or(|said| version.is_some_and(|version| version != said.message.version)) {
            return Ok(false);
        }
        Ok(state.messages.remove(&id).is_some())
    }

    async fn like(
        &self,
        id: MessageId,
        user: UserId,
        likes: bool,
        _: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut state = self.state()?;
        let exists = state.users.contains_key(&user);
        let Some(said) = state.messages.get_mut(&id).filter(|_| exists) else { return Ok(false) };
        let is_new = said.likers.contains(&user) != likes;
        said.likers.retain(|liker| *liker != user);
        if likes {
            said.likers.push(user);
        }
        Ok(is_new)
    }

    async fn toggle_like(
        &self,
        id: MessageId,
        user: UserId,
        _: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut state = self.state()?;
        let exists = state.users.contains_key(&user);
        let Some(said) = state.messages.get_mut(&id).filter(|_| exists) else { return Ok(false) };
        let before = said.likers.len();
        said.likers.retain(|liker| *liker != user);
        let likes = said.likers.len() == before;
        said.likers.extend(likes.then_some(user));
        Ok(likes)
    }

    async fn after(
        &self,
        room: ChatroomId,
        after: i64,
        limit: u16,
    ) -> Result<Vec<MessageView>, StoreError> {
        let state = self.state()?;
        let mut found =
            views(&state, |message| message.chatroom_id == room && message.sequence > after);
        found.sort_by_key(|view| view.message.sequence);
        found.truncate(limit.into());
        Ok(found)
    }

    async fn before(
        &self,
        room: ChatroomId,
        before: Option<i64>,
        limit: u16,
    ) -> Result<Vec<MessageView>, StoreError> {
        let state = self.state()?;
        let found = views(&state, |message| {
            message.chatroom_id == room && before.is_none_or(|before| message.number < before)
        });
        let surplus = found.len().saturating_sub(limit.into());
        Ok(found.into_iter().skip(surplus).collect())
    }

    async fn page<'a>(
        &self,
        room: ChatroomId,
        part: Option<&'a str>,
        page: &PageRequest<MessageCursor>,
    ) -> Result<Page<MessageView, MessageCursor>, StoreError> {
        let part = part.map(long_search_key);
        let holds = |text: &str| {
            part.as_ref().is_none_or(|part| long_search_key(text).contains(part.as_str()))
        };
        let state = self.state()?;
        let found = views(&state, |message| message.chatroom_id == room && holds(&message.text));
        Ok(paged(found, page))
    }

    async fn latest_of(&self, user: UserId) -> Result<Vec<MessageView>, StoreError> {
        let state = self.state()?;
        let rooms = state.rooms.values().filter(|kept| kept.members.contains(&user));
        let last = |id: ChatroomId| {
            views(&state, |message| message.chatroom_id == id).into_iter().next_back()
        };
        let mut found: Vec<MessageView> = rooms.filter_map(|kept| last(kept.room.id)).collect();
        found.sort_by_key(|view| view.message.number);
        Ok(found)
    }

    async fn written_by(
        &self,
        user: UserId,
        page: &PageRequest<MessageCursor>,
    ) -> Result<Page<MessageView, MessageCursor>, StoreError> {
        let state = self.state()?;
        let is_in = |id| state.rooms.get(&id).is_some_and(|kept| kept.members.contains(&user));
        let found = views(&state, |message| message.author == user && is_in(message.chatroom_id));
        Ok(paged(found, page))
    }
}

/// The messages that `is_asked_for` is true of, by number.
fn views(state: &State, is_asked_for: impl Fn(&Message) -> bool) -> Vec<MessageView> {
    let found = state.messages.values().filter(|said| is_asked_for(&said.message));
    let mut found: Vec<MessageView> = found.filter_map(|said| view(state, said)).collect();
    found.sort_by_key(|view| view.message.number);
    found
}

fn view(state: &State, said: &Said) -> Option<MessageView> {
    Some(MessageView {
        message: said.message.clone(),
        author: state.people(&[said.message.author]).pop()?,
        room_name: state.rooms.get(&said.message.chatroom_id)?.room.name.clone(),
        likers: state.people(&said.likers),
    })
}

fn paged(
    found: Vec<MessageView>,
    page: &PageRequest<MessageCursor>,
) -> Page<MessageView, MessageCursor> {
    let follows =
        |view: &MessageView| page.after.is_none_or(|last| view.message.number > last.number);
    let rows = found.into_iter().filter(follows).take(page.limit() + 1).collect();
    Page::from_surplus(rows, page.limit(), |view: &MessageView| MessageCursor {
        number: view.message.number,
    })
}
