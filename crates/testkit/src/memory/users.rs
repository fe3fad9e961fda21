//! People in memory.

use async_trait::async_trait;
use domain::page::{Page, PageRequest};
use domain::post::Sequel;
use domain::store::StoreError;
use domain::time::Timestamp;
use domain::users::{
    DirectoryFilter, DirectoryQuery, MatchCursor, PasswordChange, PasswordHash, Prefix, Status,
    User, UserCursor, UserId, UserKey, UserStore,
};

use super::{Shared, directory};

#[async_trait]
impl UserStore for Shared {
    async fn add(&self, user: &User, sequel: &Sequel) -> Result<i64, StoreError> {
        let mut state = self.state_for(sequel)?;
        state.check_unique(user)?;
        if state.users.contains_key(&user.id) {
            return Err(StoreError::unavailable("there is a person with this id already"));
        }
        state.last_number += 1;
        let number = state.last_number;
        state.users.insert(user.id, User { number, ..user.clone() });
        state.keep(sequel);
        Ok(number)
    }

    async fn find(&self, key: &UserKey) -> Result<Option<User>, StoreError> {
        Ok(self.state()?.find(key).cloned())
    }

    async fn replace(&self, user: &User, sequel: &Sequel) -> Result<bool, StoreError> {
        let mut state = self.state_for(sequel)?;
        let Some(present) = state.users.get(&user.id) else { return Ok(false) };
        if present.version.checked_add(1) != Some(user.version) {
            return Ok(false);
        }
        let (number, password_hash) = (present.number, present.password_hash.clone());
        state.check_unique(user)?;
        state.users.insert(user.id, User { number, password_hash, ..user.clone() });
        state.close_sessions(user.id, |session| session.epoch == user.epoch);
        state.keep(sequel);
        Ok(true)
    }

    async fn change_password(&self, change: &PasswordChange) -> Result<bool, StoreError> {
        let mut state = self.state_for(&change.sequel)?;
        let Some(user) = state.users.get_mut(&change.user_id) else { return Ok(false) };
        if user.password_hash != change.old_hash {
            return Ok(false);
        }
        user.password_hash = change.new_hash.clone();
        let epoch = end_epoch(user);
        note_change(user, change.at);
        state.end_others(change.user_id, change.keep, epoch);
        state.keep(&change.sequel);
        Ok(true)
    }

    async fn rehash(
        &self,
        id: UserId,
        old: &PasswordHash,
        new: &PasswordHash,
    ) -> Result<bool, StoreError> {
        let mut state = self.state()?;
        let user = state.users.get_mut(&id).filter(|user| user.password_hash == *old);
        Ok(user.map(|user| user.password_hash = new.clone()).is_some())
    }

    async fn set_status(
        &self,
        id: UserId,
        status: Status,
        at: Timestamp,
        sequel: &Sequel,
    ) -> Result<bool, StoreError> {
        let mut state = self.state_for(sequel)?;
        let Some(user) = state.users.get_mut(&id) else { return Ok(false) };
        user.status = status;
        note_change(user, at);
        if status != Status::Active {
            end_epoch(user);
            state.close_sessions(id, |_| false);
        }
        state.keep(sequel);
        Ok(true)
    }

    async fn delete(
        &self,
        id: UserId,
        version: Option<i64>,
        sequel: &Sequel,
    ) -> Result<bool, StoreError> {
        let mut state = self.state_for(sequel)?;
        let Some(user) = state.users.get(&id) else { return Ok(false) };
        if version.is_some_and(|version| version != user.version) {
            return Ok(false);
        }
        state.users.remove(&id);
        state.close_sessions(id, |_| false);
        state.codes.retain(|_, code| code.user_id != Some(id));
        let orphans = state.books.values_mut().filter(|book| book.added_by == Some(id));
        orphans.for_each(|book| book.added_by = None);
        state.keys.retain(|_, kept| kept.principal != Some(id));
        state.silence(id);
        state.erase_traits(id);
        state.keep(sequel);
        Ok(true)
    }

    async fn list(
        &self,
        query: &DirectoryQuery,
        page: &PageRequest<UserCursor>,
    ) -> Result<Page<User, UserCursor>, StoreError> {
        Ok(directory::page(self.state()?.users.values(), query, page))
    }

    async fn search(
        &self,
        prefix: &Prefix,
        filter: &DirectoryFilter,
        page: &PageRequest<MatchCursor>,
    ) -> Result<Page<User, MatchCursor>, StoreError> {
        Ok(directory::search(self.state()?.users.values(), prefix, filter, page))
    }

    async fn count(&self, query: &DirectoryQuery) -> Result<u64, StoreError> {
        let state = self.state()?;
        Ok(state.users.values().filter(|user| directory::asks_for(query, user)).map(|_| 1).sum())
    }

    async fn has_admin(&self) -> Result<bool, StoreError> {
        let state = self.state()?;
        Ok(state.users.values().any(|user| user.is_admin() && user.status == Status::Active))
    }
}

pub(super) fn note_change(user: &mut User, at: Timestamp) {
    user.version += 1;
    user.updated_at = at;
}

pub(super) fn end_epoch(user: &mut User) -> i64 {
    user.epoch += 1;
    user.epoch
}
