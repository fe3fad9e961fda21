//! Who may register, and how many from one network: the reply tells who is registered already.

use std::time::Duration;

use crate::Policy;
use crate::problem::Problem;
use crate::sessions::{Budget, Client, Gate, ThrottleKey};
use crate::users::{Rules, network};

/// The door to becoming a person.
pub(crate) struct Admission {
    gate: Gate,
    pub(crate) open: bool,
    per_network: u32,
    window: Duration,
}

impl Admission {
    pub(crate) fn new(gate: Gate, policy: &Policy) -> Self {
        Self {
            gate,
            open: policy.registration_open,
            per_network: policy.registrations_per_network,
            window: policy.limits.window,
        }
    }

    /// Takes one registration from the budget of the network that it comes from. What is refused
    /// afterwards because somebody has the name counts as well: it was an answer.
    ///
    /// # Errors
    /// `Throttled`, `Unavailable`.
    pub(crate) async fn admit(&self, client: &Client, rules: &Rules) -> Result<(), Problem> {
        let Some(address) = client.address else { return Ok(()) };
        let limit = if rules.few_registrations { self.per_network / 2 } else { self.per_network };
        let name = "registration";
        let key = ThrottleKey::new(name, &network(address));
        let budget = Budget { name, key, limit: limit.max(1), window: self.window };
        self.gate.pass(&budget, client).await
    }
}
