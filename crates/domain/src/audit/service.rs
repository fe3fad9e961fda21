//! What may be asked of the audit trail, and the work that keeps it a chain.

use std::sync::Arc;

use crate::Ports;
use crate::audit::chain::AuditKey;
use crate::audit::{
    Action, AuditCursor, AuditQuery, AuditStore, Entry, Flaw, Head, Ledger, Link, LinkHash,
    Recorded,
};
use crate::page::{Page, PageRequest};
use crate::problem::Problem;
use crate::sessions::{ChainKey, SecurityLog};
use crate::users::User;

/// How many events are chained or read at once.
const BATCH: u16 = 200;

/// Serves every surface alike.
pub struct AuditService {
    store: Arc<dyn AuditStore>,
    ledger: Ledger,
    log: Arc<dyn SecurityLog>,
    key: AuditKey,
}

/// What reading the whole chain came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// Where the chain ends.
    pub head: Head,
    /// What is wrong, at the first place where anything is.
    pub flaw: Option<Flaw>,
}

impl AuditService {
    /// Built once by [`Services`](crate::Services).
    pub(crate) fn new(ports: &Ports, key: Arc<ChainKey>) -> Self {
        let (store, log) = (Arc::clone(&ports.audit), Arc::clone(&ports.log));
        Self { store, ledger: Ledger::new(ports), log, key: AuditKey(key) }
    }

    /// A page of events, for administrators, the latest first.
    ///
    /// # Errors
    /// `Forbidden`, `Unavailable`.
    pub async fn list(
        &self,
        actor: &User,
        query: &AuditQuery,
        page: &PageRequest<AuditCursor>,
    ) -> Result<Page<Recorded, AuditCursor>, Problem> {
        if !actor.is_admin() {
            return Err(Problem::Forbidden);
        }
        // What is not chained yet can be read all the same.
        if let Err(problem) = self.chain().await {
            self.log.degraded("audit events were not chained", Box::new(problem));
        }
        Ok(self.store.list(query, page).await?)
    }

    /// The chained events after this place, at most 200, for whoever operates the server.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn after(&self, sequence: i64) -> Result<Vec<Recorded>, Problem> {
        Ok(self.store.chained(sequence, BATCH).await?)
    }

    /// Chains all events that are not chained yet. Several nodes may do so at once.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn chain(&self) -> Result<(), Problem> {
        loop {
            // The end first: what was pending after it was read is not chained before it.
            let head = self.store.head().await?;
            let pending = self.store.pending(BATCH).await?;
            if pending.is_empty() {
                return Ok(());
            }
            let mut end = head;
            let links: Vec<Link> = pending
                .iter()
                .map(|event| {
                    let sequence = end.sequence + 1;
                    let hash = self.key.link(end.hash, sequence, event);
                    end = Head { sequence, hash };
                    Link { id: event.id, sequence, hash }
                })
                .collect();
            // Where another node was quicker, what is left is pending still.
            self.store.link(&head, &links).await?;
        }
    }

    /// Reads the chain, from its first event on or from an end that was noted before: what was chained
    /// up to there may be gone, or be chained by a key that is.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn verify(&self, from: Head) -> Result<Verified, Problem> {
        let head = self.store.head().await?;
        let first = self.store.chained(i64::MIN, 1).await?;
        let before = first.first().and_then(|first| first.link).filter(|link| link.sequence < 1);
        if let Some(link) = before {
            return Ok(Verified { head, flaw: Some(Flaw::Beyond(link.sequence)) });
        }
        let mut end = from;
        loop {
            let batch = self.after(end.sequence).await?;
            let Some(last) = batch.last().and_then(|last| last.link) else { break };
            for recorded in &batch {
                match self.follow(end, recorded) {
                    Ok(next) => end = next,
                    Err(flaw) => return Ok(Verified { head, flaw: Some(flaw) }),
                }
            }
            debug_assert_eq!(end.sequence, last.sequence, "places follow one another");
        }
        // Others may have been chained since the head was read.
        let flaw = match end.sequence.cmp(&head.sequence) {
            std::cmp::Ordering::Less => Some(Flaw::Missing(end.sequence + 1)),
            std::cmp::Ordering::Equal if end.hash != head.hash => Some(Flaw::Altered(end.sequence)),
            std::cmp::Ordering::Greater if self.store.head().await?.sequence < end.sequence => {
                Some(Flaw::Beyond(head.sequence + 1))
            }
            std::cmp::Ordering::Equal | std::cmp::Ordering::Greater => None,
        };
        Ok(Verified { head, flaw })
    }

    fn follow(&self, end: Head, recorded: &Recorded) -> Result<Head, Flaw> {
        let sequence = end.sequence + 1;
        let link = recorded.link.filter(|link| link.sequence == sequence);
        let link = link.ok_or(Flaw::Missing(sequence))?;
        let event = &recorded.event;
        let hash: LinkHash = self.key.link(end.hash, sequence, event);
        if hash != link.hash {
            return Err(Flaw::Altered(sequence));
        }
        if event.traits.as_ref().is_some_and(|traits| traits.digest() != event.traits_hash) {
            return Err(Flaw::TraitsAltered(sequence));
        }
        Ok(Head { sequence, hash })
    }

    /// Records that something was refused to somebody who is not allowed to do or see it (ASVS
    /// 16.3.2, 16.3.3). Of very many refusals at once a part only is recorded.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn denied(&self, denial: Denial) -> Result<(), Problem> {
        let access = Entry::of(Action::Access);
        let entry = match denial {
            Denial::Forbidden => access.denied("forbidden"),
            Denial::NotYours => access.denied("not_yours"),
            Denial::NotMember => access.denied("not_member"),
            Denial::ForgedToken => access.denied("forged_token"),
            Denial::CrossSite => Entry::of(Action::CrossSite).denied("cross_site"),
            Denial::Code => Entry::of(Action::Code).failed("opens_nothing"),
        };
        self.ledger.note_denial(entry).await
    }
}

/// What was refused, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denial {
    /// For administrators only, or for another person.
    Forbidden,
    /// It belongs to somebody else.
    NotYours,
    /// It happens in a room that the caller is not in.
    NotMember,
    /// The token was not signed by this server, or was changed.
    ForgedToken,
    /// The one-time code or the link opens nothing.
    Code,
    /// A page of another site sent it along with somebody's cookie.
    CrossSite,
}
