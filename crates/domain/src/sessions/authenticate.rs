//! Proving a session: by an access token or by a cookie, read at each request.

use std::sync::Arc;

use crate::problem::Problem;
use crate::sessions::{
    Holder, Session, SessionId, SessionService, SessionToken, TokenFault, TokenKind, Transport,
};
use crate::time::Timestamp;
use crate::users::{Status, User};

/// A caller whose token or cookie proved an open session of an active person, read just now.
#[derive(Debug, Clone)]
pub struct Authenticated {
    /// The person.
    pub user: Arc<User>,
    /// The session.
    pub session: Arc<Session>,
}

/// What the caller is about to do, and so how old what is known of it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intent {
    /// It reads: what the store calls recent is good enough.
    Read,
    /// It may change something: the store itself is asked.
    Change,
}

impl SessionService {
    /// Who holds this access token: its signature is checked, then its session and person are read,
    /// so that what was revoked is refused at once.
    ///
    /// # Errors
    /// `Token`, `Unavailable`; never `Token` because a store could not be asked.
    pub async fn authenticate(
        &self,
        token: &str,
        intent: Intent,
    ) -> Result<Authenticated, Problem> {
        let now = self.ports.clock.now();
        let claims = self.ports.signer.verify(token, TokenKind::Access, now)?;
        let judge = |held: &Holder| {
            if held.session.user_id != claims.user_id {
                return Err(Problem::Token(TokenFault::Revoked));
            }
            self.ensure_open(&held.session, &held.user, now)
        };
        self.proven(claims.session_id, intent, judge, now).await
    }

    /// Who holds this session cookie.
    ///
    /// # Errors
    /// As [`authenticate`](Self::authenticate).
    pub async fn authenticate_cookie(
        &self,
        value: &str,
        intent: Intent,
    ) -> Result<Authenticated, Problem> {
        let now = self.ports.clock.now();
        let token = SessionToken::decode(value, Transport::Cookie).ok_or(TokenFault::Malformed)?;
        let judge = |held: &Holder| {
            let session = &held.session;
            if session.transport != Transport::Cookie || !token.hash().matches(&session.secret_hash)
            {
                return Err(Problem::Token(TokenFault::BadSignature));
            }
            self.ensure_open(session, &held.user, now)
        };
        self.proven(token.session_id(), intent, judge, now).await
    }

    /// The session and its person, as they are in the store.
    pub(crate) async fn read(&self, id: SessionId) -> Result<(Session, User), Problem> {
        self.ports.sessions.find(id).await?.ok_or(Problem::Token(TokenFault::Revoked))
    }

    async fn held(&self, id: SessionId) -> Result<Holder, Problem> {
        Ok(Holder::from(self.read(id).await?))
    }

    /// The holder of this session, if `judge` has nothing against it. Nobody is refused for what may
    /// be out of date: the store itself has the last word.
    async fn proven(
        &self,
        id: SessionId,
        intent: Intent,
        judge: impl Fn(&Holder) -> Result<(), Problem>,
        now: Timestamp,
    ) -> Result<Authenticated, Problem> {
        let recent = match intent {
            Intent::Read => self.ports.sessions.recent(id).await?,
            Intent::Change => None,
        };
        let held = match recent.filter(|held| judge(held).is_ok()) {
            Some(held) => held,
            None => {
                // Boxed: it is large, and most requests need no room for it.
                let held = Box::pin(self.held(id)).await?;
                judge(&held)?;
                held
            }
        };
        self.note_use(&held.session, now);
        Ok(Authenticated { user: held.user, session: held.session })
    }

    /// Whether the session is within its limits, of the present epoch, and its person active.
    pub(crate) fn ensure_open(
        &self,
        session: &Session,
        user: &User,
        now: Timestamp,
    ) -> Result<(), Problem> {
        if session.epoch != user.epoch || user.status != Status::Active {
            return Err(Problem::Token(TokenFault::Revoked));
        }
        let idle_end = session.last_seen_at.plus(self.lifetimes.idle);
        if now >= session.expires_at || now >= idle_end {
            return Err(Problem::Token(TokenFault::Expired));
        }
        Ok(())
    }
}
