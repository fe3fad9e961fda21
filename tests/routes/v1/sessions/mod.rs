//! `/v1/sessions`.

mod cookie;
mod delete;
mod get;
mod post;
mod refresh;
