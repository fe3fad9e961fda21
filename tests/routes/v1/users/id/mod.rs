//! `/v1/users/{id}`.

mod delete;
mod get;
mod lock;
mod patch;
mod sessions;
