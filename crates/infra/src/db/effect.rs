//! What an operation does to the database, and so when it may be done again.

use diesel::QueryResult;
use diesel::connection::TransactionManager;
use diesel::result::Error;

use super::connection::AnyConnection;
use super::dialect;

/// What an operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// Nothing changes: asking twice is as good as once.
    Read,
    /// Something changes, and a second time would count.
    Write(Unit),
}

/// How an operation's statements hang together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// All of them or none.
    Atomic,
    /// Each stands for itself.
    Loose,
}

/// Why an operation failed.
#[derive(Debug)]
pub(super) struct Setback {
    /// What the engine said.
    pub(super) error: Error,
    /// Whether what it was to change may be changed all the same, if the connection broke.
    pub(super) may_stand: bool,
}

impl Effect {
    /// Whether nobody is any the worse for a connection that turns out to be broken.
    pub(super) fn forgives(self) -> bool {
        match self {
            Self::Read | Self::Write(Unit::Atomic) => true,
            Self::Write(Unit::Loose) => false,
        }
    }

    /// Does `work` on this connection.
    pub(super) fn perform<T>(
        self,
        connection: &mut AnyConnection,
        work: impl Fn(&mut AnyConnection) -> QueryResult<T>,
    ) -> Result<T, Setback> {
        match self {
            Self::Read => work(connection).map_err(Setback::undone),
            Self::Write(Unit::Atomic) => transaction(connection, work),
            Self::Write(Unit::Loose) => work(connection).map_err(Setback::in_doubt),
        }
    }
}

impl Setback {
    fn undone(error: Error) -> Self {
        Self { error, may_stand: false }
    }

    fn in_doubt(error: Error) -> Self {
        Self { error, may_stand: true }
    }
}

/// What `Connection::transaction` does, but begun as each engine needs it. An error undoes all of
/// it, an expected one included: PostgreSQL would go on as if, and keep nothing.
fn transaction<T>(
    connection: &mut AnyConnection,
    work: impl Fn(&mut AnyConnection) -> QueryResult<T>,
) -> Result<T, Setback> {
    // A server ends what it was not told to commit: until then, a lost connection loses all of it.
    dialect::begin(connection).map_err(Setback::undone)?;
    match work(connection) {
        Ok(value) => {
            AnyConnection::commit_transaction(connection).map_err(Setback::in_doubt)?;
            Ok(value)
        }
        Err(error) => {
            // A rollback that fails leaves a broken connection, which the pool throws away; the
            // first error is the one that tells.
            let _ = AnyConnection::rollback_transaction(connection);
            Err(Setback::undone(error))
        }
    }
}
