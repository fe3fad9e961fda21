//! Signing in, and what its holder is given.

use std::time::Duration;

use secrecy::SecretString;

use crate::audit::{Action, Entry};
use crate::entropy::{secret, uuid};
use crate::problem::{Problem, SignInFault};
use crate::sessions::{
    Claims, Client, Door, SecurityEvent, Session, SessionId, SessionService, SessionToken,
    TokenKind, Transport,
};
use crate::time::Timestamp;
use crate::users::{Password, Place, Status, User, UserId, UserKey, Verdict};

/// The most of a `User-Agent` field that is kept, in characters.
const MAX_USER_AGENT: usize = 255;

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

impl SessionService {
    /// Signs in. Unknown, wrong, inactive and locked cost the same work.
    ///
    /// # Errors
    /// `SignIn` with the true reason, `Throttled`, `Busy`, `Unavailable`.
    pub async fn login(&self, login: Login) -> Result<Opened, Problem> {
        let place = self.credentials.enter().await?;
        // Boxed: it is large, and whoever finds no place needs no room for it.
        Box::pin(self.login_at(place, login)).await
    }

    async fn login_at(&self, place: Place, login: Login) -> Result<Opened, Problem> {
        let found = match &login.key {
            Some(key) => self.ports.users.find(key).await?,
            None => None,
        };
        let verdict = self
            .credentials
            .check(place, found.as_ref(), login.key.as_ref(), &login.password, &login.client)
            .await?;
        let user = match admit(found, verdict) {
            Ok(user) => user,
            Err((fault, id)) => {
                self.ports.log.event(&SecurityEvent::SignInFailed(id), &login.client);
                let failed = Entry::of(Action::SignIn).about(id).failed(why(fault));
                self.ledger.note(failed).await?;
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
            let place = self.ports.hasher.enter()?;
            let hash = self.ports.hasher.hash(&place, password).await?;
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
        let opened = self.ledger.follows(Entry::own(Action::SignIn, user.id).in_session(id))?;
        if !self.ports.sessions.open(&session, &opened).await? {
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
            Transport::Refresh | Transport::Kept => self.lifetimes.access.min(remaining),
            Transport::Bearer => bearer_lifetime.unwrap_or(remaining).min(remaining),
            Transport::Cookie => Duration::ZERO,
        };
        let access_token = match session.transport {
            Transport::Refresh | Transport::Kept | Transport::Bearer => {
                self.sign(&session, TokenKind::Access, now, lifetime)?
            }
            Transport::Cookie => String::new(),
        };
        let secret = match session.transport {
            Transport::Refresh | Transport::Cookie => token.encode(),
            Transport::Kept => self.sign(&session, TokenKind::Refresh, now, remaining)?,
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

    pub(crate) fn sign(
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
}

/// Why nobody signed in, as it is recorded.
fn why(fault: SignInFault) -> &'static str {
    match fault {
        SignInFault::Unknown => "unknown",
        SignInFault::WrongPassword => "wrong_password",
        SignInFault::Inactive => "inactive",
        SignInFault::Locked => "locked",
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
