//! The port that tells a service which request it serves, as `Clock` tells it when.

use std::sync::Arc;

use crate::idempotency::Claim;
use crate::sessions::{Client, Door, SessionId};
use crate::users::UserId;

/// What is known of the request that is being served; nothing, outside of one.
#[derive(Debug, Clone, Default)]
pub struct Scene {
    /// The id that it is logged under.
    pub request_id: Option<Arc<str>>,
    /// Where it came from.
    pub client: Client,
    /// Which surface was called.
    pub door: Option<Door>,
    /// Who called, and in which session, once that is known.
    pub caller: Option<(UserId, SessionId)>,
    /// The idempotency key that it holds, if it came with one.
    pub claim: Option<Claim>,
}

/// Tells what is known of the present request.
pub trait Surroundings: Send + Sync {
    /// The request that the calling task serves.
    fn scene(&self) -> Scene;
}

/// Where no request is served: at the command line, and in most tests.
#[derive(Debug, Clone, Copy, Default)]
pub struct Nowhere;

impl Surroundings for Nowhere {
    fn scene(&self) -> Scene {
        Scene::default()
    }
}
