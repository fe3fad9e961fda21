//! Checking a password: counted, bounded, and the same work whoever is asked for.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

use crate::Ports;
use crate::audit::{Action, Entry, Ledger};
use crate::problem::Problem;
use crate::sessions::{
    Allowance, Budget, Client, LoginLimits, SecurityEvent, SecurityLog, Throttle, ThrottleKey,
};
use crate::time::Clock;
use crate::users::flights::{Attempt, Flights, Turn};
use crate::users::home::{Home, KNOWN_FOR};
use crate::users::streaks::Streaks;
use crate::users::{HashError, Password, PasswordHasher, Status, User, UserKey, Verdict};

/// When to come back if too many attempts of one account wait for each other: they land by then.
const CROWDED: Duration = Duration::from_secs(1);

/// Verifies passwords for sign-in and for confirmations, within one budget of failures per account
/// and one per network, whichever surface asks.
pub(crate) struct Credentials {
    hasher: Arc<dyn PasswordHasher>,
    throttle: Arc<dyn Throttle>,
    clock: Arc<dyn Clock>,
    log: Arc<dyn SecurityLog>,
    ledger: Ledger,
    limits: LoginLimits,
    flights: Flights,
    streaks: Streaks,
}

/// What asking the budgets came to; a spent one stays so for this time.
enum Reserved {
    Granted,
    NetworkSpent(Duration),
    AccountSpent(Duration),
}

impl Credentials {
    /// Built once by [`Services`](crate::Services).
    pub(crate) fn new(ports: &Ports, limits: LoginLimits) -> Self {
        Self {
            hasher: Arc::clone(&ports.hasher),
            throttle: Arc::clone(&ports.throttle),
            clock: Arc::clone(&ports.clock),
            log: Arc::clone(&ports.log),
            ledger: Ledger::new(ports),
            streaks: Streaks::new(ports, limits.enabled),
            limits,
            flights: Flights::default(),
        }
    }

    /// Whether `password` is `user`'s. `typed` stands for a person who does not exist: its attempts
    /// are counted and its password hashed like anybody's.
    ///
    /// # Errors
    /// `Throttled` before any hashing, `Busy` when the lane is full, `Unavailable`.
    pub(crate) async fn check(
        &self,
        user: Option<&User>,
        typed: Option<&UserKey>,
        password: &Password,
        client: &Client,
    ) -> Result<Verdict, Problem> {
        let subject = subject(user, typed);
        let place = client.address.map(network);
        let network = place.as_ref().map(|place| ThrottleKey::new("network", place));
        let home = place.map(|place| Home::new(&subject, &place));
        let is_home = self.is_known(home.as_ref()).await?;
        let elsewhere = ThrottleKey::new("account", &subject);
        let account = match &home {
            // Whoever guesses from elsewhere does not use up what the owner has at home.
            Some(home) if is_home => home.account,
            Some(_) | None => elsewhere,
        };
        let _attempt = self.take_off(user, account, network, client).await?;
        let streak = match self.streaks.enter(account, user).await {
            Ok(streak) => streak,
            Err(problem) => {
                self.release([account].into_iter().chain(network)).await?;
                self.note_throttled(user, account, client).await?;
                return Err(problem);
            }
        };
        match self.hasher.verify(password, user.map(|user| &user.password_hash)).await {
            Ok(Verdict::Mismatch) => {
                self.streaks.failed(&streak).await?;
                Ok(Verdict::Mismatch)
            }
            // A right password that lets nobody in counts like a wrong one: the budget must not
            // tell that it was right.
            Ok(verdict @ Verdict::Match { .. }) => {
                if user.is_some_and(|user| user.status == Status::Active) {
                    self.settle(account, network).await?;
                    self.streaks.end([account, elsewhere], user).await?;
                    self.come_home(home.filter(|_| !is_home)).await?;
                } else {
                    self.streaks.failed(&streak).await?;
                }
                Ok(verdict)
            }
            Err(error) => {
                // Nothing was evaluated, so nothing was guessed.
                self.streaks.undone(&streak).await?;
                self.release([account].into_iter().chain(network)).await?;
                Err(HashError::into(error))
            }
        }
    }

    /// Takes one attempt from each budget; while others of the account are under way, waits for one
    /// of them rather than be refused: they may be right and give theirs back.
    async fn take_off(
        &self,
        user: Option<&User>,
        account: ThrottleKey,
        network: Option<ThrottleKey>,
        client: &Client,
    ) -> Result<Attempt<'_>, Problem> {
        let mut attempt = self.flights.begin(account);
        let spent = loop {
            match self.reserve(account, network).await? {
                Reserved::Granted => {
                    attempt.granted();
                    return Ok(attempt);
                }
                Reserved::NetworkSpent(wait) => break wait,
                Reserved::AccountSpent(wait) => match attempt.refused() {
                    Turn::Wait(landed) => landed.await,
                    Turn::Crowded => return Err(Problem::Busy(CROWDED)),
                    Turn::Spent => break wait,
                },
            }
            attempt.ask_again();
        };
        self.note_throttled(user, account, client).await?;
        Err(Problem::Throttled(spent))
    }

    async fn note_throttled(
        &self,
        user: Option<&User>,
        account: ThrottleKey,
        client: &Client,
    ) -> Result<(), Problem> {
        let id = user.map(|user| user.id);
        self.log.event(&SecurityEvent::SignInThrottled(id), client);
        let entry = Entry::of(Action::SignInThrottle).about(id).denied("too_many_failures");
        self.ledger.note_once(&format!("{account:?}"), entry).await
    }

    /// Takes one attempt from each budget *before* the password is looked at: parallel guesses
    /// cannot all see the same remainder (CVE-2019-5421).
    async fn reserve(
        &self,
        account: ThrottleKey,
        network: Option<ThrottleKey>,
    ) -> Result<Reserved, Problem> {
        if let Some(network) = network
            && let Some(wait) = self.take(network, self.limits.per_network).await?
        {
            return Ok(Reserved::NetworkSpent(wait));
        }
        let spent = self.take(account, self.limits.per_account).await;
        if let (Ok(Some(_)) | Err(_), Some(network)) = (&spent, network) {
            self.give_back(network).await?;
        }
        Ok(spent?.map_or(Reserved::Granted, Reserved::AccountSpent))
    }

    /// `None` where it was granted; else how long the budget stays spent.
    async fn take(&self, key: ThrottleKey, limit: u32) -> Result<Option<Duration>, Problem> {
        if !self.limits.enabled {
            return Ok(None);
        }
        let now = self.clock.now();
        let budget = Budget { key, limit, window: self.limits.window };
        match self.throttle.take(&budget, now).await? {
            Allowance::Granted => Ok(None),
            Allowance::Spent(until) => Ok(Some(until.since(now))),
        }
    }

    /// The password was right: what was counted against the account before is forgotten.
    async fn settle(
        &self,
        account: ThrottleKey,
        network: Option<ThrottleKey>,
    ) -> Result<(), Problem> {
        if self.limits.enabled {
            self.throttle.clear(&account).await?;
        }
        self.release(network).await
    }

    /// Whether the person signed in from there before. Nobody's home is looked up as well.
    async fn is_known(&self, home: Option<&Home>) -> Result<bool, Problem> {
        match home {
            Some(home) if self.limits.enabled => {
                Ok(self.throttle.is_counted(&home.known, self.clock.now()).await?)
            }
            Some(_) | None => Ok(false),
        }
    }

    /// Notes that the person signed in from there.
    async fn come_home(&self, home: Option<Home>) -> Result<(), Problem> {
        if let Some(home) = home.filter(|_| self.limits.enabled) {
            let budget = Budget { key: home.known, limit: 1, window: KNOWN_FOR };
            self.throttle.take(&budget, self.clock.now()).await?;
        }
        Ok(())
    }

    /// Gives back what was taken under these keys.
    async fn release(&self, keys: impl IntoIterator<Item = ThrottleKey>) -> Result<(), Problem> {
        for key in keys {
            self.give_back(key).await?;
        }
        Ok(())
    }

    async fn give_back(&self, key: ThrottleKey) -> Result<(), Problem> {
        if self.limits.enabled {
            self.throttle.give_back(&key).await?;
        }
        Ok(())
    }
}

/// What an account's failures are counted under: the id of the person, which no look-alike
/// identifier shares (CVE-2024-1722), or what was typed where that is nobody's.
pub(crate) fn subject(user: Option<&User>, typed: Option<&UserKey>) -> String {
    match (user, typed) {
        (Some(user), _) => user.id.to_string(),
        (None, Some(UserKey::Id(id))) => id.to_string(),
        (None, Some(UserKey::Number(number))) => number.to_string(),
        (None, Some(UserKey::Username(username))) => username.key().to_owned(),
        (None, Some(UserKey::Email(email))) => email.key().to_owned(),
        (None, Some(UserKey::Mobile(mobile))) => mobile.key().to_owned(),
        (None, None) => String::new(),
    }
}

/// An IPv4 address, or the /64 of an IPv6 one: what one customer of a provider holds.
pub(crate) fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => Ipv6Addr::from(u128::from(v6) >> 64 << 64).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_network_is_its_first_64_bits() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), of("2001:db8:1:2:ffff::1"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
    }
}
