//! The edge as requests meet it, over services in memory.

mod bodies;
mod callers;
mod cors;
mod envelopes;
mod forms;
mod lists;
mod logs;
mod replies;
mod routes;
mod uploads;
