//! What the order of the directory is decided by, of one person.

use diesel::{Queryable, Selectable};
use domain::users::{MatchCursor, Prefix, UserCursor};

use super::key_column::KeyColumn;
use crate::db::{Moment, MultiBackend, users};

/// The part of a row that orders it: a tenth of the whole.
#[derive(Queryable, Selectable)]
#[diesel(table_name = users, check_for_backend(MultiBackend))]
pub(super) struct Sketch {
    pub(super) number: i64,
    created_at: Moment,
    username_key: Option<String>,
    email_key: Option<String>,
    mobile_key: Option<String>,
    display_key: Option<String>,
}

impl Sketch {
    /// Its key in this column.
    pub(super) fn key(&self, column: KeyColumn) -> Option<&str> {
        let key = match column {
            KeyColumn::Username => &self.username_key,
            KeyColumn::Email => &self.email_key,
            KeyColumn::Mobile => &self.mobile_key,
            KeyColumn::DisplayName => &self.display_key,
        };
        key.as_deref()
    }

    /// Its place in a search: at the smallest key that matches. `None` where none does.
    pub(super) fn place(&self, prefix: &Prefix) -> Option<MatchCursor> {
        let matching = |column: &KeyColumn| {
            let key = self.key(*column)?;
            column.range(prefix).contains(key).then_some(key)
        };
        let key = KeyColumn::ALL.iter().filter_map(matching).min()?;
        Some(MatchCursor { key: key.to_owned(), number: self.number })
    }

    /// Its place in a list by time.
    pub(super) fn cursor(&self) -> UserCursor {
        UserCursor { created_at: self.created_at.into(), number: self.number }
    }
}
