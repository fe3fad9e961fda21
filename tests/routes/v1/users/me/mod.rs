//! `/v1/users/me`.

mod avatar;
mod get;
mod password;
