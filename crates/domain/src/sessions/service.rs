//! The service of sessions: how long they live, listing and closing them.

use std::sync::Arc;
use std::time::Duration;

use crate::Ports;
use crate::audit::{Action, Entry, Ledger};
use crate::page::{Page, PageRequest};
use crate::problem::{Problem, Thing};
use crate::sessions::last_use::LastUses;
use crate::sessions::{
    Authenticated, ChainKey, Client, Intent, PublicKey, SecurityEvent, Session, SessionCursor,
    SessionFilter, SessionId,
};
use crate::time::Timestamp;
use crate::users::{Correspondence, Credentials, User, UserId, UserKey};

/// How long tokens and sessions live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lifetimes {
    /// An access token that a refresh token renews.
    pub access: Duration,
    /// A session that is not used.
    pub idle: Duration,
    /// A session, however much it is used.
    pub absolute: Duration,
    /// How long after a rotation the spent refresh token still gets the same successor.
    pub refresh_grace: Duration,
}

/// Serves every surface alike.
pub struct SessionService {
    pub(crate) ports: Ports,
    pub(crate) credentials: Arc<Credentials>,
    pub(crate) lifetimes: Lifetimes,
    pub(crate) chain_key: Arc<ChainKey>,
    pub(crate) post: Correspondence,
    pub(crate) ledger: Ledger,
    pub(crate) last_uses: LastUses,
}

impl SessionService {
    /// Built once by [`Services`](crate::Services).
    pub(crate) fn new(
        ports: Ports,
        credentials: Arc<Credentials>,
        lifetimes: Lifetimes,
        chain_key: Arc<ChainKey>,
    ) -> Self {
        let post = Correspondence::new(&ports, Arc::clone(&chain_key));
        let ledger = Ledger::new(&ports);
        let last_uses = LastUses::default();
        Self { ports, credentials, lifetimes, chain_key, post, ledger, last_uses }
    }

    /// A page of the caller's open sessions, the newest first.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn list(
        &self,
        caller: &Authenticated,
        page: &PageRequest<SessionCursor>,
    ) -> Result<Page<Session, SessionCursor>, Problem> {
        let now = self.ports.clock.now();
        let filter = SessionFilter {
            user_id: caller.user.id,
            epoch: caller.user.epoch,
            now,
            idle_since: now.minus(self.lifetimes.idle),
        };
        Ok(self.ports.sessions.list(&filter, page).await?)
    }

    /// One session of the caller's.
    ///
    /// # Errors
    /// `NotFound` (somebody else's included), `Unavailable`.
    pub async fn find(&self, caller: &Authenticated, id: SessionId) -> Result<Session, Problem> {
        match self.ports.sessions.find(id).await? {
            Some((session, user)) if user.id == caller.user.id => Ok(session),
            Some(_) | None => Err(Problem::NotFound(Thing::Session)),
        }
    }

    /// Closes one session of the caller's, its own included: refused from the next request on.
    ///
    /// # Errors
    /// `NotFound` (somebody else's included), `Unavailable`.
    pub async fn close(
        &self,
        caller: &Authenticated,
        id: SessionId,
        client: &Client,
    ) -> Result<(), Problem> {
        let ended = Entry::own(Action::SignOut, caller.user.id).in_session(id);
        let ended = self.ledger.follows(ended)?;
        if !self.ports.sessions.close(caller.user.id, id, &ended).await? {
            return Err(Problem::NotFound(Thing::Session));
        }
        self.ports.log.event(&SecurityEvent::SignedOut(caller.user.id, id), client);
        Ok(())
    }

    /// Closes the session of a cookie that another takes the place of (CVE-2025-12390): nobody holds
    /// it any more who ought to. The new session stands whatever comes of it.
    pub async fn end_replaced(&self, cookie: &str, client: &Client) {
        let ended = match self.authenticate_cookie(cookie, Intent::Change).await {
            Ok(old) => self.close(&old, old.session.id, client).await,
            Err(problem) => Err(problem),
        };
        match ended {
            // It opens nothing, or somebody else was first.
            Ok(()) | Err(Problem::Token(_) | Problem::NotFound(_)) => {}
            Err(problem) => {
                self.ports.log.degraded("a replaced session stays open", Box::new(problem))
            }
        }
    }

    /// Closes all sessions of the caller's but this one; says how many.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn close_others(&self, caller: &Authenticated) -> Result<u64, Problem> {
        let ended = Entry::own(Action::SessionsClose, caller.user.id).with("all others");
        let ended = self.ledger.follows(ended.in_session(caller.session.id))?;
        let keep = Some(caller.session.id);
        Ok(self.ports.sessions.close_all(caller.user.id, keep, &ended).await?)
    }

    /// Closes all sessions of the caller's, this one included; says how many.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn close_all(&self, caller: &Authenticated) -> Result<u64, Problem> {
        let ended = Entry::own(Action::SessionsClose, caller.user.id).with("all");
        let ended = self.ledger.follows(ended.in_session(caller.session.id))?;
        Ok(self.ports.sessions.close_all(caller.user.id, None, &ended).await?)
    }

    /// Closes all sessions of a person, by an administrator.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound`, `Unavailable`.
    pub async fn close_all_of(&self, actor: &User, id: UserId) -> Result<(), Problem> {
        if !actor.is_admin() {
            return Err(Problem::Forbidden);
        }
        let found = self.ports.users.find(&UserKey::Id(id)).await?;
        found.ok_or(Problem::NotFound(Thing::User))?;
        let ended = Entry::of(Action::SessionsClose).by(actor.id).about(id).with("all");
        self.ports.sessions.close_all(id, None, &self.ledger.follows(ended)?).await?;
        Ok(())
    }

    /// Removes what has ended from the stores, up to 1,000 rows of each kind; says how many.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn purge(&self) -> Result<u64, Problem> {
        let now = self.ports.clock.now();
        let idle = now.minus(self.lifetimes.idle);
        let sessions = self.ports.sessions.purge(now, idle).await?;
        let codes = self.ports.codes.purge(now).await?;
        let keys = self.ports.idempotency.purge(now).await?;
        Ok(sessions + codes + keys + self.ports.throttle.purge(now).await?)
    }

    /// The public keys that access tokens verify with, current and retiring.
    pub fn public_keys(&self) -> Vec<PublicKey> {
        self.ports.signer.public_keys()
    }

    /// When this session ends if it is not used again.
    pub fn ends_at(&self, session: &Session) -> Timestamp {
        session.expires_at.min(session.last_seen_at.plus(self.lifetimes.idle))
    }
}
