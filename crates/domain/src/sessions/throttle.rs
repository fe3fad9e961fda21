//! The port that counts attempts.

use std::time::Duration;

use async_trait::async_trait;
use sha2::{Digest, Sha256};

use crate::store::StoreError;
use crate::time::Timestamp;

/// Counts attempts in windows of time, exactly: over any number of threads and nodes no more than
/// `budget.limit` are granted in one window.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait Throttle: Send + Sync {
    /// Counts one attempt, if the budget has one left. A window begins with its first attempt.
    async fn take(&self, budget: &Budget, at: Timestamp) -> Result<Allowance, StoreError>;

    /// Whether an attempt is counted under this key in a window that is open at `at`.
    async fn is_counted(&self, key: &ThrottleKey, at: Timestamp) -> Result<bool, StoreError>;

    /// Gives one attempt back: it turned out to be none (a success is no guess).
    async fn give_back(&self, key: &ThrottleKey) -> Result<(), StoreError>;

    /// Forgets all attempts counted under this key.
    async fn clear(&self, key: &ThrottleKey) -> Result<(), StoreError>;

    /// Removes at most 1,000 windows that ended before `at`; says how many.
    async fn purge(&self, at: Timestamp) -> Result<u64, StoreError>;
}

/// How many attempts in how much time, and whose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budget {
    /// What callers are told that it is called.
    pub name: &'static str,
    /// What is counted.
    pub key: ThrottleKey,
    /// How many attempts one window grants.
    pub limit: u32,
    /// How long a window lasts.
    pub window: Duration,
}

/// What [`Throttle::take`] says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allowance {
    /// Go on; this attempt is counted.
    Granted {
        /// How many are left, or were a moment ago.
        left: u32,
        /// When the window ends.
        until: Timestamp,
    },
    /// The budget is spent until this moment; nothing was counted.
    Spent(Timestamp),
}

impl Allowance {
    /// Whether the attempt may go on.
    pub fn is_granted(self) -> bool {
        match self {
            Self::Granted { .. } => true,
            Self::Spent(_) => false,
        }
    }
}

/// What is counted: a digest, so that the store keeps no identifiers of people who do not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ThrottleKey(pub [u8; 32]);

impl ThrottleKey {
    /// The key of `subject` for one `purpose`.
    pub fn new(purpose: &str, subject: &str) -> Self {
        let mut digest = Sha256::new();
        digest.update(purpose);
        digest.update([0]);
        digest.update(subject);
        Self(digest.finalize().into())
    }
}

/// How many failed sign-ins are evaluated before the rest is refused. Successes do not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginLimits {
    /// Whether there are any.
    pub enabled: bool,
    /// Failures per account (NIST SP 800-63B-4 §3.2.2 allows 100 in a row).
    pub per_account: u32,
    /// Failures per network: an IPv4 address or an IPv6 /64.
    pub per_network: u32,
    /// Counted over this time.
    pub window: Duration,
    /// How long the fourth failure of an account waits for its answer; each further one waits twice
    /// as long, up to eight times this.
    pub delay: Duration,
}
