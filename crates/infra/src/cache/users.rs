//! People whose changes are noticed.

use std::sync::Arc;

use async_trait::async_trait;
use domain::page::{Page, PageRequest};
use domain::post::Sequel;
use domain::store::StoreError;
use domain::time::Timestamp;
use domain::users::{
    DirectoryFilter, DirectoryQuery, MatchCursor, PasswordChange, PasswordHash, Prefix, Status,
    User, UserCursor, UserId, UserKey, UserStore,
};

use super::SessionCache;

/// Passes everything on, and lets the cache know of every change.
pub(super) struct WatchedUsers {
    pub(super) inner: Arc<dyn UserStore>,
    pub(super) cache: SessionCache,
}

#[async_trait]
impl UserStore for WatchedUsers {
    async fn add(&self, user: &User, sequel: &Sequel) -> Result<i64, StoreError> {
        self.inner.add(user, sequel).await
    }

    async fn find(&self, key: &UserKey) -> Result<Option<User>, StoreError> {
        self.inner.find(key).await
    }

    async fn replace(&self, user: &User, sequel: &Sequel) -> Result<bool, StoreError> {
        let change = self.cache.change_person(user.id);
        let replaced = self.inner.replace(user, sequel).await;
        change.settle(&replaced);
        replaced
    }

    async fn change_password(&self, wanted: &PasswordChange) -> Result<bool, StoreError> {
        let change = self.cache.change_person(wanted.user_id);
        let changed = self.inner.change_password(wanted).await;
        change.settle(&changed);
        changed
    }

    async fn rehash(
        &self,
        id: UserId,
        old: &PasswordHash,
        new: &PasswordHash,
    ) -> Result<bool, StoreError> {
        let change = self.cache.change_person(id);
        let renewed = self.inner.rehash(id, old, new).await;
        change.settle(&renewed);
        renewed
    }

    async fn set_status(
        &self,
        id: UserId,
        status: Status,
        at: Timestamp,
        sequel: &Sequel,
    ) -> Result<bool, StoreError> {
        let change = self.cache.change_person(id);
        let set = self.inner.set_status(id, status, at, sequel).await;
        change.settle(&set);
        set
    }

    async fn delete(
        &self,
        id: UserId,
        version: Option<i64>,
        sequel: &Sequel,
    ) -> Result<bool, StoreError> {
        let change = self.cache.change_person(id);
        let deleted = self.inner.delete(id, version, sequel).await;
        change.settle(&deleted);
        deleted
    }

    async fn list(
        &self,
        query: &DirectoryQuery,
        page: &PageRequest<UserCursor>,
    ) -> Result<Page<User, UserCursor>, StoreError> {
        self.inner.list(query, page).await
    }

    async fn search(
        &self,
        prefix: &Prefix,
        filter: &DirectoryFilter,
        page: &PageRequest<MatchCursor>,
    ) -> Result<Page<User, MatchCursor>, StoreError> {
        self.inner.search(prefix, filter, page).await
    }

    async fn count(&self, query: &DirectoryQuery) -> Result<u64, StoreError> {
        self.inner.count(query).await
    }

    async fn has_admin(&self) -> Result<bool, StoreError> {
        self.inner.has_admin().await
    }
}
