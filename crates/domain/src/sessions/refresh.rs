//! Refreshing: rotation, the grace time for lost replies, and the detection of reuse (RFC 9700
//! §4.14.2).

use crate::audit::{Action, Entry};
use crate::problem::Problem;
use crate::sessions::{
    Client, Opened, Rotation, SecurityEvent, Session, SessionService, SessionToken, TokenFault,
    Transport,
};
use crate::time::Timestamp;
use crate::users::User;

/// How far a presented token may lie behind before it is not followed any more: thirty days of a
/// refresh every quarter of an hour, so that a forged one costs bounded work. What lies further
/// behind opens nothing, but closes nothing either.
const MAX_BEHIND: u32 = 3_000;
/// A race is lost at most once: whoever won it has moved the generation on.
const ATTEMPTS: usize = 2;

/// What a presented refresh token is to its session.
enum Standing {
    /// The present one: rotate.
    Current,
    /// The one before, and its successor is still the present one.
    Previous(SessionToken),
    /// An older one of the same family.
    Ancestor,
    /// None of the family.
    Foreign,
}

impl SessionService {
    /// Exchanges a refresh token for an access token and the next refresh token. The lost-reply
    /// retry within the grace time gets the *same* successor; older reuse closes the session.
    ///
    /// # Errors
    /// `Token`, `Unavailable`.
    pub async fn refresh(&self, token: &str, client: &Client) -> Result<Opened, Problem> {
        let presented =
            SessionToken::decode(token, Transport::Refresh).ok_or(TokenFault::Malformed)?;
        for _ in 0..ATTEMPTS {
            let now = self.ports.clock.now();
            let (session, user) = self.read(presented.session_id()).await?;
            match self.standing(&presented, &session) {
                Standing::Foreign => return Err(Problem::Token(TokenFault::BadSignature)),
                Standing::Ancestor => return self.reused(&session, &user, client).await,
                Standing::Previous(next) => {
                    return self.retried(session, user, &next, client, now).await;
                }
                Standing::Current => {
                    self.ensure_open(&session, &user, now)?;
                    if let Some(opened) = self.rotated(session, user, &presented, now).await? {
                        return Ok(opened);
                    }
                }
            }
        }
        Err(Problem::Token(TokenFault::Revoked))
    }

    fn standing(&self, presented: &SessionToken, session: &Session) -> Standing {
        let behind = session.generation - i64::from(presented.generation());
        let behind = u32::try_from(behind).unwrap_or(u32::MAX);
        if session.transport != Transport::Refresh || behind > MAX_BEHIND {
            return Standing::Foreign;
        }
        let mut token = presented.clone();
        for _ in 0..behind {
            token = token.successor(&self.chain_key);
        }
        if !token.hash().matches(&session.secret_hash) {
            return Standing::Foreign;
        }
        match behind {
            0 => Standing::Current,
            1 => Standing::Previous(token),
            _ => Standing::Ancestor,
        }
    }

    /// `None` when somebody else rotated the same token at the same moment.
    async fn rotated(
        &self,
        mut session: Session,
        user: User,
        spent: &SessionToken,
        now: Timestamp,
    ) -> Result<Option<Opened>, Problem> {
        let next = spent.successor(&self.chain_key);
        let noted = Entry::own(Action::Refresh, user.id).in_session(session.id);
        let (spent, sequel) = (spent.hash(), self.ledger.follows(noted)?);
        let rotation = Rotation { id: session.id, spent, next: next.hash(), at: now, sequel };
        if !self.ports.sessions.rotate(&rotation).await? {
            return Ok(None);
        }
        session.secret_hash = rotation.next;
        session.generation += 1;
        (session.rotated_at, session.last_seen_at) = (now, now);
        self.hand_out(session, user, &next, None, now).map(Some)
    }

    async fn retried(
        &self,
        session: Session,
        user: User,
        next: &SessionToken,
        client: &Client,
        now: Timestamp,
    ) -> Result<Opened, Problem> {
        if now.since(session.rotated_at) > self.lifetimes.refresh_grace {
            return self.reused(&session, &user, client).await;
        }
        self.ensure_open(&session, &user, now)?;
        self.hand_out(session, user, next, None, now)
    }

    /// One of the two who hold this family is a thief, and which one cannot be told: it ends.
    async fn reused(
        &self,
        session: &Session,
        user: &User,
        client: &Client,
    ) -> Result<Opened, Problem> {
        let noted = Entry::of(Action::RefreshReuse).about(user.id).in_session(session.id);
        let noted = self.ledger.follows(noted.failed("reused"))?;
        let told = self.post.reuse_noticed(user, self.ports.clock.now())?.and(noted);
        self.ports.sessions.close(session.user_id, session.id, &told).await?;
        self.ports.log.event(&SecurityEvent::RefreshReused(session.user_id, session.id), client);
        Err(Problem::Token(TokenFault::Reused))
    }
}
