//! Chatrooms: who may enter them, what is said in them, and who is told.

mod doorbell;
mod members;
mod message;
mod message_store;
mod messages;
mod room;
mod rooms;
mod service;
mod store;
mod values;

pub use doorbell::Doorbell;
#[cfg(any(test, feature = "mocks"))]
pub use doorbell::MockDoorbell;
pub use message::{Message, MessageCursor, MessageId, MessageKey, MessageView};
#[cfg(any(test, feature = "mocks"))]
pub use message_store::MockMessageStore;
pub use message_store::{MessageStore, Posted};
pub use room::{Chatroom, ChatroomId, ChatroomKey, MemberCursor, Person, RoomCursor, RoomView};
pub use rooms::{MemberKey, NewRoom, RoomChange};
pub use service::ChatroomService;
pub(crate) use service::passkey_purpose;
pub use store::ChatroomStore;
#[cfg(any(test, feature = "mocks"))]
pub use store::MockChatroomStore;
