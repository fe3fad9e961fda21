//! Post: the mails and text messages that are promised to people, and how they get there.
//!
//! What a change promises to send is kept in the same transaction as the change ([`Sequel`]) and
//! delivered afterwards, at least once, by [`PostService`].

mod code;
mod courier;
mod dispatch;
mod letter;
mod outbox;
mod sequel;
mod service;

pub use code::{Code, CodeHash, CodeId, CodePurpose, CodeSecret, Handle};
#[cfg(any(test, feature = "mocks"))]
pub use courier::MockCourier;
pub use courier::{Courier, Undelivered};
pub(crate) use dispatch::LETTER_PURPOSE;
pub use dispatch::{Dispatch, DispatchId};
pub use letter::{Letter, Recipient};
pub use outbox::{CodeStore, Outbox, Redemption, Turn};
#[cfg(any(test, feature = "mocks"))]
pub use outbox::{MockCodeStore, MockOutbox};
pub use sequel::Sequel;
pub use service::{HOLD_EVERY, PostService};
