//! Checking a password: counted, bounded, and the same work whoever is asked for.

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
use crate::users::room::{CROWDED, Room};
use crate::users::slowing::Slowing;
use crate::users::streaks::Streaks;
use crate::users::subject::{network, subject};
use crate::users::{Password, Place, Status, User, UserKey, Verdict};

/// Verifies passwords for sign-in and for confirmations, within one budget of failures per account
/// and one per network, whichever surface asks.
pub(crate) struct Credentials {
    throttle: Arc<dyn Throttle>,
    clock: Arc<dyn Clock>,
    log: Arc<dyn SecurityLog>,
    ledger: Ledger,
    limits: LoginLimits,
    flights: Flights,
    streaks: Streaks,
    slowing: Slowing,
    room: Room,
}

/// What an attempt is taken from.
struct Budgets {
    account: Budget,
    network: Option<Budget>,
}

/// What asking the budgets came to; a spent one stays so for this time.
enum Reserved {
    /// So many attempts of the account were counted before.
    Granted(u32),
    Spent {
        wait: Duration,
        of_account: bool,
    },
}

impl Credentials {
    /// Built once by [`Services`](crate::Services).
    pub(crate) fn new(ports: &Ports, limits: LoginLimits) -> Self {
        Self {
            throttle: Arc::clone(&ports.throttle),
            clock: Arc::clone(&ports.clock),
            log: Arc::clone(&ports.log),
            ledger: Ledger::new(ports),
            streaks: Streaks::new(ports, limits.enabled),
            slowing: Slowing::new(ports, limits.delay),
            room: Room::new(ports),
            limits,
            flights: Flights::default(),
        }
    }

    /// A place for a check: taken before the person is looked up.
    ///
    /// # Errors
    /// `Busy` when too many hash or wait.
    pub(crate) async fn enter(&self) -> Result<Place, Problem> {
        self.room.enter().await
    }

    /// Whether `password` is `user`'s. `typed` stands for a person who does not exist: its attempts
    /// are counted, slowed down and its password hashed like anybody's.
    ///
    /// # Errors
    /// `Throttled` before any hashing, `Busy` when too many hash or wait, `Unavailable`.
    pub(crate) async fn check(
        &self,
        place: Place,
        user: Option<&User>,
        typed: Option<&UserKey>,
        password: &Password,
        client: &Client,
    ) -> Result<Verdict, Problem> {
        let subject = subject(user, typed);
        let whence = client.address.map(network);
        let home = whence.as_ref().map(|whence| Home::new(&subject, whence));
        let is_home = self.is_known(home.as_ref()).await?;
        let elsewhere = ThrottleKey::new("account", &subject);
        let account = match &home {
            // Whoever guesses from elsewhere does not use up what the owner has at home.
            Some(home) if is_home => home.account,
            Some(_) | None => elsewhere,
        };
        let network = whence.map(|whence| ThrottleKey::new("network", &whence));
        let budgets = self.budgets(account, network);
        let (_attempt, failures, place) = self.take_off(place, user, &budgets, client).await?;
        let streak = match self.streaks.enter(account, user).await {
            Ok(streak) => streak,
            Err(problem) => {
                self.nothing_tried(&budgets, client).await?;
                if matches!(problem, Problem::Throttled(_)) {
                    self.note_throttled(user, account, client).await?;
                }
                return Err(problem);
            }
        };
        let verdict = async {
            let place = if is_home { place } else { self.slowed(place, failures).await? };
            let hash = user.map(|user| &user.password_hash);
            self.room.verify_at(place, password, hash).await
        };
        match verdict.await {
            Ok(Verdict::Mismatch) => {
                self.streaks.failed(&streak).await?;
                Ok(Verdict::Mismatch)
            }
            // A right password that lets nobody in counts like a wrong one: the budget must not
            // tell that it was right.
            Ok(verdict @ Verdict::Match { .. }) => {
                if user.is_some_and(|user| user.status == Status::Active) {
                    self.settle(&budgets, client).await?;
                    self.streaks.end([account, elsewhere], user).await?;
                    self.come_home(home.filter(|_| !is_home)).await?;
                } else {
                    self.streaks.failed(&streak).await?;
                }
                Ok(verdict)
            }
            Err(problem) => {
                // Nothing was evaluated, so nothing was guessed.
                let undone = self.streaks.undone(&streak).await;
                self.nothing_tried(&budgets, client).await?;
                undone.and(Err(problem))
            }
        }
    }

    /// Waits as long as is due. Who waits keeps nobody else from hashing, and takes a place again.
    async fn slowed(&self, place: Place, failures: u32) -> Result<Place, Problem> {
        if !self.slowing.is_due(failures) {
            return Ok(place);
        }
        drop(place);
        self.slowing.after(failures).await?;
        self.room.enter_again()
    }

    fn budgets(&self, account: ThrottleKey, network: Option<ThrottleKey>) -> Budgets {
        let limits = &self.limits;
        let budget = |name, key, limit| Budget { name, key, limit, window: limits.window };
        Budgets {
            account: budget("sign-in", account, limits.per_account),
            network: network.map(|key| budget("sign-in-network", key, limits.per_network)),
        }
    }

    /// Takes one attempt from each budget; while others of the account are under way, waits for one
    /// of them rather than be refused: they may be right and give theirs back. Who waits so holds no
    /// place meanwhile, or one account's sign-ins would keep all others of their network from hashing.
    /// Says how many failed before: those whose outcome is not known yet are none.
    async fn take_off(
        &self,
        mut place: Place,
        user: Option<&User>,
        budgets: &Budgets,
        client: &Client,
    ) -> Result<(Attempt<'_>, u32, Place), Problem> {
        let mut attempt = self.flights.begin(budgets.account.key);
        let spent = loop {
            match self.reserve(budgets, client).await? {
                Reserved::Granted(counted) => {
                    let others = attempt.granted();
                    return Ok((attempt, counted.saturating_sub(others), place));
                }
                Reserved::Spent { wait, of_account: false } => break wait,
                Reserved::Spent { wait, of_account: true } => match attempt.refused() {
                    Turn::Wait(landed) => {
                        drop(place);
                        landed.await;
                        place = self.room.enter_again()?;
                    }
                    Turn::Crowded => return Err(Problem::Busy(CROWDED)),
                    Turn::Spent => break wait,
                },
            }
            attempt.ask_again();
        };
        self.note_throttled(user, budgets.account.key, client).await?;
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
    async fn reserve(&self, budgets: &Budgets, client: &Client) -> Result<Reserved, Problem> {
        if !self.limits.enabled {
            return Ok(Reserved::Granted(0));
        }
        let now = self.clock.now();
        client.tally.announce(&budgets.account);
        if let Some(network) = &budgets.network {
            let allowance = self.throttle.take(network, now).await?;
            client.tally.note(network, allowance, now);
            if let Allowance::Spent(until) = allowance {
                return Ok(Reserved::Spent { wait: until.since(now), of_account: false });
            }
        }
        let account = &budgets.account;
        let taken = self.throttle.take(account, now).await;
        if !matches!(taken, Ok(Allowance::Granted { .. })) {
            self.release(budgets, client).await?;
        }
        match taken? {
            Allowance::Granted { left, .. } => {
                Ok(Reserved::Granted(account.limit.saturating_sub(left).saturating_sub(1)))
            }
            spent @ Allowance::Spent(until) => {
                client.tally.note(account, spent, now);
                Ok(Reserved::Spent { wait: until.since(now), of_account: true })
            }
        }
    }

    /// The password was right: what was counted against the account before is forgotten.
    async fn settle(&self, budgets: &Budgets, client: &Client) -> Result<(), Problem> {
        if self.limits.enabled {
            self.throttle.clear(&budgets.account.key).await?;
        }
        self.release(budgets, client).await
    }

    /// Gives back what was taken from both: no password was looked at.
    async fn nothing_tried(&self, budgets: &Budgets, client: &Client) -> Result<(), Problem> {
        self.give_back(&budgets.account, client).await?;
        self.release(budgets, client).await
    }

    /// Gives back what was taken from the network.
    async fn release(&self, budgets: &Budgets, client: &Client) -> Result<(), Problem> {
        match &budgets.network {
            Some(network) => self.give_back(network, client).await,
            None => Ok(()),
        }
    }

    async fn give_back(&self, budget: &Budget, client: &Client) -> Result<(), Problem> {
        if self.limits.enabled {
            self.throttle.give_back(&budget.key).await?;
            client.tally.give_back(budget);
        }
        Ok(())
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
            let budget =
                Budget { name: "known network", key: home.known, limit: 1, window: KNOWN_FOR };
            self.throttle.take(&budget, self.clock.now()).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
