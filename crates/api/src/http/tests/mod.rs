//! The edge as requests meet it, over services in memory.

mod bodies;
mod callers;
mod cors;
mod envelopes;
mod logs;
mod replies;
mod routes;
