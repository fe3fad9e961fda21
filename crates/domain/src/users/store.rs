//! The port behind which people are kept.

use async_trait::async_trait;

use crate::page::{Page, PageRequest};
use crate::post::Sequel;
use crate::sessions::SessionId;
use crate::store::StoreError;
use crate::time::Timestamp;
use crate::users::{
    DirectoryFilter, DirectoryQuery, MatchCursor, PasswordHash, Prefix, Status, User, UserCursor,
    UserId, UserKey,
};

/// Keeps people. Every method happens entirely or not at all.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait UserStore: Send + Sync {
    /// Adds a person, with what follows, and returns its number: greater than every number given
    /// before, whatever became of those people. `user.number` is not looked at.
    ///
    /// # Errors
    /// `Conflict` names the identifier (username, e-mail or mobile) whose key somebody else has; of
    /// any number of simultaneous calls with one key exactly one succeeds.
    async fn add(&self, user: &User, sequel: &Sequel) -> Result<i64, StoreError>;

    /// The person with this key.
    async fn find(&self, key: &UserKey) -> Result<Option<User>, StoreError>;

    /// Replaces all of the person but `number` and `password_hash` by `user`, if its row still has
    /// the version before `user.version`; says whether it had. Sessions of another epoch than
    /// `user.epoch` are removed with it, and what follows is kept with it. Of any number of
    /// simultaneous calls from one version exactly one is told `true`.
    ///
    /// # Errors
    /// `Conflict` as for [`add`](Self::add); nothing changed then.
    async fn replace(&self, user: &User, sequel: &Sequel) -> Result<bool, StoreError>;

    /// Sets another password, raises epoch and version, and closes all sessions of the person but
    /// `change.keep`, which goes on under the new epoch. Only if the hash is still
    /// `change.old_hash`; says whether it was.
    async fn change_password(&self, change: &PasswordChange) -> Result<bool, StoreError>;

    /// Puts a newer hash of the same password in place of `old`, if it is still there; says whether
    /// it was. Version and sessions stay.
    async fn rehash(
        &self,
        id: UserId,
        old: &PasswordHash,
        new: &PasswordHash,
    ) -> Result<bool, StoreError>;

    /// Sets the status whatever the version, raises the version, and unless it becomes active raises
    /// the epoch and closes all sessions; says whether the person exists, and keeps what follows if it
    /// does.
    async fn set_status(
        &self,
        id: UserId,
        status: Status,
        at: Timestamp,
        sequel: &Sequel,
    ) -> Result<bool, StoreError>;

    /// Removes the person and all its sessions, if the row still has `version` (any, where `None`);
    /// says whether it had. The traits of all events that it did or that were done to it go with it,
    /// and then what follows is kept.
    async fn delete(
        &self,
        id: UserId,
        version: Option<i64>,
        sequel: &Sequel,
    ) -> Result<bool, StoreError>;

    /// A page of the people that `query` asks for, by time of creation, then number.
    async fn list(
        &self,
        query: &DirectoryQuery,
        page: &PageRequest<UserCursor>,
    ) -> Result<Page<User, UserCursor>, StoreError>;

    /// A page of the people that `filter` lets through and of whom a key begins with `prefix`, as in a
    /// phone book: by the smallest key that matches, in the order of bytes, then number
    /// ([`Prefix::place_of`]). Who matches by several keys is there once.
    ///
    /// A page may hold fewer people than asked for, even none, and have a next one all the same: where
    /// a store would have to pass over too many to fill it.
    async fn search(
        &self,
        prefix: &Prefix,
        filter: &DirectoryFilter,
        page: &PageRequest<MatchCursor>,
    ) -> Result<Page<User, MatchCursor>, StoreError>;

    /// How many people `query` asks for, whatever their order. It reads all that match.
    async fn count(&self, query: &DirectoryQuery) -> Result<u64, StoreError>;

    /// Whether any active person is an administrator.
    async fn has_admin(&self) -> Result<bool, StoreError>;
}

/// What [`UserStore::change_password`] is told.
#[derive(Debug, Clone)]
pub struct PasswordChange {
    /// Whose password.
    pub user_id: UserId,
    /// The hash that the current password was verified against.
    pub old_hash: PasswordHash,
    /// The hash to put in its place.
    pub new_hash: PasswordHash,
    /// The session that stays open, if any.
    pub keep: Option<SessionId>,
    /// When.
    pub at: Timestamp,
    /// What follows.
    pub sequel: Sequel,
}
