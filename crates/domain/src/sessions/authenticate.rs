//! Proving a session: by an access token or by a cookie, read anew each time.

use std::time::Duration;

use crate::problem::Problem;
use crate::sessions::{
    Session, SessionId, SessionService, SessionToken, TokenFault, TokenKind, Transport,
};
use crate::time::Timestamp;
use crate::users::{Status, User};

/// `last_seen_at` is written at most this often per session, and more often only where the idle time
/// is a matter of minutes.
const TOUCH_INTERVAL: Duration = Duration::from_secs(60);
/// A caller whose token or cookie proved an open session of an active person, read just now.
#[derive(Debug, Clone)]
pub struct Authenticated {
    /// The person.
    pub user: User,
    /// The session.
    pub session: Session,
}

impl SessionService {
    /// Who holds this access token: its signature is checked, then its session and person are read,
    /// so that what was revoked is refused at once.
    ///
    /// # Errors
    /// `Token`, `Unavailable`; never `Token` because a store could not be asked.
    pub async fn authenticate(&self, token: &str) -> Result<Authenticated, Problem> {
        let now = self.ports.clock.now();
        let claims = self.ports.signer.verify(token, TokenKind::Access, now)?;
        let (session, user) = self.read(claims.session_id).await?;
        if session.user_id != claims.user_id {
            return Err(Problem::Token(TokenFault::Revoked));
        }
        self.proven(session, user, now).await
    }

    /// Who holds this session cookie.
    ///
    /// # Errors
    /// As [`authenticate`](Self::authenticate).
    pub async fn authenticate_cookie(&self, value: &str) -> Result<Authenticated, Problem> {
        let token = SessionToken::decode(value, Transport::Cookie).ok_or(TokenFault::Malformed)?;
        let (session, user) = self.read(token.session_id()).await?;
        if session.transport != Transport::Cookie || !token.hash().matches(&session.secret_hash) {
            return Err(Problem::Token(TokenFault::BadSignature));
        }
        self.proven(session, user, self.ports.clock.now()).await
    }

    pub(crate) async fn read(&self, id: SessionId) -> Result<(Session, User), Problem> {
        self.ports.sessions.find(id).await?.ok_or(Problem::Token(TokenFault::Revoked))
    }

    pub(crate) async fn proven(
        &self,
        session: Session,
        user: User,
        now: Timestamp,
    ) -> Result<Authenticated, Problem> {
        self.ensure_open(&session, &user, now)?;
        if now.since(session.last_seen_at) >= self.touch_interval() {
            self.touch(session.id, now).await;
        }
        Ok(Authenticated { user, session })
    }

    /// A tenth of the idle time, if that is shorter: else a session in constant use would idle out.
    fn touch_interval(&self) -> Duration {
        TOUCH_INTERVAL.min(self.lifetimes.idle / 10)
    }

    /// Notes the use of a session. A request goes on without the note: reads outlive a full disk.
    async fn touch(&self, id: SessionId, now: Timestamp) {
        let written = self.ports.sessions.touch(id, now, now.minus(self.touch_interval())).await;
        if let Err(error) = written {
            self.ports.log.degraded("the last use of a session was not noted", Box::new(error));
        }
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
