//! `/v1/chatrooms`.

mod events;
mod rooms;
