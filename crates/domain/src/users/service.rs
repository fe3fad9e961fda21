//! What may be asked and done about people: registration and the directory.

use std::sync::Arc;

use crate::audit::{Action, Entry, Ledger};
use crate::entropy::Entropy;
use crate::page::{Page, PageRequest};
use crate::pictures::PictureService;
use crate::post::{CodeStore, Recipient, Sequel};
use crate::problem::{Field, Problem, Thing};
use crate::sessions::{ChainKey, Gate};
use crate::store::StoreError;
use crate::time::{Clock, Timestamp};
use crate::users::admission::Admission;
use crate::users::correspondence::Correspondence;
use crate::users::credentials::Credentials;
use crate::users::turns::Turns;
use crate::users::{
    DirectoryFilter, DirectoryQuery, Greeting, MatchCursor, Prefix, Registration, Role, Roles,
    Room, Rules, Status, User, UserCursor, UserId, UserKey, UserStore,
};
use crate::{Policy, Ports};

/// Serves every surface alike; whoever calls is named by `actor`.
pub struct UserService {
    pub(crate) users: Arc<dyn UserStore>,
    pub(crate) room: Room,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) credentials: Arc<Credentials>,
    pub(crate) turns: Turns,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) codes: Arc<dyn CodeStore>,
    pub(crate) post: Correspondence,
    pub(crate) pictures: Arc<PictureService>,
    pub(crate) gate: Gate,
    pub(crate) ledger: Ledger,
    pub(super) admission: Admission,
}

impl UserService {
    /// Built once by [`Services`](crate::Services).
    pub(crate) fn new(
        ports: &Ports,
        credentials: Arc<Credentials>,
        key: Arc<ChainKey>,
        pictures: Arc<PictureService>,
        gate: Gate,
        policy: &Policy,
    ) -> Self {
        Self {
            users: Arc::clone(&ports.users),
            room: Room::new(ports),
            clock: Arc::clone(&ports.clock),
            entropy: Arc::clone(&ports.entropy),
            codes: Arc::clone(&ports.codes),
            post: Correspondence::new(ports, key),
            pictures,
            ledger: Ledger::new(ports),
            credentials,
            turns: Turns::default(),
            admission: Admission::new(gate.clone(), policy),
            gate,
        }
    }

    /// Adds a person that registers itself, or that an administrator adds.
    ///
    /// # Errors
    /// `RegistrationClosed`, `Invalid` with all faults at once, `Taken` (username first, then
    /// e-mail, then mobile), `Throttled`, `Busy`, `Unavailable`.
    pub async fn register(
        &self,
        actor: Option<&User>,
        registration: Registration,
        rules: &Rules,
    ) -> Result<User, Problem> {
        let by_admin = actor.is_some_and(User::is_admin);
        if !self.admission.open && !by_admin {
            return Err(Problem::RegistrationClosed);
        }
        let actor = actor.map(|actor| actor.id);
        self.add(registration, rules, Roles::default(), actor, by_admin).await
    }

    /// Adds an administrator, on the word of whoever operates the server.
    ///
    /// # Errors
    /// As [`register`](Self::register), but never `RegistrationClosed`.
    pub async fn add_admin(
        &self,
        registration: Registration,
        rules: &Rules,
    ) -> Result<User, Problem> {
        let rules = Rules { initial_status: Status::Active, ..rules.clone() };
        self.add(registration, &rules, Roles::new([Role::Admin]), None, true).await
    }

    /// Judges what somebody who registers sent, without adding anybody: for surfaces that have a
    /// reason of their own to refuse it, which comes second.
    ///
    /// # Errors
    /// `Invalid` with all faults at once.
    pub fn judge(&self, registration: &Registration, rules: &Rules) -> Result<(), Problem> {
        let (registration, now) = (registration.clone(), self.clock.now());
        registration.validate(rules, false, self.entropy.as_ref(), now).map(drop)
    }

    async fn add(
        &self,
        registration: Registration,
        rules: &Rules,
        roles: Roles,
        actor: Option<UserId>,
        reserved: bool,
    ) -> Result<User, Problem> {
        let (now, client) = (self.clock.now(), registration.client.clone());
        let candidate = registration.validate(rules, reserved, self.entropy.as_ref(), now)?;
        let place = self.room.enter().await?;
        let mut user = candidate.user;
        user.roles = roles;
        if !reserved {
            self.admission.admit(&client, rules).await?;
        }
        // Spares the hash for what cannot be added anyway; the store's unique keys decide.
        self.refuse_taken(&user).await?;
        user.password_hash = self.room.hash_at(place, &candidate.password).await?;
        let added = Entry::of(Action::Registration).about(user.id);
        let added = if user.is_admin() { added.with("admin") } else { added };
        // Of what the operator does no person is known that does it.
        let added =
            if reserved && actor.is_none() { added } else { added.by(actor.unwrap_or(user.id)) };
        let sequel = self.welcome(&user, rules, now)?.and(self.ledger.follows(added)?);
        match self.users.add(&user, &sequel).await {
            Ok(number) => Ok(User { number, ..user }),
            Err(error) => Err(self.first_taken(&user, error).await),
        }
    }

    /// What somebody who has just registered is sent.
    fn welcome(&self, user: &User, rules: &Rules, now: Timestamp) -> Result<Sequel, Problem> {
        if user.status != Status::Inactive {
            return Ok(Sequel::none());
        }
        let mobile = user.mobile.as_ref();
        let address = user.email.clone().map(Recipient::Mail);
        let address = address.or_else(|| mobile.cloned().map(Recipient::Sms));
        match (rules.greeting, mobile, address) {
            (Greeting::ActivationCode, Some(mobile), _) => {
                self.post.activation(Some(user.id), mobile, now)
            }
            (Greeting::Link, _, Some(to)) => {
                self.post.verification(user.id, &to, &rules.link_base, now)
            }
            (Greeting::Nothing | Greeting::ActivationCode | Greeting::Link, _, _) => {
                Ok(Sequel::none())
            }
        }
    }

    /// What a store could not keep because somebody was quicker: of several keys that are taken it names
    /// any, and callers are told the first.
    pub(super) async fn first_taken(&self, user: &User, error: StoreError) -> Problem {
        match error {
            StoreError::Unavailable(_) => error.into(),
            StoreError::Conflict(_) => {
                self.refuse_taken(user).await.err().unwrap_or_else(|| error.into())
            }
        }
    }

    async fn refuse_taken(&self, user: &User) -> Result<(), Problem> {
        match self.taken(user).await? {
            None => Ok(()),
            Some(Field::Username) => Err(Problem::Taken(Field::Username)),
            // Somebody may have come with all of them after the first was looked for.
            Some(later) => Err(Problem::Taken(self.taken(user).await?.unwrap_or(later))),
        }
    }

    /// The first key of the person that somebody else has.
    async fn taken(&self, user: &User) -> Result<Option<Field>, Problem> {
        let username = user.username.clone().map(|name| (Field::Username, UserKey::Username(name)));
        let email = user.email.clone().map(|email| (Field::Email, UserKey::Email(email)));
        let mobile = user.mobile.clone().map(|mobile| (Field::Mobile, UserKey::Mobile(mobile)));
        for (field, key) in [username, email, mobile].into_iter().flatten() {
            if self.users.find(&key).await?.is_some_and(|holder| holder.id != user.id) {
                return Ok(Some(field));
            }
        }
        Ok(None)
    }

    /// One person, whoever asks: surfaces show strangers a part only
    /// ([`User::may_manage`]).
    ///
    /// # Errors
    /// `NotFound`, `Unavailable`.
    pub async fn find(&self, key: &UserKey) -> Result<User, Problem> {
        self.users.find(key).await?.ok_or(Problem::NotFound(Thing::User))
    }

    /// A page of everybody, the oldest first: for surfaces whose contract shows everybody.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn everybody(
        &self,
        page: &PageRequest<UserCursor>,
    ) -> Result<Page<User, UserCursor>, Problem> {
        Ok(self.users.list(&DirectoryQuery::default(), page).await?)
    }

    /// A page of the directory by time of creation, for administrators.
    ///
    /// # Errors
    /// `Forbidden`, `Unavailable`.
    pub async fn list(
        &self,
        actor: &User,
        query: &DirectoryQuery,
        page: &PageRequest<UserCursor>,
    ) -> Result<Page<User, UserCursor>, Problem> {
        admins_only(actor)?;
        Ok(self.users.list(query, page).await?)
    }

    /// A page of a search of the directory, as in a phone book, for administrators
    /// ([`UserStore::search`]).
    ///
    /// # Errors
    /// `Forbidden`, `Unavailable`.
    pub async fn search(
        &self,
        actor: &User,
        prefix: &Prefix,
        filter: &DirectoryFilter,
        page: &PageRequest<MatchCursor>,
    ) -> Result<Page<User, MatchCursor>, Problem> {
        admins_only(actor)?;
        Ok(self.users.search(prefix, filter, page).await?)
    }

    /// How many people a query of the directory finds, for administrators.
    ///
    /// # Errors
    /// `Forbidden`, `Unavailable`.
    pub async fn count(&self, actor: &User, query: &DirectoryQuery) -> Result<u64, Problem> {
        admins_only(actor)?;
        Ok(self.users.count(query).await?)
    }

    /// Whether there is an administrator yet.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn has_admin(&self) -> Result<bool, Problem> {
        Ok(self.users.has_admin().await?)
    }

    pub(crate) async fn by_id(&self, id: UserId) -> Result<User, Problem> {
        self.find(&UserKey::Id(id)).await
    }
}

/// Refuses everybody who is no administrator.
pub(crate) fn admins_only(actor: &User) -> Result<(), Problem> {
    if actor.is_admin() { Ok(()) } else { Err(Problem::Forbidden) }
}
