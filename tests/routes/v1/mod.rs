//! `/v1`.

mod books;
mod chatrooms;
mod limits;
mod password_resets;
mod sessions;
mod users;
mod verifications;
