//! `/v1`.

mod sessions;
mod users;
