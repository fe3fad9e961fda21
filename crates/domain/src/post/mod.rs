//! Post: the mails and text messages that are promised to people, and how they get there.

mod courier;
mod dispatch;
mod letter;

#[cfg(any(test, feature = "mocks"))]
pub use courier::MockCourier;
pub use courier::{Courier, Undelivered};
pub use dispatch::{Dispatch, DispatchId};
pub use letter::{Letter, Recipient};
