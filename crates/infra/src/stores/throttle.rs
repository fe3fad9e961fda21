//! Counted attempts, exact over any number of nodes: every step is one conditional statement.

use async_trait::async_trait;
use diesel::result::{DatabaseErrorKind, Error};
use diesel::{
    BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, RunQueryDsl,
};
use domain::sessions::{Allowance, Budget, Throttle, ThrottleKey};
use domain::store::StoreError;
use domain::time::Timestamp;

use super::{PURGE_LIMIT, rows};
use crate::db::{AnyConnection, Database, Moment, steady_update, throttles};

/// How often others may be quicker before we give up: each time, one of them got on.
const ROUNDS: usize = 64;

pub(super) struct Throttles(pub(super) Database);

#[async_trait]
impl Throttle for Throttles {
    async fn take(&self, budget: &Budget, at: Timestamp) -> Result<Allowance, StoreError> {
        let (budget, at) = (budget.clone(), Moment::from(at));
        let ends_at = Moment::from(Timestamp::from(at).plus(budget.window));
        let taken = self.0.write(move |connection| {
            let attempt = Attempt { budget: &budget, at, ends_at };
            for _ in 0..ROUNDS {
                if let Some(allowance) = attempt.try_once(connection)? {
                    return Ok(Some(allowance));
                }
            }
            Ok(None)
        });
        taken.await?.ok_or_else(|| StoreError::unavailable("too many attempts at the same moment"))
    }

    async fn is_counted(&self, key: &ThrottleKey, at: Timestamp) -> Result<bool, StoreError> {
        let (key, at) = (*key, Moment::from(at));
        let counted = self.0.read(move |connection| {
            let window = throttles::table.find(key.0.as_slice()).filter(throttles::ends_at.gt(at));
            let counted = window.filter(throttles::taken.gt(0)).select(throttles::taken);
            counted.get_result::<i64>(connection).optional()
        });
        Ok(counted.await?.is_some())
    }

    async fn give_back(&self, key: &ThrottleKey) -> Result<(), StoreError> {
        let key = *key;
        let given = self.0.write(move |connection| {
            let counted = throttles::id.eq(key.0.as_slice()).and(throttles::taken.gt(0));
            let fewer = throttles::taken.eq(throttles::taken - 1);
            steady_update(throttles::table, fewer, counted).execute(connection)
        });
        given.await.map(drop)
    }

    async fn clear(&self, key: &ThrottleKey) -> Result<(), StoreError> {
        let key = *key;
        let cleared = self.0.write(move |connection| {
            diesel::delete(throttles::table.find(key.0.as_slice())).execute(connection)
        });
        cleared.await.map(drop)
    }

    async fn purge(&self, at: Timestamp) -> Result<u64, StoreError> {
        let at = Moment::from(at);
        let purged = self.0.write(move |connection| {
            let over = throttles::ends_at.lt(at);
            let ids = throttles::table.select(throttles::id).filter(over).limit(PURGE_LIMIT);
            let ids = ids.load::<Vec<u8>>(connection)?;
            // Asked again, since a window may have begun anew meanwhile.
            let over = throttles::table.filter(throttles::id.eq_any(ids)).filter(over);
            diesel::delete(over).execute(connection)
        });
        purged.await.map(rows)
    }
}

struct Attempt<'a> {
    budget: &'a Budget,
    at: Moment,
    /// The end of the window that this attempt would begin.
    ends_at: Moment,
}

impl Attempt<'_> {
    /// Counts the attempt or says why not; `None` where somebody else changed the row meanwhile.
    fn try_once(&self, connection: &mut AnyConnection) -> QueryResult<Option<Allowance>> {
        let counted = self.count(connection)?;
        let window =
            throttles::table.find(self.key()).select((throttles::taken, throttles::ends_at));
        let window = window.get_result::<(i64, Moment)>(connection).optional()?;
        if counted {
            // Whoever cleared the window meanwhile left all of another one.
            let (taken, ends_at) = window.unwrap_or((self.first(), self.ends_at));
            return Ok(Some(self.granted(taken, ends_at)));
        }
        let begun = match window {
            None => self.begin(connection)?,
            Some((_, ends_at)) if !self.is_open(ends_at) => self.begin_anew(connection, ends_at)?,
            Some((taken, ends_at)) if taken >= self.limit() => {
                return Ok(Some(Allowance::Spent(ends_at.into())));
            }
            Some(_) => false,
        };
        // A window that was begun without an attempt, for a budget of none, is spent.
        Ok((begun && self.limit() > 0).then(|| self.granted(self.first(), self.ends_at)))
    }

    /// Counts in the open window, if it has an attempt left.
    fn count(&self, connection: &mut AnyConnection) -> QueryResult<bool> {
        let open = throttles::id.eq(self.key()).and(throttles::ends_at.gt(self.at));
        let left = open.and(throttles::taken.lt(self.limit()));
        let more = throttles::taken.eq(throttles::taken + 1);
        Ok(steady_update(throttles::table, more, left).execute(connection)? == 1)
    }

    /// Begins the first window of this key, unless somebody else just has.
    fn begin(&self, connection: &mut AnyConnection) -> QueryResult<bool> {
        let window = (
            throttles::id.eq(self.key()),
            throttles::taken.eq(self.first()),
            throttles::ends_at.eq(self.ends_at),
        );
        match diesel::insert_into(throttles::table).values(window).execute(connection) {
            Ok(_) => Ok(true),
            Err(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Begins another window in place of the one that ended then, unless somebody else just has.
    fn begin_anew(&self, connection: &mut AnyConnection, ended: Moment) -> QueryResult<bool> {
        let over = throttles::id.eq(self.key()).and(throttles::ends_at.eq(ended));
        let window = (throttles::taken.eq(self.first()), throttles::ends_at.eq(self.ends_at));
        Ok(steady_update(throttles::table, window, over).execute(connection)? == 1)
    }

    fn granted(&self, taken: i64, ends_at: Moment) -> Allowance {
        let left = u32::try_from(self.limit() - taken).unwrap_or_default();
        Allowance::Granted { left, until: ends_at.into() }
    }

    fn is_open(&self, ends_at: Moment) -> bool {
        Timestamp::from(ends_at) > Timestamp::from(self.at)
    }

    fn key(&self) -> &[u8] {
        &self.budget.key.0
    }

    fn limit(&self) -> i64 {
        i64::from(self.budget.limit)
    }

    /// What the attempt that begins a window counts; nothing, where none is granted.
    fn first(&self) -> i64 {
        self.limit().min(1)
    }
}
