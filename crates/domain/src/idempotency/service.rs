//! What a surface asks about an idempotency key.

use std::sync::Arc;
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::Ports;
use crate::audit::Surroundings;
use crate::entropy::{Entropy, uuid};
use crate::idempotency::{Claim, Claimed, Hold, IdempotencyStore};
use crate::problem::Problem;
use crate::sealing::Sealer;
use crate::sessions::{Budget, ChainKey, Gate, ThrottleKey};
use crate::time::Clock;
use crate::users::{UserId, network};

/// How long a key and its reply are kept.
pub const KEPT_FOR: Duration = Duration::from_secs(24 * 60 * 60);
/// How long a request may take: beyond that its process is thought dead, unless it changed something.
const HELD_FOR: Duration = Duration::from_secs(60);

/// A request that came with a key.
#[derive(Debug, Clone, Copy)]
pub struct Submission<'a> {
    /// The key, as its sender chose it.
    pub key: &'a str,
    /// Who sent it, if somebody is signed in.
    pub principal: Option<UserId>,
    /// The method and the path.
    pub route: &'a str,
    /// The body, byte for byte.
    pub body: &'a [u8],
}

/// How often another body may come under a key that was used, from one network within
/// [`MISUSE_WINDOW`].
const MISUSES: u32 = 100;
const MISUSE_WINDOW: Duration = Duration::from_secs(10 * 60);

/// What becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// Nobody came before: go on.
    New(Claim),
    /// It was answered before, by this.
    Done(Zeroizing<Vec<u8>>),
    /// It is being answered.
    Running,
    /// Something else was sent under this key.
    Other,
    /// It was done, but the server died before it replied.
    Lost,
}

/// Serves every surface alike.
pub struct IdempotencyService {
    store: Arc<dyn IdempotencyStore>,
    sealer: Arc<dyn Sealer>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    surroundings: Arc<dyn Surroundings>,
    gate: Gate,
    secret: Arc<ChainKey>,
}

impl IdempotencyService {
    /// Built once by [`Services`](crate::Services).
    pub(crate) fn new(ports: &Ports, gate: Gate, secret: Arc<ChainKey>) -> Self {
        Self {
            surroundings: Arc::clone(&ports.surroundings),
            gate,
            secret,
            store: Arc::clone(&ports.idempotency),
            sealer: Arc::clone(&ports.sealer),
            clock: Arc::clone(&ports.clock),
            entropy: Arc::clone(&ports.entropy),
        }
    }

    /// Takes hold of the key, or says what became of who came before.
    ///
    /// # Errors
    /// `Throttled` where other bodies come under used keys again and again, `Unavailable`.
    pub async fn begin(&self, sent: &Submission<'_>) -> Result<Begun, Problem> {
        let now = self.clock.now();
        let client = self.surroundings.scene().client;
        // Whoever is not signed in has its network for a name: a key that somebody else learned opens
        // nothing from elsewhere.
        let place = client.address.map(network).unwrap_or_default();
        let principal = sent.principal.map_or(place.clone(), |id| id.to_string());
        let named = [principal.as_bytes(), sent.route.as_bytes(), sent.key.as_bytes()];
        let key = self.digest(b"idempotency key", &named);
        let claim = Claim { key, holder: uuid(self.entropy.as_ref(), now)? };
        let hold = Hold {
            claim,
            fingerprint: self.digest(b"idempotent request", &[sent.body]),
            principal: sent.principal,
            now,
            held_until: now.plus(HELD_FOR),
            expires_at: now.plus(KEPT_FOR),
        };
        let kept = match self.store.claim(&hold).await? {
            Claimed::Mine => return Ok(Begun::New(claim)),
            Claimed::Known(kept) => kept,
        };
        if kept.fingerprint != hold.fingerprint {
            // Whether a body is the one that was sent is worth guessing where a password is in it.
            let key = ThrottleKey::new("idempotency keys misused", &place);
            let budget = Budget { name: "idempotency", key, limit: MISUSES, window: MISUSE_WINDOW };
            self.gate.pass(&budget, &client).await?;
            return Ok(Begun::Other);
        }
        match kept.reply {
            Some(reply) => Ok(Begun::Done(self.sealer.open(&reply_purpose(kept.holder), &reply)?)),
            None if kept.changed && kept.held_until <= now => Ok(Begun::Lost),
            None => Ok(Begun::Running),
        }
    }

    /// A keyed digest in which no part can be taken for another's end: bodies hold passwords, and a stolen
    /// table must not help to guess them.
    fn digest(&self, purpose: &[u8], parts: &[&[u8]]) -> [u8; 32] {
        // HMAC takes a key of any length; the error cannot happen.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.secret.expose()) else {
            return [0; 32];
        };
        mac.update(purpose);
        for part in parts {
            mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    /// Keeps the reply for whoever sends the same again.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn finish(&self, claim: &Claim, reply: &[u8]) -> Result<(), Problem> {
        let sealed = self.sealer.seal(&reply_purpose(claim.holder), reply)?;
        self.store.settle(claim, &sealed).await?;
        Ok(())
    }

    /// Gives the key back, so that another try begins anew; says whether it could. Where something was
    /// changed under it the key stays taken.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn give_up(&self, claim: &Claim) -> Result<bool, Problem> {
        Ok(self.store.release(claim).await?)
    }
}

/// What a kept reply is bound to: one that is copied into another row opens nothing.
pub(crate) fn reply_purpose(holder: Uuid) -> String {
    format!("idempotent reply {holder}")
}
