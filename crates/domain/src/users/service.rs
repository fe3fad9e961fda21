//! What may be asked and done about people: registration and the directory.

use std::sync::Arc;

use crate::Ports;
use crate::entropy::Entropy;
use crate::page::{Page, PageRequest};
use crate::problem::{Field, Problem, Thing};
use crate::time::Clock;
use crate::users::credentials::Credentials;
use crate::users::turns::Turns;
use crate::users::{
    DirectoryQuery, PasswordHasher, Registration, Role, Roles, Rules, Status, User, UserCursor,
    UserId, UserKey, UserStore,
};

/// Serves every surface alike; whoever calls is named by `actor`.
pub struct UserService {
    pub(crate) users: Arc<dyn UserStore>,
    pub(crate) hasher: Arc<dyn PasswordHasher>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) credentials: Arc<Credentials>,
    pub(crate) turns: Turns,
    entropy: Arc<dyn Entropy>,
    open: bool,
}

impl UserService {
    /// Built once by [`Services`](crate::Services).
    pub(crate) fn new(ports: &Ports, credentials: Arc<Credentials>, open: bool) -> Self {
        Self {
            users: Arc::clone(&ports.users),
            hasher: Arc::clone(&ports.hasher),
            clock: Arc::clone(&ports.clock),
            entropy: Arc::clone(&ports.entropy),
            credentials,
            turns: Turns::default(),
            open,
        }
    }

    /// Adds a person that registers itself, or that an administrator adds.
    ///
    /// # Errors
    /// `RegistrationClosed`, `Invalid` with all faults at once, `Taken` (username first, then
    /// e-mail, then mobile), `Busy`, `Unavailable`.
    pub async fn register(
        &self,
        actor: Option<&User>,
        registration: Registration,
        rules: &Rules,
    ) -> Result<User, Problem> {
        let by_admin = actor.is_some_and(User::is_admin);
        if !self.open && !by_admin {
            return Err(Problem::RegistrationClosed);
        }
        self.add(registration, rules, Roles::default(), by_admin).await
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
        self.add(registration, &rules, Roles::new([Role::Admin]), true).await
    }

    async fn add(
        &self,
        registration: Registration,
        rules: &Rules,
        roles: Roles,
        reserved: bool,
    ) -> Result<User, Problem> {
        let now = self.clock.now();
        let candidate = registration.validate(rules, reserved, self.entropy.as_ref(), now)?;
        let mut user = candidate.user;
        user.roles = roles;
        // Spares the hash for what cannot be added anyway; the store's unique keys decide.
        self.refuse_taken(&user).await?;
        user.password_hash = self.hasher.hash(&candidate.password).await?;
        user.number = self.users.add(&user).await?;
        Ok(user)
    }

    async fn refuse_taken(&self, user: &User) -> Result<(), Problem> {
        let username = user.username.clone().map(|name| (Field::Username, UserKey::Username(name)));
        let email = user.email.clone().map(|email| (Field::Email, UserKey::Email(email)));
        let mobile = user.mobile.clone().map(|mobile| (Field::Mobile, UserKey::Mobile(mobile)));
        for (field, key) in [username, email, mobile].into_iter().flatten() {
            if self.users.find(&key).await?.is_some() {
                return Err(Problem::Taken(field));
            }
        }
        Ok(())
    }

    /// One person, whoever asks: surfaces show strangers a part only
    /// ([`User::may_manage`]).
    ///
    /// # Errors
    /// `NotFound`, `Unavailable`.
    pub async fn find(&self, key: &UserKey) -> Result<User, Problem> {
        self.users.find(key).await?.ok_or(Problem::NotFound(Thing::User))
    }

    /// A page of the directory, for administrators.
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
