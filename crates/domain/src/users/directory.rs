//! What the directory of people can be asked.

use crate::time::Timestamp;
use crate::users::{Role, Status, User};

/// Which people to list. `Default` asks for everybody, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DirectoryQuery {
    /// The start of a username, e-mail address (its domain in ASCII form), mobile number (whatever
    /// the separators) or display name, compared literally by its search key.
    pub prefix: Option<String>,
    /// Only people of this status.
    pub status: Option<Status>,
    /// Only people with this role.
    pub role: Option<Role>,
    /// Only people created strictly after this moment.
    pub created_after: Option<Timestamp>,
    /// Only people created strictly before this moment.
    pub created_before: Option<Timestamp>,
    /// Which way.
    pub sort: SortOrder,
}

/// The order of the directory: by time of creation, then number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SortOrder {
    /// The oldest first.
    #[default]
    OldestFirst,
    /// The newest first.
    NewestFirst,
}

/// Where a page of the directory ended.
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
