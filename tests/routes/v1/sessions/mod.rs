//! `/v1/sessions`.

mod attacks;
mod cookie;
mod delete;
mod flood;
mod get;
mod post;
mod refresh;
