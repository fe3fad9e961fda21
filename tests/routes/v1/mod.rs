//! `/v1`.

mod books;
mod chatrooms;
mod sessions;
mod users;
