//! `/v1/users`.

mod get;
mod id;
mod me;
mod post;
