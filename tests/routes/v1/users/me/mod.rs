//! `/v1/users/me`.

mod get;
mod password;
