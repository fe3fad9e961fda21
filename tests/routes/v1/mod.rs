//! `/v1`.

mod books;
mod chatrooms;
mod letters;
mod password_resets;
mod sessions;
mod users;
mod verifications;
