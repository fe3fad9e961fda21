//! What a surface asks about an idempotency key.

use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest, Sha256};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::Ports;
use crate::entropy::{Entropy, uuid};
use crate::idempotency::{Claim, Claimed, Hold, IdempotencyStore};
use crate::problem::Problem;
use crate::sealing::Sealer;
use crate::time::Clock;
use crate::users::UserId;

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
}

impl IdempotencyService {
    /// Built once by [`Services`](crate::Services).
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            store: Arc::clone(&ports.idempotency),
            sealer: Arc::clone(&ports.sealer),
            clock: Arc::clone(&ports.clock),
            entropy: Arc::clone(&ports.entropy),
        }
    }

    /// Takes hold of the key, or says what became of who came before.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn begin(&self, sent: &Submission<'_>) -> Result<Begun, Problem> {
        let now = self.clock.now();
        let principal = sent.principal.map(|id| id.to_string()).unwrap_or_default();
        let key = digest(&[principal.as_bytes(), sent.route.as_bytes(), sent.key.as_bytes()]);
        let claim = Claim { key, holder: uuid(self.entropy.as_ref(), now)? };
        let hold = Hold {
            claim,
            fingerprint: digest(&[sent.body]),
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
            return Ok(Begun::Other);
        }
        match kept.reply {
            Some(reply) => Ok(Begun::Done(self.sealer.open(&reply_purpose(kept.holder), &reply)?)),
            None if kept.changed && kept.held_until <= now => Ok(Begun::Lost),
            None => Ok(Begun::Running),
        }
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

    /// Gives the key back: what was replied is not kept. Where something was changed all the same, the
    /// key stays taken.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn give_up(&self, claim: &Claim) -> Result<(), Problem> {
        self.store.release(claim).await?;
        Ok(())
    }
}

/// A digest in which no part can be taken for another's end.
fn digest(parts: &[&[u8]]) -> [u8; 32] {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        digest.update(part);
    }
    digest.finalize().into()
}

/// What a kept reply is bound to: one that is copied into another row opens nothing.
pub(crate) fn reply_purpose(holder: Uuid) -> String {
    format!("idempotent reply {holder}")
}
