//! Signing in, proving it, and signing out.

use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;

use crate::Ports;
use crate::entropy::{secret, uuid};
use crate::page::{Page, PageRequest};
use crate::problem::{Problem, SignInFault, Thing};
use crate::sessions::{
    ChainKey, Claims, Client, Door, PublicKey, SecurityEvent, Session, SessionCursor,
    SessionFilter, SessionId, SessionToken, TokenFault, TokenKind, Transport,
};
use crate::time::Timestamp;
use crate::users::{Credentials, Password, Status, User, UserId, UserKey, Verdict};

/// `last_seen_at` is written at most this often per session.
const TOUCH_INTERVAL: Duration = Duration::from_secs(60);
/// The most of a `User-Agent` field that is kept, in characters.
const MAX_USER_AGENT: usize = 255;

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

/// A sign-in, as parsed by a surface.
#[derive(Debug, Clone)]
pub struct Login {
    /// Whom the caller claims to be; `None` where the text can be nobody's.
    pub key: Option<UserKey>,
    /// The password.
    pub password: Password,
    /// Where.
    pub door: Door,
    /// How the session is to be proven.
    pub transport: Transport,
    /// How long a bearer token lives; `None`: as long as the session.
    pub bearer_lifetime: Option<Duration>,
    /// Where from.
    pub client: Client,
}

/// A session that was just opened or renewed, and what its holder is given.
#[derive(Debug)]
pub struct Opened {
    /// The session.
    pub session: Session,
    /// Its person.
    pub user: User,
    /// A signed access token; empty for [`Transport::Cookie`].
    pub access_token: SecretString,
    /// How long the access token lives.
    pub expires_in: Duration,
    /// The refresh token or cookie value; nothing to hand out for [`Transport::Bearer`].
    pub secret: SecretString,
}

/// A caller whose token or cookie proved an open session of an active person, read just now.
#[derive(Debug, Clone)]
pub struct Authenticated {
    /// The person.
    pub user: User,
    /// The session.
    pub session: Session,
}

/// Serves every surface alike.
pub struct SessionService {
    pub(crate) ports: Ports,
    credentials: Arc<Credentials>,
    pub(crate) lifetimes: Lifetimes,
    pub(crate) chain_key: ChainKey,
}

impl SessionService {
    /// Built once by [`Services`](crate::Services).
    pub(crate) fn new(
        ports: Ports,
        credentials: Arc<Credentials>,
        lifetimes: Lifetimes,
        chain_key: ChainKey,
    ) -> Self {
        Self { ports, credentials, lifetimes, chain_key }
    }

    /// Signs in. Unknown, wrong, inactive and locked cost the same work.
    ///
    /// # Errors
    /// `SignIn` with the true reason, `Throttled`, `Busy`, `Unavailable`.
    pub async fn login(&self, login: Login) -> Result<Opened, Problem> {
        let found = match &login.key {
            Some(key) => self.ports.users.find(key).await?,
            None => None,
        };
        let verdict = self
            .credentials
            .check(found.as_ref(), login.key.as_ref(), &login.password, &login.client)
            .await?;
        let user = match admit(found, verdict) {
            Ok(user) => user,
            Err((fault, id)) => {
                self.ports.log.event(&SecurityEvent::SignInFailed(id), &login.client);
                return Err(Problem::SignIn(fault));
            }
        };
        if verdict == (Verdict::Match { outdated: true }) {
            self.renew_hash(&user, &login.password).await;
        }
        self.open(user, login.door, login.transport, login.bearer_lifetime, &login.client).await
    }

    /// Hashes the password with today's scheme and cost. A sign-in does not fail for it.
    async fn renew_hash(&self, user: &User, password: &Password) {
        let renewed = async {
            let hash = self.ports.hasher.hash(password).await?;
            self.ports.users.rehash(user.id, &user.password_hash, &hash).await?;
            Ok::<(), Problem>(())
        };
        if let Err(problem) = renewed.await {
            self.ports.log.degraded("a password hash was not renewed", Box::new(problem));
        }
    }

    /// Opens a session for a person whose identity was proven by the caller just now.
    ///
    /// # Errors
    /// `SignIn(Unknown)` when the person was removed meanwhile, `Unavailable`.
    pub async fn open(
        &self,
        user: User,
        door: Door,
        transport: Transport,
        bearer_lifetime: Option<Duration>,
        client: &Client,
    ) -> Result<Opened, Problem> {
        let now = self.ports.clock.now();
        let id = SessionId(uuid(self.ports.entropy.as_ref(), now)?);
        let token = SessionToken::first(id, transport, secret(self.ports.entropy.as_ref())?);
        let session = Session {
            id,
            user_id: user.id,
            epoch: user.epoch,
            door,
            transport,
            secret_hash: token.hash(),
            generation: 0,
            rotated_at: now,
            address: client.address.map(|address| address.to_canonical()),
            user_agent: client
                .user_agent
                .as_ref()
                .map(|text| text.chars().take(MAX_USER_AGENT).collect()),
            created_at: now,
            last_seen_at: now,
            expires_at: now.plus(self.lifetimes.absolute),
        };
        if !self.ports.sessions.open(&session).await? {
            return Err(Problem::SignIn(SignInFault::Unknown));
        }
        self.ports.log.event(&SecurityEvent::SignedIn(user.id, id), client);
        self.hand_out(session, user, &token, bearer_lifetime, now)
    }

    /// What the holder of `token` is given.
    pub(crate) fn hand_out(
        &self,
        session: Session,
        user: User,
        token: &SessionToken,
        bearer_lifetime: Option<Duration>,
        now: Timestamp,
    ) -> Result<Opened, Problem> {
        let remaining = session.expires_at.since(now);
        let lifetime = match session.transport {
            Transport::Refresh => self.lifetimes.access.min(remaining),
            Transport::Bearer => bearer_lifetime.unwrap_or(remaining).min(remaining),
            Transport::Cookie => Duration::ZERO,
        };
        let access_token = match session.transport {
            Transport::Refresh | Transport::Bearer => {
                self.sign(&session, TokenKind::Access, now, lifetime)?
            }
            Transport::Cookie => String::new(),
        };
        let secret = match session.transport {
            Transport::Refresh | Transport::Cookie => token.encode(),
            Transport::Bearer => String::new(),
        };
        Ok(Opened {
            session,
            user,
            access_token: access_token.into(),
            expires_in: lifetime,
            secret: secret.into(),
        })
    }

    fn sign(
        &self,
        session: &Session,
        kind: TokenKind,
        now: Timestamp,
        lifetime: Duration,
    ) -> Result<String, Problem> {
        let claims = Claims {
            kind,
            user_id: session.user_id,
            session_id: session.id,
            token_id: uuid(self.ports.entropy.as_ref(), now)?,
            issued_at: now,
            expires_at: now.plus(lifetime),
        };
        Ok(self.ports.signer.sign(&claims)?)
    }

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

    async fn proven(
        &self,
        session: Session,
        user: User,
        now: Timestamp,
    ) -> Result<Authenticated, Problem> {
        self.ensure_open(&session, &user, now)?;
        if now.since(session.last_seen_at) >= TOUCH_INTERVAL {
            self.touch(session.id, now).await;
        }
        Ok(Authenticated { user, session })
    }

    /// Notes the use of a session. A request goes on without the note: reads outlive a full disk.
    async fn touch(&self, id: SessionId, now: Timestamp) {
        let written = self.ports.sessions.touch(id, now, now.minus(TOUCH_INTERVAL)).await;
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
        if !self.ports.sessions.close(caller.user.id, id).await? {
            return Err(Problem::NotFound(Thing::Session));
        }
        self.ports.log.event(&SecurityEvent::SignedOut(caller.user.id, id), client);
        Ok(())
    }

    /// Closes all sessions of the caller's but this one; says how many.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn close_others(&self, caller: &Authenticated) -> Result<u64, Problem> {
        Ok(self.ports.sessions.close_all(caller.user.id, Some(caller.session.id)).await?)
    }

    /// Closes all sessions of the caller's, this one included; says how many.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn close_all(&self, caller: &Authenticated) -> Result<u64, Problem> {
        Ok(self.ports.sessions.close_all(caller.user.id, None).await?)
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
        self.ports.sessions.close_all(id, None).await?;
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
        Ok(sessions + self.ports.throttle.purge(now).await?)
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

/// The person who signed in, or why nobody did; told only to surfaces that their contract asks.
fn admit(found: Option<User>, verdict: Verdict) -> Result<User, (SignInFault, Option<UserId>)> {
    let Some(user) = found else { return Err((SignInFault::Unknown, None)) };
    let id = Some(user.id);
    match (verdict, user.status) {
        (Verdict::Mismatch, _) => Err((SignInFault::WrongPassword, id)),
        (Verdict::Match { .. }, Status::Inactive) => Err((SignInFault::Inactive, id)),
        (Verdict::Match { .. }, Status::Locked) => Err((SignInFault::Locked, id)),
        (Verdict::Match { .. }, Status::Active) => Ok(user),
    }
}
