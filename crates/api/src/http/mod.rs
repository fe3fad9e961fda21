//! The HTTP edge: what happens to every request and reply, whichever surface they belong to.

mod access_log;
pub(crate) mod body;
pub(crate) mod client_address;
mod cors;
pub(crate) mod counted;
pub(crate) mod cross_site;
mod edge;
pub(crate) mod envelope;
mod form;
#[cfg(fuzzing)]
pub(crate) mod fuzzing;
mod head;
mod headers;
mod json;
mod logged_path;
mod panics;
mod rate_limit;
pub(crate) mod request_id;
mod routing;
pub(crate) mod scene;
pub(crate) mod search;
pub(crate) mod session_cookie;
pub(crate) mod stream;
pub(crate) mod upload;

pub use access_log::{AccessLine, AccessLog, NoAccessLog};
pub(crate) use edge::edge;
pub(crate) use envelope::chain;
pub use panics::log_panics;
pub(crate) use routing::{at_paths, not_found, resource, slash_optional, unknown_below};

#[cfg(test)]
mod tests;
