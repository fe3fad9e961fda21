//! The port that tells listeners that something was said.

use async_trait::async_trait;

use crate::chatrooms::ChatroomId;

/// Rings for a room when a message was posted, at this node or, a little later, at another.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait Doorbell: Send + Sync {
    /// The message of this sequence was posted here.
    fn ring(&self, room: ChatroomId, sequence: i64);

    /// Waits until a message of a later sequence than `after` was posted; gives the latest sequence
    /// that is known. Messages up to it can be read, unless they were removed again.
    async fn later_than(&self, room: ChatroomId, after: i64) -> i64;
}
