//! MySQL and MariaDB, by way of libmariadb.

use diesel::connection::SimpleConnection;
use diesel::{
    Connection, ConnectionError, ConnectionResult, MysqlConnection, RunQueryDsl, sql_types,
};

use super::{Limits, whole_seconds};
use crate::db::server::Server;

/// Signs in and makes the session independent of how the server was set up.
pub(in crate::db) fn connect(server: &Server, limits: Limits) -> ConnectionResult<MysqlConnection> {
    let mut connection = MysqlConnection::establish(&server.url_with(&[]))?;
    let settings = settings(limits);
    connection.batch_execute(&settings).map_err(ConnectionError::CouldntSetupConfiguration)?;
    if asks_for_tls(server) {
        insist_on_tls(&mut connection)?;
    }
    Ok(connection)
}

/// MariaDB and MySQL name the longest statement differently; each passes over the other's comment.
fn settings(limits: Limits) -> String {
    let lock = whole_seconds(limits.lock);
    let millis = limits.statement.as_millis();
    let seconds = limits.statement.as_secs_f32();
    format!(
        "SET NAMES utf8mb4;
         SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED;
         SET SESSION time_zone = '+00:00', autocommit = 1, foreign_key_checks = 1,
             sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO',
             innodb_lock_wait_timeout = {lock}, lock_wait_timeout = {lock}
             /*M! , max_statement_time = {seconds} */ /*!80000 , max_execution_time = {millis} */;"
    )
}

fn asks_for_tls(server: &Server) -> bool {
    let mode = server.parameter("ssl_mode").unwrap_or_default().to_lowercase();
    let demands = ["required", "verify_ca", "verify_identity"].contains(&mode.as_str());
    demands || server.parameter("ssl_ca").is_some()
}

#[derive(diesel::QueryableByName)]
struct Status {
    #[diesel(sql_type = sql_types::Text, column_name = "Value")]
    value: String,
}

/// libmariadb does not know `ssl_mode` and falls back to plain text without a word, even where an
/// authority (`ssl_ca`) is given.
fn insist_on_tls(connection: &mut MysqlConnection) -> ConnectionResult<()> {
    let status = diesel::sql_query("SHOW SESSION STATUS LIKE 'Ssl_cipher'");
    let status = status.get_result::<Status>(connection);
    match status.map_err(ConnectionError::CouldntSetupConfiguration)? {
        Status { value } if value.is_empty() => Err(ConnectionError::BadConnection(
            "the URL asks for TLS, but the connection is in plain text; the server must offer TLS, \
             and the URL name its authority: ssl_ca=/path/to/ca.pem"
                .into(),
        )),
        Status { .. } => Ok(()),
    }
}
