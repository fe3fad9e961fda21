//! What the directory of people can be asked.

use crate::time::Timestamp;
use crate::users::{Prefix, Role, Status, User};

/// Which people to list. `Default` asks for everybody, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DirectoryQuery {
    /// Only people with a key that begins so.
    pub prefix: Option<Prefix>,
    /// Which of them.
    pub filter: DirectoryFilter,
    /// Which way.
    pub sort: SortOrder,
}

/// Which people a page of the directory holds. `Default` lets everybody through.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DirectoryFilter {
    /// Only people of this status.
    pub status: Option<Status>,
    /// Only people with this role.
    pub role: Option<Role>,
    /// Only people created strictly after this moment.
    pub created_after: Option<Timestamp>,
    /// Only people created strictly before this moment.
    pub created_before: Option<Timestamp>,
}

impl DirectoryFilter {
    /// Whether `user` passes all of it.
    pub fn lets_through(&self, user: &User) -> bool {
        self.status.is_none_or(|status| user.status == status)
            && self.role.is_none_or(|role| user.roles.contains(role))
            && self.created_after.is_none_or(|moment| user.created_at > moment)
            && self.created_before.is_none_or(|moment| user.created_at < moment)
    }
}

/// The order of a list by time of creation, then number. A search without a wish is in another one:
/// [`UserStore::search`](crate::users::UserStore::search).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SortOrder {
    /// The oldest first.
    #[default]
    OldestFirst,
    /// The newest first.
    NewestFirst,
}

/// Where a page of a list by time of creation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UserCursor {
    /// `created_at` of the last person on the page.
    pub created_at: Timestamp,
    /// Its number.
    pub number: i64,
}

impl From<&User> for UserCursor {
    fn from(user: &User) -> Self {
        Self { created_at: user.created_at, number: user.number }
    }
}
