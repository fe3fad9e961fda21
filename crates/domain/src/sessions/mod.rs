//! Sessions: who is signed in where, and the tokens that prove it.

mod log;
mod refresh;
mod service;
mod session;
mod signer;
mod store;
mod throttle;
mod token;

#[cfg(any(test, feature = "mocks"))]
pub use log::MockSecurityLog;
pub use log::{SecurityEvent, SecurityLog};
pub use service::{Authenticated, Lifetimes, Login, Opened, SessionService};
pub use session::{Client, Door, Session, SessionCursor, SessionId, Transport};
#[cfg(any(test, feature = "mocks"))]
pub use signer::MockTokenSigner;
pub use signer::{Claims, PublicKey, SignError, TokenFault, TokenKind, TokenSigner};
#[cfg(any(test, feature = "mocks"))]
pub use store::MockSessionStore;
pub use store::{Rotation, SessionFilter, SessionStore};
#[cfg(any(test, feature = "mocks"))]
pub use throttle::MockThrottle;
pub use throttle::{Allowance, Budget, LoginLimits, Throttle, ThrottleKey};
pub use token::{ChainKey, SessionToken, TokenHash};
