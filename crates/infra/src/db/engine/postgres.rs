//! PostgreSQL, by way of libpq.

use diesel::connection::SimpleConnection;
use diesel::{Connection, ConnectionError, ConnectionResult, PgConnection};

use super::{Limits, whole_seconds};
use crate::db::server::Server;

/// Signs in and makes the session independent of how the server was set up.
pub(in crate::db) fn connect(server: &Server, limits: Limits) -> ConnectionResult<PgConnection> {
    let connect = whole_seconds(limits.statement).to_string();
    let url = server.url_with(&[
        ("application_name", "doorward"),
        ("connect_timeout", &connect),
        // A server that vanished without a word is noticed after 10 to 20 s, not after 15 minutes.
        ("tcp_user_timeout", "10000"),
        ("keepalives_idle", "10"),
        ("keepalives_interval", "5"),
        ("keepalives_count", "2"),
    ]);
    let mut connection = PgConnection::establish(&url)?;
    let settings = settings(limits);
    connection.batch_execute(&settings).map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(connection)
}

fn settings(limits: Limits) -> String {
    let (lock, statement) = (limits.lock.as_millis(), limits.statement.as_millis());
    format!(
        "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED READ WRITE;
         SET TIME ZONE 'UTC';
         SET statement_timeout = {statement};
         SET lock_timeout = {lock};
         SET idle_in_transaction_session_timeout = {};",
        statement * 2
    )
}
