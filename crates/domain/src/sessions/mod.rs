//! Sessions: who is signed in where, and the tokens that prove it.

mod authenticate;
mod gate;
mod last_use;
mod log;
mod login;
mod pause;
mod recheck;
mod refresh;
mod renew;
mod service;
mod session;
mod signer;
mod store;
mod tally;
#[cfg(test)]
mod tests;
mod throttle;
mod token;

pub use authenticate::{Authenticated, Intent};
pub(crate) use gate::Gate;
pub use last_use::LastUse;
#[cfg(any(test, feature = "mocks"))]
pub use log::MockSecurityLog;
pub use log::{SecurityEvent, SecurityLog};
pub use login::{Login, Opened};
#[cfg(any(test, feature = "mocks"))]
pub use pause::MockPause;
pub use pause::{Crowded, Pause};
pub use service::{Lifetimes, SessionService};
pub use session::{Client, Door, Session, SessionCursor, SessionId, Transport};
#[cfg(any(test, feature = "mocks"))]
pub use signer::MockTokenSigner;
pub use signer::{Claims, PublicKey, SignError, TokenFault, TokenKind, TokenSigner};
#[cfg(any(test, feature = "mocks"))]
pub use store::MockSessionStore;
pub use store::{Holder, Rotation, SessionFilter, SessionStore};
pub use tally::{Quota, Tally};
#[cfg(any(test, feature = "mocks"))]
pub use throttle::MockThrottle;
pub use throttle::{Allowance, Budget, LoginLimits, Throttle, ThrottleKey};
pub use token::{ChainKey, SessionToken, TokenHash};
