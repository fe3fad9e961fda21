//! MySQL and MariaDB, by way of libmariadb.

use diesel::connection::SimpleConnection;
use diesel::{
    Connection, ConnectionError, ConnectionResult, MysqlConnection, RunQueryDsl, sql_types,
};

use super::{Limits, whole_seconds};
use crate::db::server::Server;

/// Signs in and makes the session independent of how the server was set up.
pub(in crate::db) fn connect(server: &Server, limits: Limits) -> ConnectionResult<MysqlConnection> {
    let tls = Tls::asked_for(server)?;
    let mut connection = MysqlConnection::establish(&server.url_with(&[]))?;
    let settings = settings(limits);
    connection.batch_execute(&settings).map_err(ConnectionError::CouldntSetupConfiguration)?;
    insist_on_whole_values(&mut connection)?;
    if tls == Tls::Demanded {
        insist_on_tls(&mut connection)?;
    }
    Ok(connection)
}

/// Some releases of the client library (3.3.19 among them, MariaDB's CONC-821) forget the length of
/// what they fetched and hand out every text as an empty one. Nothing may be read with those: an
/// empty hash or identifier would be taken for the truth.
fn insist_on_whole_values(connection: &mut MysqlConnection) -> ConnectionResult<()> {
    let query = diesel::select(diesel::dsl::sql::<sql_types::Text>("'a whole value'"));
    let value: String =
        query.get_result(connection).map_err(ConnectionError::CouldntSetupConfiguration)?;
    if value == "a whole value" {
        return Ok(());
    }
    Err(ConnectionError::BadConnection(
        "this release of libmariadb hands out empty values (its bug CONC-821, in 3.3.19 for one); \
         install another: Debian's libmariadb3 10.11.19 is right again"
            .into(),
    ))
}

/// The account that signed in, as GRANT wants it.
pub(in crate::db) fn account(connection: &mut MysqlConnection) -> Option<String> {
    let query = diesel::select(diesel::dsl::sql::<sql_types::Text>("CURRENT_USER()"));
    let account: String = query.get_result(connection).ok()?;
    let (user, host) = account.rsplit_once('@')?;
    Some(format!("'{}'@'{}'", user.replace('\'', "''"), host.replace('\'', "''")))
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

#[derive(Debug, PartialEq, Eq)]
enum Tls {
    Demanded,
    AsItComes,
}

impl Tls {
    /// With `ssl_ca`, libmariadb checks who signed the server's certificate. It checks the name in
    /// it only when told by an option that Diesel does not pass on.
    fn asked_for(server: &Server) -> ConnectionResult<Self> {
        let mode = server.parameter("ssl_mode").unwrap_or_default().to_lowercase();
        let authority = server.parameter("ssl_ca").is_some();
        match mode.as_str() {
            "verify_identity" => Err(ConnectionError::BadConnection(
                "ssl_mode=VERIFY_IDENTITY cannot be kept: the client library does not compare the \
                 server's name; use ssl_mode=VERIFY_CA with an authority that signs this server alone"
                    .into(),
            )),
            "required" | "verify_ca" => Ok(Self::Demanded),
            _ if authority => Ok(Self::Demanded),
            _ => Ok(Self::AsItComes),
        }
    }
}

#[derive(diesel::QueryableByName)]
struct Status {
    #[diesel(sql_type = sql_types::Text, column_name = "Value")]
    value: String,
}

/// libmariadb does not know `ssl_mode` and falls back to plain text without a word, even where an
/// authority is given.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn asked_for(parameters: &str) -> ConnectionResult<Tls> {
        Tls::asked_for(&Server::parse(&format!("mysql://u@h/d{parameters}")).unwrap())
    }

    #[test]
    fn tls_is_demanded_where_the_url_says_so_or_names_an_authority() {
        for demand in ["?ssl_mode=REQUIRED", "?ssl_mode=verify_ca", "?ssl_ca=/ca.pem"] {
            assert_eq!(asked_for(demand).unwrap(), Tls::Demanded, "{demand}");
        }
        for none in ["", "?ssl_mode=PREFERRED", "?ssl_mode=DISABLED"] {
            assert_eq!(asked_for(none).unwrap(), Tls::AsItComes, "{none}");
        }
    }

    #[test]
    fn a_promise_that_cannot_be_kept_is_refused() {
        assert!(asked_for("?ssl_mode=VERIFY_IDENTITY&ssl_ca=/ca.pem").is_err());
    }
}
