//! How much one network may ask of what is dear: searching, and developing pictures.

use std::time::Duration;

use crate::problem::Problem;
use crate::sessions::{Budget, Client, Gate, ThrottleKey};
use crate::users::network;
use crate::{Policy, Ports};

/// Searches are counted over this time: who was too quick waits a minute at most.
const SEARCH_WINDOW: Duration = Duration::from_secs(60);

/// Serves every surface alike.
///
/// Searches are counted in the memory of the process, so each node grants as many: a search is a
/// read, and one write to the database for each would cost more than what it protects. Uploads are
/// counted in the database, exactly, over all nodes: next to decoding a picture a write is nothing.
pub struct TrafficService {
    searches: Gate,
    uploads: Gate,
    searches_per_network: u32,
    uploads_per_network: u32,
    window: Duration,
}

impl TrafficService {
    /// Built once by [`Services`](crate::Services).
    pub(crate) fn new(ports: &Ports, policy: &Policy) -> Self {
        let enabled = policy.limits.enabled;
        Self {
            searches: Gate::new(&ports.local_throttle, &ports.clock, enabled),
            uploads: Gate::new(&ports.throttle, &ports.clock, enabled),
            searches_per_network: policy.searches_per_network,
            uploads_per_network: policy.uploads_per_network,
            window: policy.limits.window,
        }
    }

    /// Takes one search or list from the budget of the network that it comes from.
    ///
    /// # Errors
    /// `Throttled`.
    pub async fn search(&self, client: &Client) -> Result<(), Problem> {
        let (limit, window) = (self.searches_per_network, SEARCH_WINDOW);
        pass(&self.searches, "search", limit, window, client).await
    }

    /// Takes one upload from the budget of the network that it comes from: to be asked before its body
    /// is read.
    ///
    /// # Errors
    /// `Throttled`, `Unavailable`.
    pub async fn upload(&self, client: &Client) -> Result<(), Problem> {
        let (limit, window) = (self.uploads_per_network, self.window);
        pass(&self.uploads, "upload", limit, window, client).await
    }
}

async fn pass(
    gate: &Gate,
    name: &'static str,
    limit: u32,
    window: Duration,
    client: &Client,
) -> Result<(), Problem> {
    let Some(address) = client.address else { return Ok(()) };
    let key = ThrottleKey::new(name, &network(address));
    gate.pass(&Budget { name, key, limit, window }, client).await
}
