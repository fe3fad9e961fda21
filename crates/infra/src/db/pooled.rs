//! A connection of a pool, and what is known of its health.

use std::time::{Duration, Instant};

use diesel::QueryResult;
#[cfg(any(feature = "mysql", feature = "postgres"))]
use diesel::r2d2::R2D2Connection;

use super::connection::AnyConnection;

/// How long a connection that answered is taken to be whole without asking.
const TRUSTED: Duration = Duration::from_secs(1);

/// A connection, when the server last answered on it, and whether it is known to be gone.
pub(super) struct Pooled {
    pub(super) connection: AnyConnection,
    answered: Option<Instant>,
    gone: bool,
}

impl Pooled {
    /// One that was just opened.
    pub(super) fn new(connection: AnyConnection) -> Self {
        Self { connection, answered: Some(Instant::now()), gone: false }
    }

    /// The server answered on it just now.
    pub(super) fn note_answer(&mut self) {
        self.answered = Some(Instant::now());
    }

    /// It failed: whether it is whole has to be asked.
    pub(super) fn note_failure(&mut self) {
        self.answered = None;
    }

    /// The server closed it: it is not to be used again.
    pub(super) fn note_loss(&mut self) {
        (self.answered, self.gone) = (None, true);
    }

    /// Asks the server whether it is there: a connection that was killed looks sound from here.
    pub(super) fn ping(&mut self) -> QueryResult<()> {
        match &mut self.connection {
            AnyConnection::Sqlite(_) => Ok(()),
            #[cfg(any(feature = "mysql", feature = "postgres"))]
            server => server.ping(),
        }
    }

    /// Whether it is not to be used again.
    pub(super) fn is_gone(&self) -> bool {
        self.gone
    }

    /// Whether it answered lately, and after connections were last seen to be lost: a server that
    /// closes one mostly closes all.
    pub(super) fn is_trusted(&self, last_loss: Option<Instant>) -> bool {
        self.answered.is_some_and(|answered| {
            answered.elapsed() < TRUSTED && last_loss.is_none_or(|loss| loss < answered)
        })
    }
}

#[cfg(test)]
mod tests {
    use diesel::{Connection, SqliteConnection};

    use super::*;

    fn pooled() -> Pooled {
        Pooled::new(AnyConnection::Sqlite(SqliteConnection::establish(":memory:").unwrap()))
    }

    #[test]
    fn whoever_answered_lately_is_trusted_until_any_connection_is_lost() {
        let mut pooled = pooled();
        assert!(pooled.is_trusted(None));
        let loss = Some(Instant::now());
        assert!(!pooled.is_trusted(loss));
        while Some(Instant::now()) == loss {}
        pooled.note_answer();
        assert!(pooled.is_trusted(loss));
        pooled.note_failure();
        assert!(!pooled.is_trusted(None) && !pooled.is_gone());
        pooled.note_loss();
        assert!(!pooled.is_trusted(None) && pooled.is_gone());
    }

    #[test]
    fn an_answer_of_long_ago_says_nothing() {
        let mut pooled = pooled();
        pooled.answered = Instant::now().checked_sub(TRUSTED);
        assert!(!pooled.is_trusted(None));
    }
}
