//! `/v1/users`.

mod common;
mod get;
mod id;
mod me;
mod post;
