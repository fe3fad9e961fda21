//! `/v1`.

mod audit_events;
mod books;
mod chatrooms;
mod idempotency;
mod letters;
mod limits;
mod password_resets;
mod sessions;
mod users;
mod verifications;
